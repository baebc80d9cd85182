// Steps of training on a GPU: how long they take, and whether they stay so.
import { compile, type Executable, type Tensor } from "@nonsmooth/ad-core";
import type { GpuExecutable, GpuMachine } from "@nonsmooth/ad-gpu";
import { recordStep, stepKey } from "@nonsmooth/nets";
import type { Peer } from "../peerProcess.ts";
import { leNet5Step, resNet18Step, type StepWorkload } from "../stepWorkloads.ts";
import { type Memory, memoryNow } from "./memory.ts";
import { samplesOf } from "./samples.ts";
import type { Way } from "./settings.ts";
import { timeOfTorch } from "./torch.ts";
import { type Trend, trendOf } from "./trend.ts";

/** A workload, and how many steps of it. */
export interface StepTask {
  readonly workload: StepWorkload;
  readonly steps: number;
}

const full: readonly StepTask[] = [
  { workload: leNet5Step, steps: 1000 },
  { workload: resNet18Step(128), steps: 60 },
];

/** What is measured. */
export const stepTasks: Readonly<Record<Way, readonly StepTask[]>> = {
  ...{ hardware: full, opengl: full },
  software: [
    { workload: leNet5Step, steps: 30 },
    { workload: resNet18Step(1), steps: 3 },
  ],
};

/** No workload takes longer. */
const mostMs = 45_000;

/** What was measured of one workload. */
export interface StepFound {
  readonly name: string;
  readonly steps: number;
  /** Milliseconds of recording, compiling and the first step. */
  readonly firstStepMs: number;
  readonly trend: Trend;
  /** The losses of the first and the last step. */
  readonly losses: readonly [first: number, last: number];
  readonly dispatches: number;
  /** Bytes of the program's buffers. */
  readonly bytes: number;
  readonly before: Memory;
  readonly after: Memory;
  /** Milliseconds of a step of PyTorch, which also gets its batch from the host and tells the loss; null where it is not here. */
  readonly torch: number | null;
}

/** A step on a machine that answers with promises; what it carries stays there. */
interface Running {
  readonly executable: Executable;
  step(): Promise<number>;
}

/** Draws the weights, records the step and compiles it. */
function beginSteps(machine: GpuMachine, workload: StepWorkload): Running {
  const { trainer, data } = workload.begin(machine);
  const keyOf = (step: number): Tensor => stepKey(trainer.seed, "step", step);
  const { settings, held: carry } = trainer;
  const executable = compile(recordStep(settings, carry, data, keyOf(0)), machine, { carry: { carry: 0 } });
  executable.write("carry", carry);
  let made = 0;
  const step = async (): Promise<number> => {
    const { loss } = (await executable.run([data, keyOf(made++)])) as { loss: Tensor };
    return loss.data[0] as number;
  };
  return { executable, step };
}

/** Measures one workload. */
export async function measureSteps(
  machine: GpuMachine,
  { workload, steps }: StepTask,
  torch: Peer | null,
): Promise<StepFound> {
  const start = performance.now();
  const { executable, step } = beginSteps(machine, workload);
  const losses = [await step()];
  const firstStepMs = performance.now() - start;
  const before = await memoryNow();
  const times = await samplesOf(async () => losses.push(await step()), steps, mostMs);
  const after = await memoryNow();
  const { dispatches, bytes } = (executable as GpuExecutable).describe();
  executable.dispose();
  return {
    ...{ name: workload.name, steps: times.length, firstStepMs, trend: trendOf(times) },
    ...{ dispatches, bytes, before, after },
    losses: [losses[0] as number, losses.at(-1) as number],
    torch: await timeOfTorch(torch, { ask: "steps", name: workload.name, steps }),
  };
}
