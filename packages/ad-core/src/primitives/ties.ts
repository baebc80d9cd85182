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
  /** Whether one further input says which places are branches at all. */
  readonly masked: boolean;
}

/** Whether a branch is at the extreme value; NaN ties with NaN, and -0 with +0. */
const isTied = (value: number, extreme: number): boolean =>
  value === extreme || (Number.isNaN(value) && Number.isNaN(extreme));

/** The branches of one kink, in written order; what is no branch is absent. */
interface Branches {
  readonly values: Float64Array;
  readonly present: Uint8Array;
}

/** Calls `visit` for one kink after another, with one record of its branches that is written anew each time. */
function forEachKink<N>(
  k: Arithmetic<N>,
  groups: readonly Cells<N>[],
  mask: Cells<N> | undefined,
  width: number,
  visit: (branches: Branches, at: number) => void,
): void {
  const count = groups.length * width;
  const branches: Branches = { values: new Float64Array(count), present: new Uint8Array(count) };
  const kinks = sizeOf((groups[0] as Cells<N>).shape) / width;
  for (let at = 0; at < kinks; at++) {
    for (let g = 0; g < groups.length; g++) {
      const { data } = groups[g] as Cells<N>;
      for (let i = 0; i < width; i++) branches.values[g * width + i] = k.read(data[at * width + i] as N);
    }
    for (let i = 0; i < count; i++) branches.present[i] = mask ? k.read(mask.data[at * width + i] as N) : 1;
    visit(branches, at);
  }
}

function extremeOf({ values, present }: Branches, order: "max" | "min"): number {
  const better = order === "max" ? Math.max : Math.min;
  let extreme = order === "max" ? -Infinity : Infinity;
  for (let i = 0; i < values.length; i++) if (present[i] === 1) extreme = better(extreme, values[i] as number);
  return extreme;
}

/** Marks the branches that tie as present and all others as absent, and counts them. */
function keepTies({ values, present }: Branches, extreme: number): number {
  let ties = 0;
  for (let i = 0; i < values.length; i++) {
    present[i] = present[i] === 1 && isTied(values[i] as number, extreme) ? 1 : 0;
    ties += present[i] as number;
  }
  return ties;
}

/**
 * Weights of one group of branches: 0 for a branch that is not extreme, exactly 1 for one that is extreme alone, and
 * what the selection says for those that tie. Locally constant: the weights have no derivative.
 */
export const tieWeightsPrimitive: Primitive<TieParams> = {
  name: "tieWeights",
  dtype: ([group]) => group.dtype,
  shape: (groups, { group }) => (groups[group] as Tensor).shape,
  forward(k, inputs, { order, along, group, selection, kink, masked }) {
    const groups = masked ? inputs.slice(0, -1) : inputs;
    const width = along ? (inputs[0].shape.at(-1) as number) : 1;
    const out = k.allocate(sizeOf(inputs[0].shape));
    forEachKink(k, groups, masked ? inputs.at(-1) : undefined, width, (branches, at) => {
      const ties = keepTies(branches, extremeOf(branches, order));
      const draw = selection.drawn === 0 ? 0 : drawAt(selection, kink, at);
      let rank = 0;
      for (let i = 0; i < branches.present.length; i++) {
        const isOne = branches.present[i] === 1;
        const weight = isOne ? shareOf(selection, rank, ties, draw) : 0;
        if (isOne) rank++;
        if (Math.floor(i / width) === group) out[at * width + (i % width)] = k.sum.constant(weight);
      }
    });
    return out;
  },
  linearize: (at) => at.inputs.map(() => null),
  // one comparison for each branch; the mask is not compared
  cost: (inputs, { masked }) => ({ equal: (inputs.length - (masked ? 1 : 0)) * sizeOf(inputs[0].shape) }),
};

/** The weights of one group of branches under a selection; `present` says which places are branches. */
export const tieWeights = (
  groups: readonly Tensor[],
  present: Tensor | null,
  params: Omit<TieParams, "masked">,
): Tensor =>
  apply(tieWeightsPrimitive, present ? [...groups, present] : groups, { ...params, masked: present !== null });
