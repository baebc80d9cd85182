// Training a model, step by step, with everything that a run needs to go on later.
import {
  AdError,
  compile,
  type Executable,
  type Machine,
  type Select,
  simplify,
  type Tensor,
  type Tree,
  trace,
} from "@nonsmooth/ad-core";
import { fromPaths, toPaths } from "../checkpoints/paths.ts";
import type { NamedTensors } from "../checkpoints/safetensors.ts";
import type { RealDType } from "../data/labelledImages.ts";
import type { Layer, Variables } from "../layers/layer.ts";
import { countCorrect } from "../losses/losses.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { checkMixed, type MixedPrecision, startScaling } from "./mixedPrecision.ts";
import { type Batch, type Carry, RunningStep, rowsOf, type StepSettings } from "./step.ts";
import { stepKey } from "./stepKeys.ts";

/** What a run is made of. */
export interface TrainerOptions {
  readonly model: Layer;
  /** Without the batch. */
  readonly inputShape: readonly number[];
  readonly optimizer: Optimizer;
  readonly loss: (y: Tensor, labels: Tensor) => Tensor;
  readonly machine: Machine;
  /** Seed of the initial weights and of all that is drawn. */
  readonly seed: number;
  /** Format of parameters, states and samples; `f32` when absent. */
  readonly dtype?: RealDType;
  /** Choices at kinks; those of the operations when absent. */
  readonly select?: Select;
  /** Layers that compute in 16 bits, with a scaled loss; everything in `dtype` when absent. */
  readonly mixed?: MixedPrecision;
}

/** Mean loss and accuracy over samples. */
export interface Evaluation {
  readonly loss: number;
  readonly accuracy: number;
  readonly count: number;
}

const numberOf = (x: Tensor): number => x.data[0] as number;
const typeOf = ({ x, labels }: Batch): string => `${x.dtype}[${x.shape}] ${labels.dtype}[${labels.shape}]`;

/**
 * A run of training: parameters, state and optimizer stay on the machine, and each step is the replay of one program.
 * What is asked of it is done one after the other, in the order of the calls. Made by {@link createTrainer}.
 */
export class Trainer {
  readonly settings: StepSettings;
  readonly seed: number;
  /** How many steps were made. */
  steps = 0;
  readonly prepared: Map<string, RunningStep> = new Map();
  readonly evaluators: Map<string, Executable> = new Map();
  /** The program that holds the carried values now; before the first step they are `held`. */
  running: RunningStep | null = null;
  held: Carry;
  /** Whatever is asked happens after this. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(settings: StepSettings, seed: number, carry: Carry) {
    this.settings = settings;
    this.seed = seed;
    this.held = carry;
  }

  /** What is carried from step to step, at this moment: all of it is copied from the machine. */
  carry(): Promise<Carry> {
    return this.inTurn(() => this.carryNow());
  }

  /** The state that the last step left, such as running statistics: nothing else is copied from the machine. */
  state(): Promise<Tree> {
    return this.inTurn(async () => (this.running ? this.running.state() : this.held.state));
  }

  /**
   * Makes one step.
   *
   * @param batch - samples with the batch first, and their labels; each new shape is recorded once
   * @returns the loss before the update
   * @throws AdError, in the promise, as the operations of the model and the loss, and as the machine
   */
  step(batch: Batch): Promise<number> {
    return this.inTurn(() => this.stepNow(batch));
  }

  /**
   * Records and compiles the step for batches like this one, and makes none: what is wrong with the settings, or too large
   * for the machine, is found before anything is done.
   *
   * @param batch - of the types that will come
   * @throws AdError, in the promise, as {@link step}
   */
  prepare(batch: Batch): Promise<void> {
    return this.inTurn(async () => {
      await this.stepFor(batch, stepKey(this.seed, "step", this.steps));
      // A machine that prepares in the background answers when it is done.
      await this.carryNow();
    });
  }

  /** By which the loss is multiplied now; null without mixed precision. */
  scale(): Promise<number | null> {
    return this.inTurn(async () => {
      // Without a scale there is none later either, and nothing has to be copied.
      const scaling = this.held.scaling && (await this.carryNow()).scaling;
      return scaling ? numberOf(scaling.scale) : null;
    });
  }

  /** Loss and accuracy without training: no dropout, recorded statistics, and all layers in the format of the parameters. */
  evaluate(batches: Iterable<Batch>): Promise<Evaluation> {
    return this.inTurn(async () => {
      const { params, state } = await this.carryNow();
      let [loss, correct, count] = [0, 0, 0];
      for (const batch of batches) {
        const size = batch.labels.shape.reduce((product, n) => product * n, 1);
        const evaluator = this.evaluatorFor({ params, state }, batch);
        const found = (await evaluator.run([{ params, state }, batch])) as { loss: Tensor; correct: Tensor };
        loss += size * numberOf(found.loss);
        correct += numberOf(found.correct);
        count += size;
      }
      return { loss: loss / count, accuracy: correct / count, count };
    });
  }

  /** Everything that the run needs to go on: tensors by path, and the number of steps. */
  save(): Promise<NamedTensors> {
    return this.inTurn(async () => ({
      tensors: toPaths((await this.carryNow()) as unknown as Tree),
      metadata: { steps: `${this.steps}`, seed: `${this.seed}` },
    }));
  }

  /**
   * Goes on from what was saved.
   *
   * @throws AdError, in the promise: "missing", "shape" or "dtype" when it was saved from another model, optimizer or dtype;
   *   "domain" when it was saved from another seed; nothing is changed then
   */
  restore({ tensors, metadata }: NamedTensors): Promise<void> {
    return this.inTurn(async () => {
      const carry = fromPaths(this.held as unknown as Tree, tensors, "restore") as unknown as Carry;
      const [steps, seed] = [Number(metadata.steps), Number(metadata.seed)];
      if (!Number.isSafeInteger(steps) || steps < 0) throw otherRun("a number of steps", `${metadata.steps}`);
      if (seed !== this.seed) throw otherRun(`seed ${this.seed}`, `seed ${metadata.seed}`);
      this.goBackNow(steps, carry);
    });
  }

  /** Goes to a state of this run, after so many steps. */
  goBack(steps: number, carry: Carry): Promise<void> {
    return this.inTurn(async () => this.goBackNow(steps, carry));
  }

  /** Frees the programs, with all that is carried; no step can be made any more. */
  dispose(): Promise<void> {
    return this.inTurn(async () => {
      for (const executable of [...this.prepared.values(), ...this.evaluators.values()]) executable.dispose();
    });
  }

  /** Does something when everything before it is done. */
  private inTurn<T>(what: () => Promise<T>): Promise<T> {
    const result = this.turn.then(what);
    this.turn = result.catch(() => {});
    return result;
  }

  private async carryNow(): Promise<Carry> {
    return this.running ? this.running.carry() : this.held;
  }

  private async stepNow(batch: Batch): Promise<number> {
    const key = stepKey(this.seed, "step", this.steps);
    const step = await this.stepFor(batch, key);
    const loss = await step.run(batch, key);
    this.steps++;
    return numberOf(loss);
  }

  private async stepFor(batch: Batch, key: Tensor): Promise<RunningStep> {
    const type = typeOf(batch);
    const known = this.prepared.get(type);
    if (known !== undefined && known === this.running) return known;
    // Reading what is carried copies all of it, so only a change of programs does.
    const carry = await this.carryNow();
    const found = known ?? new RunningStep(this.settings, carry, batch, key);
    this.prepared.set(type, found);
    found.write(carry);
    this.running = found;
    return found;
  }

  private evaluatorFor(from: Variables, batch: Batch): Executable {
    const { model, loss, machine } = this.settings;
    const run = (variables: Variables, { x, labels }: Batch) => {
      const { y } = model.apply(variables, x, { training: false, key: null });
      const rows = rowsOf(y, labels);
      return { loss: loss(...rows), correct: countCorrect(...rows) };
    };
    const type = typeOf(batch);
    const found = this.evaluators.get(type) ?? compile(simplify(trace(run, [from, batch] as const)), machine);
    this.evaluators.set(type, found);
    return found;
  }

  private goBackNow(steps: number, carry: Carry): void {
    this.steps = steps;
    this.held = carry;
    this.running?.write(carry);
  }
}

function otherRun(expected: string, got: string): AdError {
  const remedy = "go on with the settings of the run that was saved, or begin a new one";
  return new AdError({ code: "domain", where: "restore", problem: "another run was saved", expected, got, remedy });
}

/**
 * Begins a run: draws the weights from the seed, and prepares the optimizer.
 *
 * @param options - `model`, `inputShape`, `optimizer`, `loss`, `machine`, `seed`, `dtype` (`f32`), `select`, `mixed`; the loss
 *   receives scores `[n, classes]` and labels `[n]`, of all places one after the other where a sample is a text
 * @returns the trainer
 * @throws AdError as the model and the optimizer; "dtype" or "domain" for a `mixed` that does not fit
 * @example
 * const batch = { x: tensor([[0, 1], [1, 0]]), labels: tensor([0, 1], { dtype: "i32" }) };
 * const trainer = createTrainer({ model: mlp([2, 4, 2]), inputShape: [2], optimizer: sgd({ rate: 1 }), loss: softCrossEntropy, machine: reference(), seed: 1, dtype: "f64" });
 * (await trainer.step(batch)) > (await trainer.step(batch)) // true
 * (await trainer.evaluate([batch])).count // 2
 */
export function createTrainer(options: TrainerOptions): Trainer {
  const { model, inputShape, optimizer, loss, machine, seed, dtype = "f32", select = {} } = options;
  const mixed = options.mixed && checkMixed(options.mixed, dtype);
  const { params, state } = model.init(stepKey(seed, "init", 0), inputShape, dtype);
  const begun: Carry = { params, state, optimizer: optimizer.init(params) };
  const carry = mixed ? { ...begun, scaling: startScaling(mixed) } : begun;
  return new Trainer({ model, optimizer, loss, select, machine, ...(mixed ? { mixed } : {}) }, seed, carry);
}
