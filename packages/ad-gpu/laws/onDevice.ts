/**
 * The law of conformance where there is no test runner: `onDevice [--software | --opengl] [--runs N] [--seed N] [--out FILE]`.
 *
 * It does not stop at the first result that disagrees, and ends with a table of all instructions: how often each was compared, and
 * how often it was too far from the reference. `--out FILE` adds the table to a file as one line of JSON.
 */
import { appendFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { AdError } from "@nonsmooth/ad-core";
import { conformsByStep, fc } from "@nonsmooth/ad-testing";
import { gpu } from "../src/index.ts";
import { agreement } from "./agreement.ts";
import { Disagreements } from "./disagreements.ts";

const { values } = parseArgs({
  options: {
    ...{ software: { type: "boolean", default: false }, opengl: { type: "boolean", default: false } },
    ...{ runs: { type: "string", default: "100" }, seed: { type: "string", default: "20261122" } },
    out: { type: "string" },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** A whole number from the arguments. */
function wholeNumber(name: "runs" | "seed"): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value > 0) return value;
  const [problem, expected] = [`no number for --${name}`, "a whole number of at least 1"];
  throw new AdError({ code: "domain", where: "onDevice", problem, expected, got: values[name], remedy: "correct it" });
}

/** Checks random programs; returns whether all agreed. */
async function check(runs: number, seed: number): Promise<boolean> {
  const isSoftware = values.software || values.opengl;
  const machine = await gpu({ mode: "webgpu", adapter: isSoftware ? "software" : "hardware" });
  const { vendor = "", device = "", description = "" } = machine.adapter ?? {};
  const adapter = [vendor, device, description].filter(Boolean).join(", ");
  say(`${runs} random programs, seed ${seed}, on ${adapter}`);
  const numerics = await machine.numerics();
  for (const [name, holds] of Object.entries(numerics)) say(`  ${name.padEnd(24)} ${holds ? "yes" : "no"}`);
  const found = new Disagreements(agreement(numerics));
  // A smaller program that fails too is worth less than the time of the device.
  fc.configureGlobal({ endOnFailure: true });
  try {
    await conformsByStep(machine, { runs, seed, dtypes: ["f32"], agree: found.agree });
  } finally {
    for (const line of found.text()) say(line);
    const line = {
      schema: "nonsmooth.gpuCheck/1",
      date: new Date().toISOString(),
      adapter,
      what: "laws",
      runs,
      seed,
      numerics,
    };
    if (values.out !== undefined) appendFileSync(values.out, `${JSON.stringify({ ...line, ...found.report() })}\n`);
  }
  machine.dispose();
  return found.count === 0;
}

try {
  process.exitCode = (await check(wholeNumber("runs"), wholeNumber("seed"))) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
