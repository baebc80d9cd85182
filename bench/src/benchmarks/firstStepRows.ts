// How long a fresh process needs until its first step of LeNet-5 is made.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { median } from "../studies/timing.ts";
import type { FirstStep } from "./firstStep.ts";
import { atMost, type Mode, type Row } from "./row.ts";

const script = join(import.meta.dirname, "firstStep.js");

/** Milliseconds until the machine is loaded and the first program is compiled: at most this. */
const goal = 150;

const says: Readonly<Record<keyof FirstStep, string>> = {
  load: "loading the machine",
  model: "loading and drawing the model",
  trace: "recording",
  compile: "compiling",
  run: "running",
};

/** The parts of a first step in fresh processes, one after the other; each figure is a median. */
export function firstStepRows(mode: Mode, processes: number): Row[] {
  const found = Array.from({ length: processes }, () => {
    const text = execFileSync(process.execPath, [script, mode], { encoding: "utf8" });
    return JSON.parse(text) as FirstStep;
  });
  return rowsOfFirstSteps(found);
}

/** The rows of what fresh processes said. */
export function rowsOfFirstSteps(found: readonly FirstStep[]): Row[] {
  const parts = Object.keys(says) as (keyof FirstStep)[];
  const row = (work: string, numberOf: (step: FirstStep) => number, bound?: number): Row => ({
    ...{ work: `first step of LeNet-5: ${work}`, threads: 1, unit: "ms", ours: median(found.map(numberOf)) },
    ...{ peer: null, theirs: null, ratio: null, goal: atMost(bound), differs: null },
  });
  return [
    ...parts.map((part) => row(says[part], (step) => step[part])),
    row("loading the machine and compiling", ({ load, compile }) => load + compile, goal),
    row("all of it", (step) => parts.reduce((total, part) => total + step[part], 0)),
  ];
}
