// One step of training as a program: loss, gradient and update.
import {
  compile,
  type Executable,
  type Machine,
  ones,
  type ProgramData,
  type Select,
  simplify,
  type Tensor,
  type Tree,
  trace,
  vjp,
  zeros,
} from "@nonsmooth/ad-core";
import type { Layer, Variables } from "../layers/layer.ts";
import { applyUpdates, type Optimizer } from "../optimizers/optimizer.ts";

/** Samples and what they belong to. */
export interface Batch {
  readonly x: Tensor;
  readonly labels: Tensor;
}

/** Everything that a step changes. */
export interface Carry extends Variables {
  readonly optimizer: Tree;
}

/** What a step needs to know. */
export interface StepSettings {
  readonly model: Layer;
  readonly optimizer: Optimizer;
  readonly loss: (y: Tensor, labels: Tensor) => Tensor;
  readonly select: Select;
  readonly machine: Machine;
}

/** A tree of zeros like another: a state carries no cotangent. */
function zerosLike(tree: Tree): Tree {
  if (typeof tree === "number") return 0;
  if ("dtype" in tree) {
    const { shape, dtype } = tree as Tensor;
    return zeros(shape, { dtype });
  }
  if (Array.isArray(tree)) return tree.map(zerosLike);
  return Object.fromEntries(Object.entries(tree).map(([name, part]) => [name, zerosLike(part as Tree)]));
}

/** The step as a function: loss, gradient with respect to the parameters, update. Everything in it can be recorded. */
function stepOf({ model, optimizer, loss, select }: StepSettings) {
  return (carry: Carry, { x, labels }: Batch, key: Tensor): { carry: Carry; loss: Tensor } => {
    const run = (params: Tree): { loss: Tensor; state: Tree } => {
      const { y, state } = model.apply({ params, state: carry.state }, x, { training: true, key });
      return { loss: loss(y, labels), state };
    };
    // The types of trees are deeper than the checker follows.
    const [found, pullback] = vjp(run as (params: never) => unknown, [carry.params as never], {
      select,
    }) as unknown as [{ loss: Tensor; state: Tree }, (cotangent: unknown) => [Tree]];
    const value = found.loss;
    const cotangent = { loss: ones([], { dtype: value.dtype }), state: zerosLike(found.state) };
    const [gradient] = pullback(cotangent);
    const [updates, state]: [Tree, Tree] = optimizer.update(gradient, carry.optimizer, carry.params);
    const params: Tree = applyUpdates<Tree>(carry.params, updates);
    const next: Carry = { params, state: found.state, optimizer: state };
    return { carry: next, loss: value };
  };
}

/** The step, prepared for a machine; what it carries stays there. */
export function compileStep(settings: StepSettings, carry: Carry, batch: Batch, key: Tensor): Executable {
  return compile(recordStep(settings, carry, batch, key), settings.machine, { carry: { carry: 0 } });
}

/**
 * A step of training as a program: a function of what is carried, a batch and a key, which returns what is carried on and
 * the loss before the update.
 *
 * @param settings - `model`, `optimizer`, `loss`, `select`, `machine`
 * @param carry - parameters, state and optimizer state, for their types
 * @param batch - samples and labels, for their types
 * @param key - for dropout
 * @returns the program, simplified
 * @throws AdError as the operations of the model and the loss
 * @example
 * const [model, optimizer] = [mlp([2, 2]), sgd({ rate: 1 })];
 * const { params, state } = model.init(key(1));
 * const batch = { x: tensor([[0, 1]]), labels: tensor([0], { dtype: "i32" }) };
 * const settings = { model, optimizer, loss: softCrossEntropy, select: {}, machine: reference() };
 * recordStep(settings, { params, state, optimizer: optimizer.init(params) }, batch, key(2)).guards.length // 0
 */
export function recordStep(settings: StepSettings, carry: Carry, batch: Batch, key: Tensor): ProgramData {
  const step = stepOf(settings) as unknown as (...args: unknown[]) => Tensor;
  return simplify(trace(step, [carry, batch, key] as unknown[]));
}
