// Laws of the choice where order statistics tie: every place of a sorted row, and the median.
import {
  apply,
  type Inputs,
  type Primitive,
  type Tensor,
  type TieKink,
  type TieSelection,
  tieWeightsPrimitive,
  uniform,
} from "@nonsmooth/ad-core";
import { fail } from "../tools/compare.ts";
import { type RealDType, tolerances } from "../tools/tolerances.ts";
import { type Situation, valueOf } from "./law.ts";

/** Whether two branches tie: NaN ties with NaN, and -0 with +0. */
export const isTied = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));

/** Weights sum to 1, up to rounding. */
export function checkSum(what: string, weights: readonly number[], limit: number, shown: string): void {
  const total = weights.reduce((sum, w) => sum + w, 0);
  const scale = weights.reduce((sum, w) => sum + Math.abs(w), 0);
  if (!(Math.abs(total - 1) <= limit * scale)) fail(`${what}: the weights sum to ${total}: ${shown}`);
}

/** NaN after all numbers. */
const inOrder = (row: readonly number[]): number[] =>
  row.toSorted((a, b) => (Number.isNaN(a) || Number.isNaN(b) ? +Number.isNaN(a) - +Number.isNaN(b) : a - b));

/** The rows of the branches. */
function rowsOf<P>(kink: TieKink<P>, inputs: readonly Tensor[], params: P): number[][] {
  const [branches] = kink.branches(inputs as unknown as Inputs<Tensor>, params) as [Tensor];
  const width = branches.shape.at(-1) as number;
  const count = width === 0 ? 0 : branches.data.length / width;
  return Array.from({ length: count }, (_, i) => Array.from(branches.data.subarray(i * width, (i + 1) * width)));
}

/** The weights under a selection, in lists of the length of a row. */
function weightsOf<P>(kink: TieKink<P>, { inputs, params }: Situation<P>, selection: TieSelection): number[][] {
  const [branches] = kink.branches(inputs as unknown as Inputs<Tensor>, params) as [Tensor];
  const settings = { along: true, selection, kink: 0, masked: false, coefficients: [1], order: kink.order(params) };
  const { data } = apply(tieWeightsPrimitive as Primitive, [branches], settings);
  const width = branches.shape.at(-1) as number;
  const count = width === 0 ? 0 : data.length / width;
  return Array.from({ length: count }, (_, i) => Array.from(data.subarray(i * width, (i + 1) * width)));
}

/** Only the elements that tie with one of the values have weights; under `uniform` those that tie share alike. */
function checkTied(what: string, row: readonly number[], weights: readonly number[], values: readonly number[]): void {
  const shown = `branches ${row.join(" ")}, weights ${weights.join(" ")}`;
  row.forEach((branch, i) => {
    const ties = values.some((value) => isTied(branch, value));
    if (!ties && weights[i] !== 0) fail(`${what}: branch ${i} does not tie but has weight: ${shown}`);
  });
}

function checkShared(what: string, row: readonly number[], weights: readonly number[], value: number): void {
  const shares = weights.filter((_, i) => isTied(row[i] as number, value));
  if (new Set(shares).size > 1) fail(`${what}: branches that tie do not share alike: ${shares.join(" ")}`);
}

/** The value is the row in order; the weights of each place and of each element sum to 1. */
export function checkSorted<P>(primitive: Primitive<P>, at: Situation<P>, selection: TieSelection): void {
  const kink = primitive.kink as TieKink<P>;
  const limit = tolerances[at.dtype as RealDType].sums;
  const [rows, values] = [rowsOf(kink, at.inputs, at.params), rowsOf(kink, [valueOf(at)], at.params)];
  const weights = weightsOf(kink, at, selection);
  rows.forEach((row, r) => {
    const what = `${primitive.name} in row ${r} under ${selection.name}`;
    const matrix = weights.slice(r * row.length, (r + 1) * row.length);
    inOrder(row).forEach((expected, place) => {
      const [value, shares] = [(values[r] as number[])[place] as number, matrix[place] as number[]];
      if (!isTied(value, expected)) fail(`${what}: place ${place} of ${row.join(" ")} is ${value}`);
      const shown = `place ${place} of ${row.join(" ")}, weights ${shares.join(" ")}`;
      checkSum(what, shares, limit, shown);
      checkSum(
        `${what}, element ${place}`,
        matrix.map((list) => list[place] as number),
        limit,
        shown,
      );
      checkTied(what, row, shares, [value]);
      if (selection === uniform) checkShared(what, row, shares, value);
      const alone = row.filter((branch) => isTied(branch, value)).length === 1;
      if (alone && !shares.includes(1)) fail(`${what}: a branch that is alone has not weight 1: ${shown}`);
    });
  });
}

/** The value is half the sum of the elements in the middle, and NaN where there is one; the weights sum to 1. */
export function checkMedian<P>(primitive: Primitive<P>, at: Situation<P>, selection: TieSelection): void {
  const kink = primitive.kink as TieKink<P>;
  const limit = tolerances[at.dtype as RealDType].sums;
  const y = valueOf(at).data;
  const weights = weightsOf(kink, at, selection);
  rowsOf(kink, at.inputs, at.params).forEach((row, r) => {
    const what = `${primitive.name} in row ${r} under ${selection.name}`;
    const end = row.length - 1;
    const sorted = inOrder(row);
    const middle = Number.isNaN(sorted[end]) ? [end, end] : [Math.floor(end / 2), Math.ceil(end / 2)];
    const [lower, upper] = middle.map((place) => sorted[place] as number) as [number, number];
    const shares = weights[r] as number[];
    const expected = isTied(lower, upper) ? lower : lower / 2 + upper / 2;
    const isNear = Math.abs((y[r] as number) - expected) <= limit * (1 + Math.abs(lower) + Math.abs(upper));
    if (!isTied(y[r] as number, expected) && !isNear) fail(`${what}: the middle of ${row.join(" ")} is ${y[r]}`);
    checkSum(what, shares, limit, `branches ${row.join(" ")}, weights ${shares.join(" ")}`);
    checkTied(what, row, shares, [lower, upper]);
    if (selection === uniform) for (const value of [lower, upper]) checkShared(what, row, shares, value);
  });
}
