// Steps of LeNet-5 beside systems that are given the same weights and samples, and must find the same losses.
import type { Tensor } from "@nonsmooth/ad-core";
import type { Peer } from "./peerProcess.ts";
import { atLeast, type Row } from "./row.ts";
import type { Bench } from "./stepRows.ts";
import { leNet5Step, type StepRun } from "./stepWorkloads.ts";
import { inTurns, type Least, middleOf, ratioOf, samplesOf } from "./turns.ts";

/** How a slow system is measured. */
export interface SlowPeer {
  /** How many losses are compared. */
  readonly checked: number;
  readonly mostRounds: number;
  /** How many times as fast we must be. */
  readonly goal?: number;
}

const tolerance = 1e-4;

/** Shape and numbers, as JSON takes them. */
const sent = ({ shape, data }: Tensor): object => ({ shape, data: Array.from(data) });

/** The parameters as layers of named tensors. */
async function paramsOf({ trainer }: StepRun): Promise<Record<string, Record<string, object>>> {
  const layers: Record<string, Record<string, object>> = {};
  for (const [path, tensor] of Object.entries((await trainer.save()).tensors)) {
    const [root, layer = "", name = ""] = path.split(".");
    if (root !== "params") continue;
    layers[layer] ??= {};
    (layers[layer] as Record<string, object>)[name] = sent(tensor);
  }
  return layers;
}

/** In what two lists of losses differ; null when all are as near as they must be. */
export function differenceOf(ours: readonly number[], theirs: readonly number[]): string | null {
  const distances = ours.map((loss, i) => Math.abs(loss - (theirs[i] ?? Number.NaN)));
  if (distances.every((distance) => distance <= tolerance)) return null;
  const at = distances.findIndex((distance) => !(distance <= tolerance));
  return `loss ${theirs[at]} instead of ${ours[at]} in step ${at + 1}`;
}

/** A step of LeNet-5 beside that of a slow system; both begin with the same weights. */
export async function leNetRow({ machine, rounds }: Bench, peer: Peer, slow: SlowPeer): Promise<Row> {
  const run = leNet5Step.begin(machine);
  const { x, labels } = run.data;
  const given = { params: await paramsOf(run), x: sent(x), labels: Array.from(labels.data), steps: slow.checked };
  const theirLosses = await peer.ask<number[]>({ ask: "begin", ...given });
  const step = (): Promise<number> => run.trainer.step(run.data);
  const losses = await Promise.all(theirLosses.map(step));
  await samplesOf(step);
  const least: Least = { leastMs: 200, leastSteps: 1 };
  const turns = await inTurns(
    Math.min(rounds, slow.mostRounds),
    () => samplesOf(step),
    () => peer.ask<number[]>({ ask: "times", ...least }),
  );
  return {
    ...{ work: leNet5Step.says, threads: machine.threads, unit: "ms", peer: peer.about.name },
    ...{ ours: middleOf(turns.ours) as number, theirs: middleOf(turns.theirs) },
    ratio: ratioOf(turns.theirs, turns.ours),
    ...{ goal: atLeast(slow.goal), differs: differenceOf(losses, theirLosses) },
  };
}
