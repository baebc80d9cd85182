// What an optimizer is, and how its updates reach the parameters.
import { add, type Like, type Tensor, type Tree } from "@nonsmooth/ad-core";
import { checkState } from "./checks.ts";
import { mapTree } from "./tree.ts";

/**
 * Two pure functions over trees of tensors. A transform has the same form: what it returns is meant for the next one.
 *
 * Everything is made of operations of ad-core, so that a whole step can be recorded as one program, and nothing that
 * changes from step to step is a constant of that program: counts stand in the state, rates are functions of them.
 */
export interface Optimizer<State = Tree> {
  readonly name: string;
  /** The state before the first step: tensors in the dtypes of the parameters, and counts as `f64` scalars. */
  init(params: Tree): State;
  /** Updates in the form of the parameters, which are to be added to them, and the next state. */
  update(grads: Tree, state: State, params: Tree): [updates: Tree, state: State];
}

/** Which parameters a setting concerns: `path` is the keys joined by "/", such as `conv1/weight`. */
export type Mask = (path: string, parameter: Tensor) => boolean;

/** The state of what remembers nothing. */
export type NoState = readonly never[];

/** A transform without memory. */
export function stateless(name: string, update: (grads: Tree, params: Tree) => Tree): Optimizer<NoState> {
  return {
    name,
    init: () => [],
    update(grads, state, params) {
      checkState(name, state, 0);
      return [update(grads, params), state];
    },
  };
}

/** The type of parameters after a step: their own, with tensors for numbers, where it is known. */
export type Updated<Params> = Tree extends Params ? Tree : Like<Params>;

/**
 * New parameters, `θ + u`.
 *
 * Cost: 1 addition per parameter.
 *
 * @param params - the parameters
 * @param updates - in the form of the parameters, as an optimizer returns them
 * @returns the new parameters, in the form and the dtypes of the old
 * @throws AdError "data", "shape" or "dtype" when the trees differ
 * @example
 * applyUpdates({ w: tensor([1, 2]) }, { w: tensor([0.5, -1]) }) // { w: [1.5, 1] }
 */
export const applyUpdates = <Params>(params: Params, updates: Tree): Updated<Params> =>
  mapTree("applyUpdates", [params as Tree, updates], ([p, u]) => add(p, u)) as Updated<Params>;
