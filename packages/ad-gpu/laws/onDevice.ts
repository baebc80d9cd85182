/**
 * The law of conformance where there is no test runner:
 * `onDevice [--software | --opengl] [--runs N] [--seed N] [--seconds N] [--out FILE]`.
 *
 * It does not stop at the first result that disagrees, and ends with a table of all instructions: how often each was compared, and
 * how often it was too far from the reference. After so many seconds no further program is tried. `--out FILE` adds the table to a
 * file as one line of JSON.
 */
import { appendFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { AdError } from "@nonsmooth/ad-core";
import { conformsByStep, fc } from "@nonsmooth/ad-testing";
import { type GpuMachine, gpu, type Numerics } from "../src/index.ts";
import { agreement } from "./agreement.ts";
import { Disagreements } from "./disagreements.ts";

const { values } = parseArgs({
  options: {
    ...{ software: { type: "boolean", default: false }, opengl: { type: "boolean", default: false } },
    ...{ runs: { type: "string", default: "100" }, seed: { type: "string", default: "20261122" } },
    ...{ seconds: { type: "string", default: "180" }, out: { type: "string" } },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** A whole number from the arguments. */
function wholeNumber(name: "runs" | "seed" | "seconds"): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value > 0) return value;
  const [problem, expected] = [`no number for --${name}`, "a whole number of at least 1"];
  throw new AdError({ code: "domain", where: "onDevice", problem, expected, got: values[name], remedy: "correct it" });
}

/** All that the adapter says of itself. */
const nameOf = ({ adapter }: GpuMachine): string =>
  [adapter?.vendor, adapter?.architecture, adapter?.device, adapter?.description].filter(Boolean).join(", ");

/** What is checked, and with what. */
interface Check {
  readonly machine: GpuMachine;
  readonly numerics: Numerics;
  readonly runs: number;
  readonly seed: number;
}

/** Opens the device, and says what it is like. */
async function begin(): Promise<Check> {
  const isSoftware = values.software || values.opengl;
  const machine = await gpu({ mode: "webgpu", adapter: isSoftware ? "software" : "hardware" });
  const [runs, seed] = [wholeNumber("runs"), wholeNumber("seed")];
  say(`${runs} random programs, seed ${seed}, on ${nameOf(machine)}`);
  const numerics = await machine.numerics();
  for (const [name, holds] of Object.entries(numerics)) say(`  ${name.padEnd(24)} ${holds ? "yes" : "no"}`);
  return { machine, numerics, runs, seed };
}

/** Says what was found, and keeps it. */
function tell({ machine, ...check }: Check, found: Disagreements): void {
  for (const line of found.text()) say(line);
  if (values.out === undefined) return;
  const common = { schema: "nonsmooth.gpuCheck/1", date: new Date().toISOString(), adapter: nameOf(machine) };
  appendFileSync(values.out, `${JSON.stringify({ ...common, what: "laws", ...check, ...found.report() })}\n`);
}

/** Checks random programs; returns whether all agreed. */
async function isGood(): Promise<boolean> {
  const check = await begin();
  const { machine, numerics, runs, seed } = check;
  const found = new Disagreements(agreement(numerics));
  // A smaller program that fails too is worth less than the time of the device.
  fc.configureGlobal({ endOnFailure: true, interruptAfterTimeLimit: 1000 * wholeNumber("seconds") });
  try {
    await conformsByStep(machine, { runs, seed, dtypes: ["f32"], agree: found.agree });
  } finally {
    tell(check, found);
  }
  return found.count === 0;
}

try {
  process.exitCode = (await isGood()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
// A program that was interrupted may still be waiting for the device.
process.exit();
