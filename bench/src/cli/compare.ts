/** `nonsmooth compare`: training runs side by side, as a table and as curves. */
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { AdError } from "@nonsmooth/ad-core";
import { Command, Option } from "commander";
import { writeWhole } from "../files/writeWhole.ts";
import { escaped, linePlot } from "../plots/lines.ts";
import { type LogLine, RunFolder } from "../training/runFolder.ts";
import type { Output } from "./output.ts";
import { table } from "./table.ts";

/** A run as it is compared. */
interface Run {
  readonly name: string;
  readonly lines: readonly LogLine[];
}

const curves = ["loss", "testLoss", "testAccuracy"] as const;
type CurveName = (typeof curves)[number];

interface CompareOptions {
  readonly curve: CurveName;
  readonly svg?: string;
  readonly html?: string;
  readonly json?: true;
}

/** The command. */
export function build(output: Output): Command {
  return new Command("compare")
    .description("Training runs side by side: a table, and curves as a picture or a page.")
    .argument("<dir...>", "folders of runs, as train writes them")
    .addOption(new Option("--curve <name>", "what is drawn over the steps").choices(curves).default("loss"))
    .option("--svg <file>", "draw the curves")
    .option("--html <file>", "the same as a page with the table")
    .option("--json", "print one JSON object")
    .action((paths: string[], options: CompareOptions) => {
      const runs = paths.map(readRun);
      const text = asText(runs);
      if (options.svg !== undefined) writeWhole(options.svg, drawn(runs, options.curve));
      if (options.html !== undefined) writeWhole(options.html, page(drawn(runs, options.curve), text));
      output.write(
        options.json ? `${JSON.stringify({ schema: "nonsmooth.compare/1", runs: runs.map(lastOf) })}\n` : text,
      );
    });
}

function readRun(path: string): Run {
  const folder = new RunFolder(path);
  if (existsSync(folder.file("log"))) return { name: basename(path), lines: folder.lines() };
  const [problem, expected] = ["no run in this folder", "a folder that train has written"];
  throw new AdError({ code: "missing", where: "compare", problem, expected, got: path, remedy: "check the path" });
}

/** Means over a twentieth of the run, so that losses of single batches make a curve. */
function smoothed(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const width = Math.max(1, Math.floor(points.length / 20));
  return points.flatMap(([step], i) => {
    if ((i + 1) % width !== 0) return [];
    const part = points.slice(i + 1 - width, i + 1);
    return [[step, part.reduce((sum, [, value]) => sum + value, 0) / width] as const];
  });
}

const drawn = (runs: readonly Run[], curve: CurveName): string =>
  linePlot({
    title: `${curve} of ${runs.length} run${runs.length === 1 ? "" : "s"}`,
    xLabel: "step",
    yLabel: curve,
    scales: { x: "linear", y: curve === "testAccuracy" ? "linear" : "log" },
    curves: runs.map(({ name, lines }) => {
      const points = lines.flatMap((line) =>
        typeof line[curve] === "number" ? [[line.step, line[curve]] as const] : [],
      );
      return { name, points: curve === "loss" ? smoothed(points) : points };
    }),
  });

/** What a run has reached. */
function lastOf({ name, lines }: Run): Record<string, number | string | null> {
  const tested = lines.filter((line) => line.testLoss !== undefined);
  const best = tested.reduce((most, line) => Math.max(most, line.testAccuracy as number), 0);
  const last = tested.at(-1);
  const read = (field: string): number | null => (last?.[field] as number | undefined) ?? null;
  const epochs = tested.length;
  const [testLoss, testAccuracy] = [read("testLoss"), read("testAccuracy")];
  return {
    run: name,
    steps: lines.at(-1)?.step ?? 0,
    epochs,
    testLoss,
    testAccuracy,
    bestAccuracy: epochs ? best : null,
  };
}

function asText(runs: readonly Run[]): string {
  const percent = (value: unknown): string => (typeof value === "number" ? `${(100 * value).toFixed(2)} %` : "-");
  const rows = runs
    .map(lastOf)
    .map(({ run, steps, epochs, testLoss, testAccuracy, bestAccuracy }) => [
      `${run}`,
      `${steps}`,
      `${epochs}`,
      typeof testLoss === "number" ? testLoss.toFixed(4) : "-",
      percent(testAccuracy),
      percent(bestAccuracy),
    ]);
  const head = ["run", "steps", "epochs", "test loss", "test accuracy", "best"];
  return `${table([head, ...rows]).join("\n")}\n`;
}

const page = (svg: string, text: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>nonsmooth compare</title></head>
<body>
${svg}<pre>${escaped(text)}</pre>
</body>
</html>
`;
