// Training steps beside PyTorch's, their memory beside the least, and the step in 16 bits beside that in 32.
import type { WasmExecutable, WasmMachine } from "@nonsmooth/ad-wasm";
import type { Peer } from "./peerProcess.ts";
import { atMost, type Mode, type Row } from "./row.ts";
import { leNet5Step, type StepRun, type StepWorkload } from "./stepWorkloads.ts";
import { inTurns, middleOf, ratioOf, samplesOf } from "./turns.ts";

/** What all measurements need. */
export interface Bench {
  readonly machine: WasmMachine;
  readonly mode: Mode;
  readonly rounds: number;
}

/** A step that has been compiled and has run often enough to be as fast as it gets. */
async function warm({ trainer, data }: StepRun): Promise<() => Promise<number>> {
  const step = (): Promise<number> => trainer.step(data);
  await step();
  await samplesOf(step);
  return step;
}

/** A training step beside PyTorch's, if it is here, and then the memory of ours. */
export async function stepRows(
  workload: StepWorkload,
  bench: Bench,
  torch: Peer | null,
): Promise<readonly [time: Row, memory: Row]> {
  const { machine, mode, rounds } = bench;
  const run = workload.begin(machine);
  const step = await warm(run);
  const theirs = torch && ((): Promise<number[]> => torch.ask<number[]>(workload.name));
  const turns = await inTurns(rounds, () => samplesOf(step), theirs);
  const time: Row = {
    ...{ work: workload.says, threads: machine.threads, unit: "ms", peer: "PyTorch", differs: null },
    ...{ ours: middleOf(turns.ours) as number, theirs: middleOf(turns.theirs) },
    ratio: ratioOf(turns.ours, turns.theirs),
    goal: atMost(workload.goals[mode][machine.threads]),
  };
  return [time, memoryRow(workload, machine, run)];
}

const mebibyte = 2 ** 20;

/** The buffers of a step beside what any layout needs. */
function memoryRow({ says }: StepWorkload, { threads }: WasmMachine, { trainer }: StepRun): Row {
  const description = trainer.running?.describe() as ReturnType<WasmExecutable["describe"]>;
  const { bufferBytes, leastBytes } = description;
  return {
    ...{ work: `${says}, memory`, threads, unit: "MiB", peer: "the least", differs: null },
    ...{ ours: bufferBytes / mebibyte, theirs: leastBytes / mebibyte, ratio: bufferBytes / leastBytes },
    goal: atMost(1.15),
  };
}

/** A step of LeNet-5 with everything in 16 bits beside one in 32. */
export async function halfRow({ machine, rounds }: Bench): Promise<Row> {
  const [half, single] = [await warm(leNet5Step.begin(machine, "f16")), await warm(leNet5Step.begin(machine))];
  const turns = await inTurns(
    rounds,
    () => samplesOf(half),
    () => samplesOf(single),
  );
  return {
    ...{ work: `${leNet5Step.says}, f16`, threads: machine.threads, unit: "ms", peer: "f32", differs: null },
    ...{ ours: middleOf(turns.ours) as number, theirs: middleOf(turns.theirs) },
    ratio: ratioOf(turns.ours, turns.theirs),
    goal: atMost(1.15),
  };
}
