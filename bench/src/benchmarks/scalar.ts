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
import { measureBytes, measureOurs, type Outcome } from "./ours.ts";
import { measurePeers } from "./peers.ts";
import { makeWorkload, operationsOf, workloadBytes } from "./workload.ts";

const layers = 219;
const inputs = 1000;
const seed = 1;
const repeats = { warmUp: 6, measured: 11 };
const tolerance = 1e-12;

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

function rowOf({ name, times: { record, reverse, replay } }: Outcome, ours: Outcome): string[] {
  const both = record + reverse;
  const ratio = both / (ours.times.record + ours.times.reverse);
  return [name, ...[record, reverse, both, replay].map((t) => t.toFixed(1)), ratio.toFixed(2)];
}

function collector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

async function main(isJson: boolean): Promise<void> {
  const workload = makeWorkload(layers, inputs, seed);
  const operations = operationsOf(workload);
  const bytes = measureBytes(workload, collector());
  const tracing = await measureTracing(10);
  const ours = measureOurs(workload, repeats, false);
  const fresh = measureOurs(workload, repeats, true);
  const peers = runPeers(workloadBytes(workload), operations);
  const found = peers.filter((peer): peer is Outcome => "times" in peer);
  const others = found.filter(({ gradient }) => gradient.length > 0);
  const distances = others.map(({ name, gradient }) => ({ name, distance: distance(gradient, ours.gradient) }));
  const agree = distances.every((other) => other.distance <= tolerance);
  const tracingMs = { first: tracing[0] as number, median: median(tracing) };
  if (isJson) {
    const systems = [ours, fresh, ...found].map(({ name, times }) => ({ name, times }));
    const missing = peers.filter((peer) => !("times" in peer));
    console.log(JSON.stringify({ operations, inputs, seed, systems, missing, distances, agree, bytes, tracingMs }));
  } else {
    const head = ["ns per operation", "record", "reverse", "record+reverse", "replay+reverse", "ratio"];
    const rows = [ours, fresh, ...found].map((outcome) => rowOf(outcome, ours));
    console.log(`${operations} operations, ${inputs} inputs, seed ${seed}; medians of ${repeats.measured} runs\n`);
    for (const line of table([head, ...rows])) console.log(line);
    for (const peer of peers) if ("missing" in peer) console.log(`${peer.name}: ${peer.missing}`);
    console.log(`\nbytes per operation: ${bytes.held.toFixed(1)} held, ${bytes.allocated.toFixed(1)} allocated in all`);
    const { first, median: usual } = tracingMs;
    console.log(
      `recording value and gradient of LeNet-5: ${first.toFixed(1)} ms at first, then ${usual.toFixed(1)} ms`,
    );
    const worst = Math.max(0, ...distances.map((other) => other.distance));
    const names = ["nonsmooth", ...distances.map(({ name }) => name)].join(", ");
    console.log(`gradients of ${names}: ${agree ? "agree" : "DIFFER"}, at most ${worst.toExponential(1)} apart`);
  }
  if (!agree) process.exitCode = 1;
}

await main(process.argv.includes("--json"));
