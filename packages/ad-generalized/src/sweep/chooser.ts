// Deciding at kinks by direction: the branches that a small step takes.
import {
  add,
  type Choice,
  type Chooser,
  gather,
  type Inputs,
  type KinkCall,
  type Maybe,
  mul,
  type Order,
  oneHot,
  type PointKink,
  reshape,
  slice,
  type Tensor,
  type TieKink,
  tensor,
} from "@nonsmooth/ad-core";
import { type FlatFunction, filled, noKink, once, type Signal } from "@nonsmooth/ad-core/transforms";
import { firstDirection } from "../branches/atZero.ts";
import { picks } from "../branches/picks.ts";

/** A kink that was passed, with what meets there. */
export interface Lock {
  readonly name: string;
  readonly site: string;
  readonly position: number;
  /** `point` for a norm, whose branches are rows. */
  readonly order: Order | "point";
  readonly along: boolean;
  /** The branches, or the rows of a norm, and then their tangents along each direction. */
  readonly lists: readonly (readonly Tensor[])[];
  /** Which places are branches; null when all are. */
  readonly present: Tensor | null;
  /** Set for a kink inside of a branch of the instruction. */
  readonly isInner: boolean;
}

/** Values of a function, their tangents along each direction, and what was met on the way. */
export interface Pushed {
  readonly outputs: readonly Tensor[];
  readonly tangents: readonly (readonly Maybe[])[];
  readonly jumps: readonly Signal[];
  readonly locks: readonly Lock[];
}

/** Runs a function along directions. */
export type Push = (f: FlatFunction, inputs: readonly Tensor[], directions: readonly (readonly Maybe[])[]) => Pushed;

/**
 * Among the branches that tie takes those that are extreme in the first tangent, among these those that are extreme in
 * the second one, and so on; where all tie, and so move alike, the first in written order.
 */
export class DirectionChooser implements Chooser {
  readonly tolerance: number;
  readonly push: Push;
  readonly locks: Lock[] = [];
  /** Jumps inside of branches. */
  readonly jumps: Signal[] = [];

  constructor(tolerance: number, push: Push) {
    this.tolerance = tolerance;
    this.push = push;
  }

  choose(call: KinkCall): Choice {
    const { kink } = call.instruction.primitive;
    if (kink?.type === "tie") return { ...noKink, ...this.tieChoice(call, kink) };
    return kink?.type === "point" ? { ...noKink, vectorAtZero: once(() => this.vectorAtZero(call, kink)) } : noKink;
  }

  tieChoice(call: KinkCall, kink: TieKink<unknown>): Pick<Choice, "weights" | "permutation"> {
    const { inputs, params } = call.instruction;
    const order = kink.order(params);
    const chosen = once(() => {
      const present = kink.present?.(inputs, params) ?? null;
      const lists = this.pushed(call, (values) => kink.branches(values as unknown as Inputs<Tensor>, params));
      this.keep(call, { order, along: kink.along, lists, present });
      return {
        branches: lists[0] as readonly Tensor[],
        taken: picks(lists, present, { order, along: kink.along, tolerance: this.tolerance }),
      };
    });
    const weights: Choice["weights"] = (coefficients) => {
      const { branches, taken } = chosen();
      const [{ shape, dtype }] = branches as readonly [Tensor];
      if (!kink.along) return gather(tensor([...coefficients], { dtype }), taken);
      const width = shape.at(-1) as number;
      return order === "median" ? middleWeights(taken, width, dtype) : oneHot(taken, width, dtype);
    };
    return { weights, permutation: () => (order === "sort" ? chosen().taken : null) };
  }

  vectorAtZero(call: KinkCall, kink: PointKink<unknown>): Tensor {
    const rows = (values: readonly Tensor[]): Tensor[] => [
      kink.rows(values as unknown as Inputs<Tensor>, call.instruction.params),
    ];
    const lists = this.pushed(call, rows);
    this.keep(call, { order: "point", along: true, lists, present: null });
    return firstDirection(lists.slice(1).map(([rate]) => rate as Tensor));
  }

  /** Branches and their tangents along each direction. */
  pushed({ instruction, position, tangents = [] }: KinkCall, branches: FlatFunction): readonly (readonly Tensor[])[] {
    const pushed = this.push(branches, instruction.inputs, tangents);
    const { name } = instruction.primitive;
    this.jumps.push(...pushed.jumps);
    this.locks.push(...pushed.locks.map((lock) => ({ ...lock, name, position, isInner: true })));
    return [pushed.outputs, ...pushed.tangents.map((list) => pushed.outputs.map((y, i) => filled(list[i], y)))];
  }

  keep(
    { instruction: { primitive, site }, position }: KinkCall,
    found: Omit<Lock, "name" | "site" | "position" | "isInner">,
  ): void {
    this.locks.push({ name: primitive.name, site, position, ...found, isInner: false });
  }

  meet(): void {
    // every choice is made by the direction, so no key of a selection has to be met
  }

  /** Nothing is linearized later: calls are run where they stand. */
  fork(): DirectionChooser {
    return this;
  }
}

/** Half of the weight for each of the two middles, which may be one. */
function middleWeights(taken: Tensor, width: number, dtype: Tensor["dtype"]): Tensor {
  const rows = taken.shape.slice(0, -1);
  const middle = (i: number): Tensor => {
    const one = slice(taken, [...rows.map(() => 0), i], [...rows, i + 1]);
    return oneHot(reshape(one, rows), width, dtype);
  };
  return mul(add(middle(0), middle(1)), 0.5);
}
