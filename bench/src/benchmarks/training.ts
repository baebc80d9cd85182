/**
 * Trains LeNet-5 with every optimizer and several seeds, and says whether the goals are reached: `npm run bench:training`.
 *
 * Arguments: `--out DIR` (runs/goals), `--only OPTIMIZER,...`, `--jobs N` (1), `--json`. A run that is finished is not made
 * again, one that was interrupted goes on.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { table } from "../cli/table.ts";
import { dataFolder, foundIn } from "../data/find.ts";
import { finalAccuracy } from "../training/result.ts";
import { RunFolder } from "../training/runFolder.ts";
import { argumentsOf, goals, seeds, type Trained, trained } from "./trainingRuns.ts";

const command = join(import.meta.dirname, "..", "cli", "main.js");

interface Job {
  readonly run: Trained;
  readonly seed: number;
  readonly folder: string;
}

/** Makes a run, or goes on with it, in a process of its own. */
function made({ run, seed, folder }: Job): Promise<void> {
  const there = new RunFolder(folder);
  if (there.has("result")) return Promise.resolve();
  const args = [...argumentsOf(run, seed, folder), ...(there.has("plan") ? ["--resume"] : [])];
  process.stderr.write(`nonsmooth ${args.join(" ")}\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, ...args], { stdio: ["ignore", "ignore", "inherit"] });
    child.on("exit", (code) => (code === 0 || code === 1 ? resolve() : reject(new Error(`train ended with ${code}`))));
  });
}

/** Works through jobs, some at a time. */
async function all(jobs: readonly Job[], atOnce: number): Promise<void> {
  const left = [...jobs];
  const work = async (): Promise<void> => {
    for (let job = left.shift(); job !== undefined; job = left.shift()) await made(job);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

interface Row {
  readonly data: Trained["data"];
  readonly optimizer: string;
  readonly settings: string;
  /** Test accuracy after the last epoch, by seed; NaN for a run that diverged. */
  readonly accuracies: readonly number[];
  readonly mean: number;
  readonly reached: boolean;
}

function rowOf(run: Trained, folders: readonly string[]): Row {
  const accuracies = folders.map((folder) => finalAccuracy(new RunFolder(folder).result()));
  const mean = accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length;
  const { data, optimizer } = run;
  const goal = goals[data];
  const reached = mean >= goal.mean && accuracies.every((value) => value >= goal.least);
  return { data, optimizer, settings: run.settings.join(" "), accuracies, mean, reached };
}

const percent = (share: number): string => (100 * share).toFixed(2);

function asText(rows: readonly Row[]): string {
  const head = ["data", "optimizer", "settings", ...seeds.map((seed) => `seed ${seed}`), "mean", "goal", ""];
  const cells = rows.map(({ data, optimizer, settings, accuracies, mean, reached }) => [
    ...[data, optimizer, settings, ...accuracies.map(percent), percent(mean), percent(goals[data].mean)],
    reached ? "reached" : "MISSED",
  ]);
  return table([head, ...cells], 3).join("\n");
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: "string", default: join("runs", "goals") },
      only: { type: "string", default: "" },
      jobs: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
    },
  });
  const wanted = values.only === "" ? null : values.only.split(",");
  const folder = dataFolder();
  const there = ["digits", ...(folder === undefined ? [] : foundIn(folder))];
  const runs = trained.filter(({ optimizer }) => wanted === null || wanted.includes(optimizer));
  const possible = runs.filter(({ data }) => there.includes(data));
  const foldersOf = ({ data, optimizer }: Trained): string[] =>
    seeds.map((seed) => join(values.out, `${data}-${optimizer}-${seed}`));
  const jobs = possible.flatMap((run) =>
    foldersOf(run).map((at, i) => ({ run, seed: seeds[i] as number, folder: at })),
  );
  await all(jobs, Number(values.jobs));
  const rows = possible.map((run) => rowOf(run, foldersOf(run)));
  const best = Math.max(...rows.filter(({ data }) => data === "mnist").map(({ mean }) => mean));
  if (possible.length < runs.length) console.error("skipped: no MNIST; set NONSMOOTH_DATA to a folder that has it");
  if (values.json) console.log(JSON.stringify({ schema: "nonsmooth.training/1", rows, best }));
  else console.log(`${asText(rows)}\n\nbest optimizer on mnist: ${percent(best)}, goal ${percent(goals.mnist.best)}`);
  if (rows.some(({ reached }) => !reached) || best < goals.mnist.best) process.exitCode = 1;
}

await main();
