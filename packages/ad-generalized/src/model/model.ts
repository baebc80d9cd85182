// The piecewise linear model of a scalar function at a point: its open switches, and how each cell moves with them.
import { AdError, type Tensor } from "@nonsmooth/ad-core";
import { isReal, within } from "@nonsmooth/ad-core/transforms";
import type { Question } from "../derivatives/asked.ts";
import { ExactRun } from "../exactness/exactRun.ts";
import type { Watch } from "../exactness/sums.ts";
import { numbersOf } from "../sweep/numbers.ts";
import { OpenRun } from "./openRun.ts";
import { movedBy } from "./point.ts";
import type { Ball, Branch, Cell, Switch } from "./record.ts";
import { type AffineRow, affineRowOf, keyOf, type Row, rowOf } from "./rows.ts";

/** A function at a point, with its kinks open. Rows are read when they are asked for, and kept. */
export interface Model {
  /** Entries of all inputs that carry derivatives. */
  readonly size: number;
  readonly value: number;
  readonly output: Cell;
  readonly switches: readonly Switch[];
  readonly balls: readonly Ball[];
  /** Whether all is affine between the kinks, so that the function is piecewise linear near the point. */
  readonly isAffine: boolean;
  /** Knows whether a number was rounded, in the run or since. */
  readonly watch: Watch;
  readonly row: (cell: Cell) => Row;
  readonly affineRow: (cell: Cell) => AffineRow;
  /** The values of branches at a point that is moved by a step; null where the run is another one or does not end. */
  readonly beside: (step: Float64Array) => ((branch: Branch) => number) | null;
}

const memo = <T>(make: (cell: Cell) => T): ((cell: Cell) => T) => {
  const known = new Map<string, T>();
  return (cell) => {
    const key = keyOf(cell);
    const found = known.get(key) ?? make(cell);
    known.set(key, found);
    return found;
  };
};

/** A run with its kinks open, and its results. */
export interface Open {
  readonly run: OpenRun;
  /** Slots of the inputs that move. */
  readonly slots: readonly number[];
  readonly outputs: readonly { readonly tensor: Tensor; readonly slot: number }[];
  readonly switches: readonly Switch[];
  readonly balls: readonly Ball[];
  readonly row: (cell: Cell) => Row;
}

function openRun({ where, run: f, tolerance }: Question, leaves: readonly Tensor[]): Open {
  const run = new OpenRun(where, tolerance, new ExactRun(where));
  const inputs = leaves.map((x) => (isReal(x.dtype) ? run.follow(run.outer.follow(x)) : x));
  const slots = inputs.map((x) => run.slotOf(x)).filter((slot) => slot >= 0);
  const outputs = within(run, () => f(inputs)).map((y) => ({ tensor: run.primalOf(y), slot: run.slotOf(y) }));
  const row = memo((cell) => rowOf(run, slots, cell));
  return { run, slots, outputs, switches: run.switches, balls: run.balls, row };
}

/** Runs a function once and leaves all its kinks open, whether or not anything ties: as if everything did. */
export const openEverywhere = (question: Question): Open =>
  openRun({ ...question, tolerance: Infinity }, question.leaves);

const sizeOf = ({ shape }: Tensor): number => shape.reduce((n, m) => n * m, 1);

/** Runs again beside the point. A program whose branches on values go another way has other cells. */
function beside(question: Question, { run: here }: Open, step: Float64Array): ((branch: Branch) => number) | null {
  try {
    const { run } = openRun(question, movedBy(question.where, question.leaves, step));
    if (run.values.length !== here.values.length || run.passed !== here.passed) return null;
    const numbers = run.values.map((x) => numbersOf(question.where, x).data);
    return ({ slot, element, value }) => (slot < 0 ? value : (numbers[slot]?.[element] as number));
  } catch (error) {
    if (error instanceof AdError) return null;
    throw error;
  }
}

/** Runs a function once and leaves its kinks open. */
export function openAt(question: Question): Model {
  const opened = openRun(question, question.leaves);
  const { run, slots, switches, balls, row } = opened;
  const [output] = opened.outputs as [Open["outputs"][number]];
  return {
    size: slots.reduce((total, slot) => total + sizeOf(run.values[slot] as Tensor), 0),
    value: numbersOf(question.where, output.tensor).data[0] as number,
    output: { slot: output.slot, element: 0 },
    switches,
    balls,
    row,
    watch: run.watch,
    isAffine: run.entries.every((entry) => entry.kind === "kink" || entry.isAffine),
    affineRow: memo((cell) => affineRowOf(run, slots, cell)),
    beside: (step) => beside(question, opened, step),
  };
}
