// One step of training LeNet-5 as a program, in formats that a GPU has: every number is an f32.
import {
  argmax,
  ones,
  type ProgramData,
  simplify,
  type Tensor,
  type Tree,
  trace,
  vjp,
  zeros,
} from "@nonsmooth/ad-core";
import {
  addMomentum,
  applyUpdates,
  type Batch,
  chain,
  leNet5,
  type Model,
  type Optimizer,
  scale,
  softCrossEntropy,
  type Variables,
} from "@nonsmooth/nets";
import type { Choices } from "./choices.ts";
import { countingWindows, countingZeros } from "./ties.ts";

/** What stays on the machine from step to step. */
export interface Carry {
  readonly params: Tree;
  readonly optimizer: Tree;
}

/** What a step answers besides. */
export interface Stepped {
  /** Before the update. */
  readonly loss: Tensor;
  /** Counts of what stood on a kink. */
  readonly ties: Tree;
}

/** The network whose layers count ties while it trains. */
export const networkOf = ({ activation, pool }: Choices): Model =>
  leNet5({ activation: countingZeros(activation), pool: countingWindows(pool) });

/** Gradient descent with momentum. The rate is a number of the program: a schedule would count steps in f64. */
export const optimizerOf = (rate: number): Optimizer => chain(addMomentum({ momentum: 0.9 }), scale(-rate));

/** What a step is made of. */
export interface StepParts {
  readonly model: Model;
  readonly optimizer: Optimizer;
  readonly choices: Choices;
}

const zerosLike = (tree: Tree): Tree =>
  Object.fromEntries(
    Object.entries(tree).map(([name, part]) => [name, "dtype" in part ? zeros([], { dtype: "f32" }) : zerosLike(part)]),
  );

/** Records a step: a function of what is carried and a batch. */
export function recordTraining({ model, optimizer, choices }: StepParts, carry: Carry, batch: Batch): ProgramData {
  const step = ({ params, optimizer: state }: Carry, { x, labels }: Batch): Stepped & { carry: Carry } => {
    const run = (from: Tree): { loss: Tensor; ties: Tree } => {
      const applied = model.apply({ params: from, state: {} }, x, { training: true, key: null });
      return { loss: softCrossEntropy(applied.y, labels), ties: applied.state };
    };
    // The types of trees are deeper than the checker follows.
    const [found, pullback] = vjp(run as (from: never) => unknown, [params as never], {
      select: choices.select,
    }) as unknown as [Stepped, (cotangent: unknown) => [Tree]];
    const [gradient] = pullback({ loss: ones([], { dtype: "f32" }), ties: zerosLike(found.ties) });
    const [updates, next] = optimizer.update(gradient, state, params);
    return { ...found, carry: { params: applyUpdates<Tree>(params, updates), optimizer: next } };
  };
  return simplify(trace(step as unknown as (...args: unknown[]) => Tensor, [carry, batch] as unknown[]));
}

/** What a test of the network answers. */
export interface Tested {
  readonly loss: Tensor;
  /** The class with the largest score, for each image. */
  readonly chosen: Tensor;
}

/** Records a test: a function of the parameters and a batch. */
export function recordTest(model: Model, params: Variables["params"], batch: Batch): ProgramData {
  const test = (from: Tree, { x, labels }: Batch): Tested => {
    const { y } = model.apply({ params: from, state: {} }, x, { training: false, key: null });
    return { loss: softCrossEntropy(y, labels), chosen: argmax(y, { axis: 1 }) };
  };
  return simplify(trace(test as unknown as (...args: unknown[]) => Tensor, [params, batch] as unknown[]));
}
