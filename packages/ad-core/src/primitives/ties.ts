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

/** The branches of one kink after another, in written order, in one buffer that is written anew each time. */
function forEachKink<N>(
  k: Arithmetic<N>,
  groups: readonly Cells<N>[],
  width: number,
  visit: (branches: Float64Array, at: number) => void,
): void {
  const branches = new Float64Array(groups.length * width);
  const kinks = sizeOf((groups[0] as Cells<N>).shape) / width;
  for (let at = 0; at < kinks; at++) {
    for (let g = 0; g < groups.length; g++) {
      const { data } = groups[g] as Cells<N>;
      for (let i = 0; i < width; i++) branches[g * width + i] = k.read(data[at * width + i] as N);
    }
    visit(branches, at);
  }
}

function extremeOf(branches: Float64Array, order: "max" | "min"): number {
  let extreme = branches[0] as number;
  for (const value of branches) extreme = order === "max" ? Math.max(extreme, value) : Math.min(extreme, value);
  return extreme;
}

function countTies(branches: Float64Array, extreme: number): number {
  let ties = 0;
  for (const value of branches) if (isTied(value, extreme)) ties++;
  return ties;
}

/**
 * Weights of one group of branches: 0 for a branch that is not extreme, exactly 1 for one that is extreme alone, and
 * what the selection says for those that tie. Locally constant: the weights have no derivative.
 */
export const tieWeightsPrimitive: Primitive<TieParams> = {
  name: "tieWeights",
  shape: (groups, { group }) => (groups[group] as Tensor).shape,
  forward(k, groups, { order, along, group, selection, kink }) {
    const width = along ? (groups[0].shape.at(-1) as number) : 1;
    const out = k.allocate(sizeOf(groups[0].shape));
    forEachKink(k, groups, width, (branches, at) => {
      const extreme = extremeOf(branches, order);
      const ties = countTies(branches, extreme);
      const draw = selection.drawn === 0 ? 0 : drawAt(selection, kink, at);
      let rank = 0;
      for (let i = 0; i < branches.length; i++) {
        const isOne = isTied(branches[i] as number, extreme);
        const weight = isOne ? shareOf(selection, rank, ties, draw) : 0;
        if (isOne) rank++;
        if (Math.floor(i / width) === group) out[at * width + (i % width)] = k.sum.constant(weight);
      }
    });
    return out;
  },
  linearize: (at) => at.inputs.map(() => null),
  cost: (groups) => ({ equal: groups.reduce((total, group) => total + sizeOf(group.shape), 0) }),
};

/** The weights of one group of branches under a selection. */
export const tieWeights = (groups: readonly Tensor[], params: TieParams): Tensor =>
  apply(tieWeightsPrimitive, groups, params);
