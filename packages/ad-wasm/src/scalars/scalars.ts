// Scalar programs that run in WebAssembly.
import { AdError, type ScalarPoint, type ScalarProgram, type TransformOptions } from "@nonsmooth/ad-core";
import { checkNumbers, reverseRun } from "@nonsmooth/ad-core/machines";
import { generate } from "./generated.ts";
import { memoryOf, type TapeMemory, tapeMemory } from "./memory.ts";
import { gradientAt, type Part, replayed } from "./sweeping.ts";

/** Settings of {@link scalars}. */
export interface WasmScalarsOptions {
  /** After how many replays a program gets code of its own: 0 is at once, Infinity never. */
  readonly generateAfter?: number;
}

/** What a running scalar program says about itself. */
export interface WasmScalarsDescription {
  readonly cells: number;
  /** Whether it has code of its own. */
  readonly isGenerated: boolean;
  /** Bytes of that code. */
  readonly codeBytes: number;
}

/** A scalar program at one point, which moves. Made by {@link scalars}. */
export class WasmScalars {
  readonly program: ScalarProgram;
  private tape: TapeMemory | null;
  /** All cells at once, for the sweeps. */
  private readonly whole: readonly Part[];
  /** What the program runs as: `whole` until it gets code of its own. */
  private parts: readonly Part[];
  private codeBytes = 0;
  /** How many replays are left before that. */
  private patience: number;
  /** Where the program was run last; null for the point of the recording. */
  private x: Float64Array | null = null;
  private point: ScalarPoint;

  constructor(program: ScalarProgram, generateAfter: number) {
    this.program = program;
    this.tape = memoryOf(program.code) ?? copied(program);
    this.whole = [{ start: 0, end: program.cells }];
    this.parts = this.whole;
    this.patience = generateAfter;
    this.point = program.recorded;
  }

  /**
   * Runs the program at another point, where {@link reverse} starts from then on.
   *
   * @param x - one number for each input
   * @returns one number for each output
   * @throws what `ScalarProgram.at` throws; the point is the one before then
   */
  at(x: ArrayLike<number>): Float64Array {
    const tape = this.alive();
    checkNumbers("ScalarProgram.at", "inputs", x, this.program.inputs.length);
    if (this.patience-- === 0) this.generate(tape);
    const numbers = Float64Array.from(x);
    this.point = this.replay(tape, numbers);
    this.x = numbers;
    return this.point.outputs;
  }

  /**
   * Reverse mode at the point of the last run, or of the recording: the bits of `ScalarPoint.reverse`, at kinks too.
   *
   * @param cotangents - one number for each output; 1 when absent, for a program of one output
   * @param options - `select`
   * @returns one number for each input
   * @throws what `ScalarPoint.reverse` throws
   */
  reverse(cotangents?: ArrayLike<number>, options: TransformOptions = {}): Float64Array {
    const tape = this.alive();
    const { pullback, seeds } = reverseRun(this.program, cotangents, options);
    // Another run, of this program or of one in the same memory, may have written over the values.
    if (this.x !== null && tape.holder !== this) this.point = this.replay(tape, this.x);
    // Code of the program's own knows the values of replays only.
    return gradientAt(this.point, tape, this.x === null ? this.whole : this.parts, pullback, seeds);
  }

  /** How the program runs. */
  describe(): WasmScalarsDescription {
    return { cells: this.program.cells, isGenerated: this.parts !== this.whole, codeBytes: this.codeBytes };
  }

  /** Gives memory and code back. Using it afterwards is an error. */
  dispose(): void {
    this.tape = null;
    this.parts = this.whole;
  }

  private generate(tape: TapeMemory): void {
    const made = generate(this.program, tape);
    if (made) [this.parts, this.codeBytes] = [made.parts, made.codeBytes];
  }

  private replay(tape: TapeMemory, x: Float64Array): ScalarPoint {
    const { inputs, constants, recorded } = this.program;
    const { values } = tape;
    if (tape.holder !== this) for (const cell of constants) values[cell] = recorded.numbers[cell] as number;
    tape.holder = null;
    for (let k = 0; k < inputs.length; k++) values[inputs[k] as number] = x[k] as number;
    const point = replayed(this.program, tape, this.parts);
    tape.holder = this;
    return point;
  }

  private alive(): TapeMemory {
    this.program.memory.checkOwn();
    if (this.tape !== null) return this.tape;
    const [problem, expected] = ["it was disposed of", "a program that is still in use"];
    const remedy = "make it again with scalars";
    throw new AdError({
      code: "backend",
      where: "WasmScalars",
      problem,
      expected,
      got: "one that was disposed of",
      remedy,
    });
  }
}

/** A memory with a copy of the program's arrays. */
function copied(program: ScalarProgram): TapeMemory {
  const tape = tapeMemory(program.cells);
  tape.code.set(program.code);
  tape.recorded.set(program.recorded.values);
  return tape;
}

/**
 * Runs a scalar program in WebAssembly: the values and gradients of `ScalarProgram.at` and `ScalarPoint.reverse`, bit by bit.
 *
 * A program that was recorded into {@link scalarStore} is run where it is; any other one is copied once. Sweeps over its cells
 * run at once; after `generateAfter` replays it gets code of its own, with loops where instructions repeat at even
 * distances, unless that would be more than 65536 instructions with loops counted once: then the sweeps go on. Ties at kinks,
 * calls of other programs and, in the sweeps, operations with settings and users' own are left to the reference, cell by
 * cell: write calls out with `flatten` to have them run here.
 * Cost: 40 bytes for each cell. Code takes some 150 bytes and tens of microseconds for each instruction, loops counted once.
 *
 * @param program - a scalar program of any level
 * @param options - `generateAfter` (1000)
 * @returns the program at the point of its recording
 * @throws AdError "domain" for another setting, or a number of replays that is not whole or below 0; "backend" when it
 *   needs more than 4 GiB, or the host has no memory left
 * @example
 * const b = scalarBuilder({ store: scalarStore });
 * const [x, y] = [b.input(3), b.input(-1)];
 * const running = scalars(b.program([b.mul(x, b.relu(y))]));
 * running.reverse() // [0, 0]
 * running.at([2, 5]) // [10]
 * running.reverse() // [5, 2]
 * running.dispose()
 */
export function scalars(program: ScalarProgram, options: WasmScalarsOptions = {}): WasmScalars {
  return new WasmScalars(program, checkOptions(options));
}

/** A compromise: where instructions repeat, code of their own pays after a hundred replays, elsewhere after thousands. */
const usualReplays = 1000;

function checkOptions({ generateAfter = usualReplays, ...others }: WasmScalarsOptions): number {
  const [where, odd] = ["scalars", Object.keys(others)];
  if (odd.length > 0) {
    const [problem, expected, got] = ["an unknown setting", "generateAfter", odd.join(", ")];
    throw new AdError({ code: "domain", where, problem, expected, got, remedy: "check the spelling" });
  }
  if (generateAfter >= 0 && (Number.isSafeInteger(generateAfter) || generateAfter === Infinity)) return generateAfter;
  const [problem, expected] = ["generateAfter out of range", "a whole number from 0 on, or Infinity"];
  const remedy = "0 makes code at once, Infinity never";
  throw new AdError({ code: "domain", where, problem, expected, got: String(generateAfter), remedy });
}
