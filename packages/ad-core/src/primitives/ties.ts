// From the branches of a kink to the weights of those that tie.
import type { Arithmetic } from "../arithmetic/algebra.ts";
import { apply } from "../door/interpreter.ts";
import type { Cells, Primitive } from "../door/primitive.ts";
import { drawAt, shareOf, type TieSelection } from "../selections/selection.ts";
import { sizeOf } from "../tensors/shape.ts";
import type { Tensor } from "../tensors/tensor.ts";

/** Which weights are asked for. */
export interface TieParams {
  readonly order: "max" | "min";
  /** Whether each group holds its branches along its last axis. */
  readonly along: boolean;
  /** The group whose weights are wanted. */
  readonly group: number;
  readonly selection: TieSelection;
  /** Number of the kink in its run: draws at different kinks differ. */
  readonly kink: number;
}

/** Whether a branch is at the extreme value; NaN ties with NaN, and -0 with +0. */
const isTied = (value: number, extreme: number): boolean =>
  value === extreme || (Number.isNaN(value) && Number.isNaN(extreme));

function writeWeights<N>(
  k: Arithmetic<N>,
  groups: readonly Cells<N>[],
  params: TieParams,
  width: number,
  at: number,
  out: { [i: number]: N },
): void {
  const better = params.order === "max" ? Math.max : Math.min;
  const branches = groups.flatMap((group) =>
    Array.from({ length: width }, (_, i) => k.read(group.data[at * width + i] as N)),
  );
  const extreme = branches.reduce((a, b) => better(a, b));
  const tied = branches.map((value) => isTied(value, extreme));
  const ties = tied.filter(Boolean).length;
  const draw = drawAt(params.selection, params.kink, at);
  let rank = 0;
  tied.forEach((isOne, branch) => {
    const weight = isOne ? shareOf(params.selection, rank, ties, draw) : 0;
    if (isOne) rank++;
    if (Math.floor(branch / width) === params.group) out[at * width + (branch % width)] = k.sum.constant(weight);
  });
}

/**
 * Weights of one group of branches: 0 for a branch that is not extreme, exactly 1 for one that is extreme alone, and
 * what the selection says for those that tie. Locally constant: the weights have no derivative.
 */
export const tieWeightsPrimitive: Primitive<TieParams> = {
  name: "tieWeights",
  shape: (groups, { group }) => (groups[group] as Tensor).shape,
  forward(k, groups, params) {
    const size = sizeOf(groups[0].shape);
    const width = params.along ? (groups[0].shape.at(-1) as number) : 1;
    const out = k.allocate(size);
    for (let at = 0; at * width < size; at++) writeWeights(k, groups, params, width, at, out);
    return out;
  },
  linearize: (at) => at.inputs.map(() => null),
  cost: (groups) => ({ equal: groups.reduce((total, group) => total + sizeOf(group.shape), 0) }),
};

/** The weights of one group of branches under a selection. */
export const tieWeights = (groups: readonly Tensor[], params: TieParams): Tensor =>
  apply(tieWeightsPrimitive, groups, params);
