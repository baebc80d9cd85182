// The terms of long rows, read in blocks of 16, wherever they lie.
import { type Expression, op, type Value } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import { loadNumbers, type Numbers, storeNumbers, vectorOf } from "./numbers.ts";
import { type Axis, offsetOf } from "./rows.ts";

/** Terms in a block: one for each lane of the stated order. */
export const blockSize = 16;

/** Blocks in a group. */
export const groupBlocks = 256;

/** Reads a row group by group. */
export interface Terms {
  /** Bytes from one term of a block to the next. */
  readonly step: number;
  /** Runs `block` for each of the next blocks, and then `last` for fewer terms than a block holds; each gets an address. */
  group(blocks: number, rest: number, block: (address: Local) => void, last: (address: Local) => void): void;
}

/** Where and how a row lies. */
export interface Source {
  readonly f: FunctionBuilder;
  /** The address of its first element. */
  readonly base: Expression;
  readonly axes: readonly Axis[];
  /** What is read at once: the numbers of one term, for one row or for several. */
  readonly numbers: Numbers;
  /** Bytes of an element. */
  readonly bytes: number;
  /** Where terms may be put together; {@link packedBytes} says how many bytes that takes. */
  readonly scratch: Local;
}

/** Runs `block` with an address that moves by `step` bytes, a given number of times. */
function steps(f: FunctionBuilder, address: Local, step: number, times: Value, body: () => void): void {
  const end = f.let(op("i32.add", address, op("i32.mul", times, step)));
  f.while(
    () => op("i32.lt_u", address, end),
    () => {
      body();
      f.update(address, "i32.add", step);
    },
  );
}

/** Terms at equal distances. */
function inOneRun({ f, base }: Pick<Source, "f" | "base">, step: number): Terms {
  const address = f.let(base);
  return {
    step,
    group(blocks, rest, block, last) {
      if (blocks > 0) steps(f, address, blockSize * step, blocks, () => block(address));
      if (rest > 0) last(address);
    },
  };
}

/** A place in runs of `length` units of some terms. */
class RunWalk {
  readonly address: Local;
  private readonly source: Source;
  private readonly base: Local;
  private readonly run: Local;
  private readonly left: Local;
  private readonly length: number;

  constructor(source: Source, length: number) {
    const { f } = source;
    this.source = source;
    this.length = length;
    this.base = f.let(source.base);
    this.address = f.let(this.base);
    this.run = f.local("i32");
    this.left = f.local("i32");
    f.set(this.run, 0);
    f.set(this.left, length);
  }

  /** Runs `piece` for as many units as the next piece of a run has, until there were `units`; it moves the address. */
  forward(units: number, piece: (units: Local) => void): void {
    const { f } = this.source;
    const need = f.local("i32");
    const taken = f.local("i32");
    f.set(need, units);
    f.do(
      () => {
        f.set(taken, this.left);
        f.if(op("i32.lt_u", need, taken), () => f.set(taken, need));
        piece(taken);
        f.update(need, "i32.sub", taken);
        f.update(this.left, "i32.sub", taken);
        f.if(op("i32.eqz", this.left), () => this.next());
      },
      () => need,
    );
  }

  private next(): void {
    const { f, axes, bytes } = this.source;
    f.update(this.run, "i32.add", 1);
    f.set(this.address, op("i32.add", this.base, offsetOf(f, axes.slice(0, -1), this.run, bytes)));
    f.set(this.left, this.length);
  }
}

/** Terms in runs of whole blocks. */
function inRuns(source: Source, { count, step }: Axis): Terms {
  const { f, bytes } = source;
  const walk = new RunWalk(source, count / blockSize);
  return {
    step: step * bytes,
    group(blocks, _rest, block) {
      const blockBytes = blockSize * step * bytes;
      walk.forward(blocks, (piece) => steps(f, walk.address, blockBytes, piece, () => block(walk.address)));
    },
  };
}

/** Terms in other runs: each group is first copied to where its terms lie one behind the other. */
function packed(source: Source, { count, step }: Axis): Terms {
  const { f, numbers, bytes, scratch } = source;
  const walk = new RunWalk(source, count);
  const copy = (n: Numbers, to: Local, distance: number, times: Expression): void =>
    steps(f, walk.address, distance, times, () => {
      storeNumbers(f, n, to, loadNumbers(n, walk.address));
      f.update(to, "i32.add", n.bytes);
    });
  const four = vectorOf(numbers.format);
  const copyPiece = (to: Local, piece: Local): void => {
    const isDense = numbers.width === 1 && step === 1;
    if (isDense) copy(four, to, four.bytes, op("i32.shr_u", piece, Math.log2(four.width)));
    copy(numbers, to, step * bytes, isDense ? op("i32.and", piece, four.width - 1) : piece);
  };
  return {
    step: numbers.bytes,
    group(blocks, rest, block, last) {
      const to = f.let(scratch);
      walk.forward(blocks * blockSize + rest, (piece) => copyPiece(to, piece));
      inOneRun({ f, base: scratch }, numbers.bytes).group(blocks, rest, block, last);
    },
  };
}

const isWhole = (axes: readonly Axis[]): boolean => axes.length < 2 || (axes.at(-1) as Axis).count % blockSize === 0;

/** The terms of a row of at least 16. */
export function termsOf(source: Source): Terms {
  const run = source.axes.at(-1) as Axis;
  if (source.axes.length === 1) return inOneRun(source, run.step * source.bytes);
  return isWhole(source.axes) ? inRuns(source, run) : packed(source, run);
}

/** Bytes that a thread needs to put terms of `numbers` together. */
export const packedBytes = (axes: readonly Axis[], numbers: Numbers): number =>
  isWhole(axes) ? 0 : blockSize * groupBlocks * numbers.bytes;
