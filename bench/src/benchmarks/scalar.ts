/**
 * Records and differentiates a scalar program of a million operations, here and on other systems: `npm run bench:scalar`,
 * with `--json` for a program to read. The last line says whether all gradients agree.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { table } from "../cli/table.ts";
import { median } from "../studies/timing.ts";
import { measureTracing } from "./lenet.ts";
import { measureBytes, measureOurs, measureOwnCode, measureSweeps, type Outcome } from "./ours.ts";
import { measurePeers } from "./peers.ts";
import { makeWorkload, operationsOf, workloadBytes } from "./workload.ts";

const layers = 219;
const inputs = 1000;
const seed = 1;
const repeats = { warmUp: 6, measured: 11 };
const tolerance = 1e-12;
/** What the sweeps in WebAssembly are to reach, and replays in code of their own. */
const goals = { recordAndReverse: 7, replay: 4, ownCode: 2.5 };

/** The largest difference of two gradients, relative to the largest entry. */
function distance(a: Float64Array, b: Float64Array): number {
  const scale = b.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  return a.reduce((most, v, i) => Math.max(most, Math.abs(v - (b[i] as number))), 0) / scale;
}

function runPeers(bytes: Buffer, operations: number): ReturnType<typeof measurePeers> {
  const folder = mkdtempSync(join(tmpdir(), "nonsmooth-scalar-"));
  try {
    writeFileSync(join(folder, "workload"), bytes);
    return measurePeers(folder, join(folder, "workload"), operations, repeats);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Recording and reverse run; null when one of them was not measured. */
const both = ({ times: { record, reverse } }: Outcome): number | null =>
  record === null || reverse === null ? null : record + reverse;

const shown = (time: number | null, digits = 1): string => (time === null ? "" : time.toFixed(digits));

function rowOf(outcome: Outcome, ours: Outcome): string[] {
  const { record, reverse, replay } = outcome.times;
  const [own, all] = [both(ours), both(outcome)];
  const ratio = own === null || all === null ? null : all / own;
  return [outcome.name, ...[record, reverse, all, replay].map((time) => shown(time)), shown(ratio, 2)];
}

const goalRows = [
  ["goal of WebAssembly", "", "", shown(goals.recordAndReverse), shown(goals.replay), ""],
  ["goal of own code", "", "", "", shown(goals.ownCode), ""],
];

function collector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

async function main(isJson: boolean): Promise<void> {
  const workload = makeWorkload(layers, inputs, seed);
  const operations = operationsOf(workload);
  // First, as in a process that records into this store alone: growing memory makes all later recordings slower.
  const sweeps = measureSweeps(workload, repeats);
  const ownCode = measureOwnCode(workload, repeats);
  const bytes = measureBytes(workload, collector());
  const tracing = await measureTracing(10);
  const ours = measureOurs(workload, repeats, false);
  const fresh = measureOurs(workload, repeats, true);
  const peers = runPeers(workloadBytes(workload), operations);
  const found = peers.filter((peer): peer is Outcome => "times" in peer);
  const systems = [ours, fresh, sweeps, ownCode, ...found];
  const others = [sweeps, ownCode, ...found].filter(({ gradient }) => gradient.length > 0);
  const distances = others.map(({ name, gradient }) => ({ name, distance: distance(gradient, ours.gradient) }));
  const agree = distances.every((other) => other.distance <= tolerance);
  const tracingMs = { first: tracing[0] as number, median: median(tracing) };
  if (isJson) {
    const measured = systems.map(({ name, times }) => ({ name, times }));
    const missing = peers.filter((peer) => !("times" in peer));
    const { generationMs } = ownCode;
    const setting = { operations, inputs, seed, goals };
    const rest = { missing, distances, agree, bytes, tracingMs, generationMs };
    console.log(JSON.stringify({ ...setting, systems: measured, ...rest }));
  } else {
    const head = ["ns per operation", "record", "reverse", "record+reverse", "replay+reverse", "ratio"];
    const rows = [...systems.map((outcome) => rowOf(outcome, ours)), ...goalRows];
    console.log(`${operations} operations, ${inputs} inputs, seed ${seed}; medians of ${repeats.measured} runs\n`);
    for (const line of table([head, ...rows])) console.log(line);
    for (const peer of peers) if ("missing" in peer) console.log(`${peer.name}: ${peer.missing}`);
    console.log(`\ncode of its own was made in ${ownCode.generationMs.toFixed(0)} ms`);
    console.log(`bytes per operation: ${bytes.held.toFixed(1)} held, ${bytes.allocated.toFixed(1)} allocated in all`);
    const { first, median: usual } = tracingMs;
    console.log(
      `recording value and gradient of LeNet-5: ${first.toFixed(1)} ms at first, then ${usual.toFixed(1)} ms`,
    );
    const worst = Math.max(0, ...distances.map((other) => other.distance));
    const names = ["nonsmooth", ...distances.map(({ name }) => name)].join("; ");
    console.log(`gradients of ${names}: ${agree ? "agree" : "DIFFER"}, at most ${worst.toExponential(1)} apart`);
  }
  if (!agree) process.exitCode = 1;
}

await main(process.argv.includes("--json"));
