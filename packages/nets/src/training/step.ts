// One step of training as a program: loss, gradient and update.
import {
  cast,
  compile,
  type Executable,
  type ExecutableDescription,
  type Machine,
  ones,
  type ProgramData,
  reshape,
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
import { leavesOf } from "../optimizers/tree.ts";
import {
  checkMixed,
  chosen,
  isAllFinite,
  type MixedPrecision,
  nextScaling,
  type ScalingState,
  startScaling,
  unscaled,
} from "./mixedPrecision.ts";

/** Samples and what they belong to. */
export interface Batch {
  readonly x: Tensor;
  readonly labels: Tensor;
}

/** Everything that a step changes. */
export interface Carry extends Variables {
  readonly optimizer: Tree;
  /** With mixed precision only. */
  readonly scaling?: ScalingState;
}

/** What a step needs to know. */
export interface StepSettings {
  readonly model: Layer;
  readonly optimizer: Optimizer;
  readonly loss: (y: Tensor, labels: Tensor) => Tensor;
  readonly select: Select;
  readonly machine: Machine;
  /** One format for everything when absent. */
  readonly mixed?: Required<MixedPrecision>;
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

/** Scores and labels of all samples: for texts, those of all places, one after the other. */
export function rowsOf(y: Tensor, labels: Tensor): [scores: Tensor, labels: Tensor] {
  if (labels.shape.length < 2) return [y, labels];
  const count = labels.shape.reduce((product, n) => product * n, 1);
  return [reshape(y, [count, y.shape.at(-1) as number]), reshape(labels, [count])];
}

/** The loss as a function of the parameters, with the next state; layers compute in 16 bits if they are asked to. */
function lossOf({ model, loss, mixed }: GradientSettings, state: Tree, { x, labels }: Batch, key: Tensor) {
  const context = { training: true, key, ...(mixed ? { dtype: mixed.dtype } : {}) };
  const samples = mixed && x.dtype !== "i32" ? cast(x, mixed.dtype) : x;
  return (params: Tree): { loss: Tensor; state: Tree } => {
    const applied = model.apply({ params, state }, samples, context);
    const y = mixed ? cast(applied.y, "f32") : applied.y;
    return { loss: loss(...rowsOf(y, labels)), state: applied.state };
  };
}

/** What the gradient depends on: not the optimizer, and not the machine. */
type GradientSettings = Pick<StepSettings, "model" | "loss" | "select" | "mixed">;

/** Loss, next state and gradient with respect to the parameters; the loss may be scaled while its gradient is taken. */
function gradientOf(settings: GradientSettings, carry: Omit<Carry, "optimizer">, batch: Batch, key: Tensor) {
  const run = lossOf(settings, carry.state, batch, key);
  // The types of trees are deeper than the checker follows.
  const [found, pullback] = vjp(run as (params: never) => unknown, [carry.params as never], {
    select: settings.select,
  }) as unknown as [{ loss: Tensor; state: Tree }, (cotangent: unknown) => [Tree]];
  const { dtype } = found.loss;
  const scale = carry.scaling ? cast(carry.scaling.scale, dtype) : ones([], { dtype });
  const [gradient] = pullback({ loss: scale, state: zerosLike(found.state) });
  return { ...found, gradient: carry.scaling ? unscaled(gradient, carry.scaling) : gradient };
}

/** The step as a function: loss, gradient with respect to the parameters, update. Everything in it can be recorded. */
function stepOf(settings: StepSettings) {
  const { optimizer, mixed } = settings;
  return (carry: Carry, batch: Batch, key: Tensor): { carry: Carry; loss: Tensor } => {
    const { loss, state, gradient } = gradientOf(settings, carry, batch, key);
    const [updates, kept]: [Tree, Tree] = optimizer.update(gradient, carry.optimizer, carry.params);
    const params: Tree = applyUpdates<Tree>(carry.params, updates);
    const next: Carry = { params, state, optimizer: kept };
    if (!mixed || !carry.scaling) return { carry: next, loss };
    return { carry: unlessOverflowed(mixed, { ...carry, scaling: carry.scaling }, next, isAllFinite(gradient)), loss };
  };
}

/** A step whose gradient overflowed changes nothing but the scale. */
function unlessOverflowed(
  mixed: Required<MixedPrecision>,
  { scaling, ...before }: Required<Carry>,
  after: Carry,
  isGood: Tensor,
): Carry {
  const kept = chosen(isGood, after as unknown as Tree, before as unknown as Tree) as unknown as Carry;
  return { ...kept, scaling: nextScaling(mixed, scaling, isGood) };
}

/** All that is carried but the state. */
type Learned = Omit<Carry, "state">;

/** A step that is prepared for a machine. What it carries stays there, in two parts, so that the state can be read alone. */
export class RunningStep {
  private readonly executable: Executable;
  /** Of a model without a state, whose reading would be a way for nothing. */
  private readonly none: Tree | null;

  constructor(settings: StepSettings, { state, ...learned }: Carry, batch: Batch, key: Tensor) {
    const whole = stepOf(settings);
    const step = (from: Learned, held: Tree, samples: Batch, drawn: Tensor) => {
      const { carry, loss } = whole({ ...from, state: held }, samples, drawn);
      const { state: next, ...rest } = carry;
      return { learned: rest, state: next, loss };
    };
    this.none = Object.keys(state).length === 0 ? state : null;
    const args = [learned, state, batch, key] as unknown[];
    const program = simplify(trace(step as unknown as (...args: unknown[]) => Tensor, args));
    this.executable = compile(program, settings.machine, { carry: { learned: 0, state: 1 } });
  }

  /** Makes the step; the loss before the update. */
  async run(batch: Batch, key: Tensor): Promise<Tensor> {
    return ((await this.executable.run([batch, key])) as { readonly loss: Tensor }).loss;
  }

  async state(): Promise<Tree> {
    return this.none ?? ((await this.executable.read("state")) as Tree);
  }

  async carry(): Promise<Carry> {
    return { ...((await this.executable.read("learned")) as Learned), state: await this.state() };
  }

  /** What the machine says of the program. */
  describe(): ExecutableDescription {
    return this.executable.describe();
  }

  write({ state, ...learned }: Carry): void {
    this.executable.write("learned", learned);
    this.executable.write("state", state);
  }

  dispose(): void {
    this.executable.dispose();
  }
}

/**
 * A step of training as a program: a function of what is carried, a batch and a key, which returns what is carried on and
 * the loss before the update.
 *
 * @param settings - `model`, `optimizer`, `loss`, `select`, `machine`, `mixed`
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

/** Settings of {@link recordGradient}: those of a trainer that the gradient depends on. */
export interface GradientOptions {
  readonly model: Layer;
  readonly loss: (y: Tensor, labels: Tensor) => Tensor;
  /** Choices at kinks; those of the operations when absent. */
  readonly select?: Select;
  /** Layers that compute in 16 bits, with a scaled loss; one format for everything when absent. */
  readonly mixed?: MixedPrecision;
}

/**
 * The gradient that a first step of training takes, as a program: a function of parameters and state, a batch and a key,
 * which returns the loss and its gradient with respect to the parameters.
 *
 * @param options - `model`, `loss`, `select`, `mixed`
 * @param variables - parameters and state, for their types
 * @param batch - samples and labels, for their types
 * @param key - for dropout
 * @returns the program, simplified
 * @throws AdError as {@link createTrainer} and as the operations of the model and the loss
 * @example
 * const model = mlp([2, 2]);
 * const { params, state } = model.init(key(1));
 * const batch = { x: tensor([[0, 1]]), labels: tensor([0], { dtype: "i32" }) };
 * const program = recordGradient({ model, loss: softCrossEntropy }, { params, state }, batch, key(2));
 * compile(program, reference()).run([{ params, state }, batch, key(2)]).gradient.linear1.weight.shape // [2, 2]
 */
export function recordGradient(options: GradientOptions, variables: Variables, batch: Batch, key: Tensor): ProgramData {
  const settings = settingsOf(options, variables);
  const scaling = settings.mixed ? { scaling: startScaling(settings.mixed) } : {};
  const run = (from: Variables, samples: Batch, drawn: Tensor): { loss: Tensor; gradient: Tree } => {
    const found = gradientOf(settings, { ...from, ...scaling }, samples, drawn);
    return { loss: found.loss, gradient: found.gradient };
  };
  return simplify(trace(run as unknown as (...args: unknown[]) => Tensor, [variables, batch, key] as unknown[]));
}

/** The options with their defaults, checked. */
function settingsOf({ model, loss, select = {}, mixed }: GradientOptions, { params }: Variables): GradientSettings {
  const dtype = leavesOf("recordGradient", params)[0]?.tensor.dtype ?? "f32";
  return { model, loss, select, ...(mixed ? { mixed: checkMixed(mixed, dtype) } : {}) };
}

/**
 * The loss that {@link recordGradient} differentiates, as a program of the same arguments: what its kinks meet can be read there.
 *
 * @param options - as for {@link recordGradient}; `select` changes nothing here
 * @param variables - parameters and state, for their types
 * @param batch - samples and labels, for their types
 * @param key - for dropout
 * @returns the program of the loss, simplified
 * @throws AdError as {@link recordGradient}
 * @example
 * const model = mlp([2, 2]);
 * const { params, state } = model.init(key(1));
 * const batch = { x: tensor([[0, 1]]), labels: tensor([0], { dtype: "i32" }) };
 * const program = recordLoss({ model, loss: softCrossEntropy }, { params, state }, batch, key(2));
 * compile(program, reference()).run([{ params, state }, batch, key(2)]).shape // []
 */
export function recordLoss(options: GradientOptions, variables: Variables, batch: Batch, key: Tensor): ProgramData {
  const settings = settingsOf(options, variables);
  const run = ({ params, state }: Variables, samples: Batch, drawn: Tensor): Tensor =>
    lossOf(settings, state, samples, drawn)(params).loss;
  return simplify(trace(run as unknown as (...args: unknown[]) => Tensor, [variables, batch, key] as unknown[]));
}
