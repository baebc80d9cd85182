// From the branches of a kink to the weights of those that tie.
import { type Arithmetic, type Histogram, timesHistogram } from "../arithmetic/algebra.ts";
import { apply } from "../door/interpreter.ts";
import type { Cells, Inputs, Order, Primitive } from "../door/primitive.ts";
import { comparisons, isTied } from "../kernels/ranks.ts";
import { drawAt, shareOf, type TieSelection } from "../selections/selection.ts";
import { sizeOf } from "../tensors/shape.ts";
import type { Tensor, TensorType } from "../tensors/tensor.ts";
import { stack } from "./concatenate.ts";
import { medianWeights, sortWeights } from "./ranks.ts";

/** Which weights are asked for. */
export interface TieParams {
  readonly order: Order;
  /** Whether the branches lie along the last axis of one tensor. */
  readonly along: boolean;
  /** What the weights of each tensor of branches are multiplied with before they are added up. */
  readonly coefficients: readonly number[];
  readonly selection: TieSelection;
  /** Number of the kink in its run: draws at different kinks differ. */
  readonly kink: number;
  /** Whether one further input says which places are branches at all. */
  readonly masked: boolean;
}

/** The branches of one kink, in written order, and after the weighing the weight of each. */
interface Branches {
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

/** Reads the branches of one kink; a place that is no branch gets weight 0, the others 1 for now. */
function readBranches<N>(
  k: Arithmetic<N>,
  tensors: readonly Cells<N>[],
  mask: Cells<N> | undefined,
  at: number,
  { values, weights }: Branches,
): void {
  const width = values.length / tensors.length;
  for (let i = 0; i < values.length; i++) {
    const { data } = tensors[Math.floor(i / width)] as Cells<N>;
    values[i] = k.read(data[at * width + (i % width)] as N);
    weights[i] = mask ? k.read(mask.data[at * width + i] as N) : 1;
  }
}

function extremeOf({ values, weights }: Branches, order: Order): number {
  const better = order === "max" ? Math.max : Math.min;
  let extreme = order === "max" ? -Infinity : Infinity;
  for (let i = 0; i < values.length; i++) if (weights[i] === 1) extreme = better(extreme, values[i] as number);
  return extreme;
}

/** What decides the weights of one kink. */
export type Weighing = Pick<TieParams, "order" | "selection" | "kink">;

/** Gives each branch that ties its share, and the others 0. */
function weigh({ values, weights }: Branches, { order, selection, kink }: Weighing, at: number): void {
  const extreme = extremeOf({ values, weights }, order);
  let ties = 0;
  for (let i = 0; i < values.length; i++) {
    weights[i] = weights[i] === 1 && isTied(values[i] as number, extreme) ? 1 : 0;
    ties += weights[i] as number;
  }
  if (ties === 1) return;
  const draw = selection.drawn === 0 ? 0 : drawAt(selection, kink, at);
  let rank = 0;
  for (let i = 0; i < weights.length; i++) if (weights[i] === 1) weights[i] = shareOf(selection, rank++, ties, draw);
}

/** The weighted sum of the coefficients; exactly one of them where one branch is extreme alone. */
function mixed(weights: Float64Array, coefficients: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] !== 0) total += (weights[i] as number) * (coefficients[i] as number);
  }
  return total;
}

/** The mixed derivative at a kink of two branches that are numbers, from the derivatives of both. */
export function mixAt(
  branches: readonly [number, number],
  weighing: Weighing,
): (first: number, second: number) => number {
  const weights = Float64Array.of(1, 1);
  weigh({ values: Float64Array.from(branches), weights }, weighing, 0);
  return (first, second) => mixed(weights, [first, second]);
}

/** One row of weights for each place of each sorted row. */
function weighPlaces<N>(k: Arithmetic<N>, rows: Cells<N>, { selection, kink }: Weighing): ArrayLike<N> {
  const width = rows.shape.at(-1) as number;
  const out = k.allocate(sizeOf(rows.shape) * width);
  for (let row = 0; row * width < sizeOf(rows.shape); row++) {
    const values = Float64Array.from({ length: width }, (_, i) => k.read(rows.data[row * width + i] as N));
    sortWeights(values, { selection, kink, row }, (place, weights) => {
      weights.forEach((weight, i) => {
        out[(row * width + place) * width + i] = k.sum.constant(weight);
      });
    });
  }
  return out;
}

/** Comparisons to put rows into order, and to find the elements that tie. */
export function rankingCost({ shape }: TensorType): Histogram {
  const width = shape.at(-1) as number;
  const rows = width === 0 ? 0 : sizeOf(shape) / width;
  return timesHistogram(rows, { less: comparisons(width), equal: width - 1 });
}

/** The weights of a sorted row form a matrix, so that the axes in front of it are joined into one. */
function weightsShape([branches]: Inputs<TensorType>, { order }: TieParams): readonly number[] {
  if (order !== "sort") return branches.shape;
  const width = branches.shape.at(-1) as number;
  return [sizeOf(branches.shape.slice(0, -1)), width, width];
}

/**
 * Weights of the branches of kinks: 0 for a branch that is not extreme, exactly 1 for one that is extreme alone, and what
 * the selection says for those that tie. Branches in tensors of their own are summed up with coefficients, branches
 * along an axis keep a weight each. For `sort` there is one row of weights for each place of a row, in a tensor of shape
 * [rows, places, branches]. Locally constant: the weights have no derivative.
 */
export const tieWeightsPrimitive: Primitive<TieParams> = {
  name: "tieWeights",
  dtype: ([branches]) => branches.dtype,
  shape: weightsShape,
  forward(k, inputs, params) {
    if (params.order === "sort") return weighPlaces(k, inputs[0], params);
    const tensors = params.masked ? inputs.slice(0, -1) : inputs;
    const mask = params.masked ? inputs.at(-1) : undefined;
    const width = params.along ? (inputs[0].shape.at(-1) as number) : 1;
    const count = tensors.length * width;
    const branches: Branches = { values: new Float64Array(count), weights: new Float64Array(count) };
    const out = k.allocate(sizeOf(inputs[0].shape));
    for (let at = 0; at * width < out.length; at++) {
      readBranches(k, tensors, mask, at, branches);
      if (params.order === "median") medianWeights(branches.values, { ...params, row: at }, branches.weights);
      else weigh(branches, params, at);
      if (!params.along) out[at] = k.sum.constant(mixed(branches.weights, params.coefficients));
      else for (let i = 0; i < width; i++) out[at * width + i] = k.sum.constant(branches.weights[i] as number);
    }
    return out;
  },
  linearize: (at) => at.inputs.map(() => null),
  // the derivative of a kink jumps where its branches meet
  kink: {
    type: "jump",
    along: true,
    order: ({ order }) => order,
    branches: (inputs, { along, masked }) => [along ? inputs[0] : stack(masked ? inputs.slice(0, -1) : inputs, -1)],
    present: (inputs, { masked }) => (masked ? (inputs.at(-1) as Tensor) : null),
  },
  // one comparison for each branch, the mask is not compared; or what it takes to put the rows into order
  cost: (inputs, { order, masked }) =>
    order === "sort" || order === "median"
      ? rankingCost(inputs[0])
      : { equal: (inputs.length - (masked ? 1 : 0)) * sizeOf(inputs[0].shape) },
};

/** The weights of branches under a selection; `present` says which places are branches. */
export const tieWeights = (
  branches: readonly Tensor[],
  present: Tensor | null,
  params: Omit<TieParams, "masked">,
): Tensor =>
  apply(tieWeightsPrimitive, present ? [...branches, present] : branches, { ...params, masked: present !== null });
