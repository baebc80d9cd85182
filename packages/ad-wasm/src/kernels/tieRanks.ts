// Weights and orders of ranked rows, whose elements tie in runs.
import type { DType, TieParams, TieSelection } from "@nonsmooth/ad-core";
import { constant, type Expression, load, op, select } from "../encoding/expression.ts";
import { call, type FunctionBuilder, type Local } from "../encoding/function.ts";
import { storeDouble } from "./doubles.ts";
import { type Frame, kernelFunction, plus, writeFault } from "./frame.ts";
import { bytesOf, type Kernel, nameOf, sizeOf, type Task, type Work } from "./kernel.ts";
import { middles, rankingBytes, rankingCost, rankRow } from "./ranks.ts";
import { drawnRank, mostTies, pickedRank, type Shares, shareFunction } from "./shares.ts";

/** A ranked row while its code is written. */
interface RankedRow {
  readonly frame: Frame;
  readonly shares: Shares;
  readonly dtype: DType;
  readonly length: number;
  /** Number of the row. */
  readonly row: Local;
  /** The numbers of the elements in ascending order. */
  readonly order: Local;
  /** For each place the one at which its run begins; behind the last one -1. */
  readonly starts: Local;
  /** Room behind all of that. */
  readonly room: Local;
}

/** Elements that tie: from which place on, how many, and what is drawn for them. */
interface Run {
  readonly start: Local;
  readonly ties: Local;
  readonly draw: Local;
}

type Params = Pick<TieParams, "selection" | "kink">;

const integer = (base: Local, index: Expression): Expression => load("i32.load", plus(base, index, 4));

/** A kernel whose units are rows along the last axis of its first input, ranked. */
function rankedKernel(task: Task<Params>, name: string, roomBytes: number, write: (row: RankedRow) => void): Work {
  const input = task.inputs[0] as Task["output"];
  const length = input.shape.at(-1) as number;
  const { dtype } = input;
  const shares: Shares = { module: task.module, ...task.params };
  const bytes = rankingBytes(length) + 4 * (length + 2 - (length % 2));
  const ref = kernelFunction(task, nameOf(name, task), (frame) => {
    const { f, inputs, scratch, from, to } = frame;
    f.range(from, to, 1, (row) => {
      const first = f.let(plus(inputs[0] as Local, row, length * bytesOf(dtype)));
      const order = rankRow(f, task, { dtype, first, axes: [{ count: length, step: 1 }], length }, scratch);
      const starts = f.let(op("i32.add", scratch, rankingBytes(length)));
      findRuns(f, { values: scratch, order, starts, length });
      write({ frame, shares, dtype, length, row, order, starts, room: f.let(op("i32.add", scratch, bytes)) });
    });
  });
  const units = length === 0 ? 0 : sizeOf(input) / length;
  const canFail = length > mostTies(shares) ? ({ canFail: true } as const) : {};
  const cost = rankingCost(length) + sizeOf(task.output) / Math.max(1, units);
  return { function: ref, units, cost, scratch: bytes + roomBytes, ...canFail };
}

/** NaN ties with NaN, and -0 with +0. */
function findRuns(
  f: FunctionBuilder,
  {
    values,
    order,
    starts,
    length,
  }: { readonly values: Local; readonly order: Local; readonly starts: Local; readonly length: number },
): void {
  const valueAt = (place: Expression): Expression => load("f64.load", plus(values, integer(order, place), 8));
  const [start, before, here] = [f.local("i32"), f.local("f64"), f.local("f64")];
  f.set(start, 0);
  f.set(before, valueAt(constant("i32", 0)));
  f.range(0, length, 1, (place) => {
    f.set(here, valueAt(place));
    const bothNaN = op("i32.and", op("f64.ne", here, here), op("f64.ne", before, before));
    f.set(start, select(op("i32.or", op("f64.eq", before, here), bothNaN), start, place));
    f.store("i32.store", plus(starts, place, 4), start);
    f.set(before, here);
  });
  f.store("i32.store", starts, -1, 4 * length);
}

/** The run at a place; stops when a user's own rule has no weights for so many. */
function runAt(ranked: RankedRow, place: Expression): Run {
  const { frame, shares, length, row, starts } = ranked;
  const { f } = frame;
  const start = f.let(integer(starts, place));
  const end = f.let(op("i32.add", start, 1));
  f.while(
    () => op("i32.eq", integer(starts, end), start),
    () => f.update(end, "i32.add", 1),
  );
  const ties = f.let(op("i32.sub", end, start));
  if (length > mostTies(shares)) {
    f.if(op("i32.gt_s", ties, mostTies(shares)), () => {
      writeFault(f, row, ties);
      f.return();
    });
  }
  const draw = f.let(drawnRank(shares, drawIndex(ranked, start), ties));
  return { start, ties, draw };
}

const drawIndex = ({ row, length }: RankedRow, start: Local): Expression => plus(start, row, length);

/** Visits the elements of a run with their shares, which are shifted cyclically: element `shift` is dealt the first one. */
function deal(
  { frame: { f }, shares, order }: RankedRow,
  { start, ties, draw }: Run,
  shift: Expression,
  visit: (element: Local, share: Expression) => void,
): void {
  const share = shareFunction(shares);
  f.range(0, ties, 1, (i) => {
    const rank = op("i32.rem_u", op("i32.add", op("i32.sub", i, shift), ties), ties);
    const element = f.let(integer(order, op("i32.add", start, i)));
    visit(element, call(share, rank, ties, draw));
  });
}

/** The shares in the middle of each row, of both places in the middle half of them. */
export const medianWeightsKernel: Kernel<TieParams> = (task) => {
  const width = task.output.shape.at(-1) as number;
  return rankedKernel(task, "tieWeights median", 8 * width, (ranked) => {
    const { frame, length, order, room, row, dtype } = ranked;
    const { f, out, scratch } = frame;
    const [lower, upper] = middles(f, scratch, order, length);
    f.fill(room, 0, 8 * length);
    const add = (factor: Expression) => (element: Local, share: Expression) => {
      const address = f.let(plus(room, element, 8));
      f.store("f64.store", address, op("f64.add", load("f64.load", address), op("f64.mul", factor, share)));
    };
    const isOne = f.let(op("i32.eq", lower, upper));
    const below = runAt(ranked, lower);
    deal(ranked, below, constant("i32", 0), add(f.let(select(isOne, constant("f64", 1), constant("f64", 0.5)))));
    f.if(op("i32.eqz", isOne), () => {
      const above = runAt(ranked, upper);
      deal(ranked, above, f.let(op("i32.eq", below.start, above.start)), add(constant("f64", 0.5)));
    });
    const bytes = bytesOf(dtype);
    const target = f.let(plus(out, row, length * bytes));
    f.range(0, length, 1, (i) => storeDouble(f, dtype, plus(target, i, bytes), load("f64.load", plus(room, i, 8))));
  });
};

/** A matrix for each row: one row of it for each place. */
export const sortWeightsKernel: Kernel<TieParams> = (task) =>
  rankedKernel(task, "tieWeights sort", 0, (ranked) => {
    const { frame, length, row, dtype } = ranked;
    const { f, out } = frame;
    const bytes = bytesOf(dtype);
    const matrix = f.let(plus(out, row, length * length * bytes));
    f.fill(matrix, 0, length * length * bytes);
    eachRun(ranked, (run, place, shift) => {
      const target = f.let(plus(matrix, place, length * bytes));
      deal(ranked, run, shift, (element, share) => {
        storeDouble(f, dtype, plus(target, element, bytes), op("f64.add", share, 0));
      });
    });
  });

/** Visits all places of a row, with their runs and their numbers in them. */
function eachRun(ranked: RankedRow, visit: (run: Run, place: Local, shift: Local) => void): void {
  const { frame, length } = ranked;
  const { f } = frame;
  const place = f.local("i32");
  f.set(place, 0);
  f.while(
    () => op("i32.lt_s", place, length),
    () => {
      const run = runAt(ranked, place);
      f.range(0, run.ties, 1, (shift) => {
        visit(run, place, shift);
        f.update(place, "i32.add", 1);
      });
    },
  );
}

interface OrderParams {
  /** It picks one element of those that tie. */
  readonly selection: TieSelection;
  readonly kink: number;
}

/** Where each place of a row comes from, in numbers of elements of the tensor. */
export const tieOrderKernel: Kernel<OrderParams> = (task) =>
  rankedKernel(task, "tieOrder", 0, (ranked) => {
    const { frame, shares, length, row, order } = ranked;
    const { f, out } = frame;
    const first = f.let(op("i32.mul", row, length));
    eachRun(ranked, ({ start, ties }, place, shift) => {
      const picked = pickedRank(shares, drawIndex(ranked, start), ties);
      const rank = op("i32.rem_u", op("i32.add", picked, shift), ties);
      const source = integer(order, op("i32.add", start, rank));
      f.store("i32.store", plus(out, op("i32.add", first, place), 4), op("i32.add", first, source));
    });
  });
