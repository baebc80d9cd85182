/**
 * Products, convolutions and sums along lines on the machine on GPUs, with shaders of our own and with those that gpu.js translates:
 * `npm run bench:gpu`, with `--mode MODE`, `--adapter hardware|software`, and `--json` for a program to read.
 *
 * Both take turns, so that what else the device does falls on both; a ratio is the median over the rounds. An operation is
 * repeated within a run until the run is long beside the way to the device and back. The last line says whether both gave the
 * same first elements. In other modes than `webgpu` everything is translated, and there is nothing to compare.
 */
import { parseArgs } from "node:util";
import type { Executable, Tensor } from "@nonsmooth/ad-core";
import { type GpuMachine, type GpuOptions, gpu } from "@nonsmooth/ad-gpu";
import { table } from "../cli/table.ts";
import { type GpuWork, gpuWorks, workOn } from "./gpuWorks.ts";
import { inTurns, middleOf, ratioOf } from "./turns.ts";

const rounds = 5;
/** How long a run is to be at least, and how often an operation is repeated in it at most. */
const long = { milliseconds: 20, times: 16 };

/** The arguments, as the machine takes them: it checks them. */
function settingsOf(args: readonly string[]): { readonly options: GpuOptions; readonly isJson: boolean } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ mode: { type: "string", default: "webgpu" }, adapter: { type: "string", default: "hardware" } },
      json: { type: "boolean", default: false },
    },
  });
  const { mode, adapter } = values as Required<Pick<GpuOptions, "mode" | "adapter">>;
  return { options: { mode, adapter }, isJson: values.json };
}

/** Milliseconds of an operation, by the kernels that compute it. */
interface Figure {
  readonly name: string;
  /** Null in modes that have no shaders of ours. */
  readonly own: number | null;
  readonly translated: number;
  /** How many times as fast our own shaders are. */
  readonly ratio: number | null;
  readonly isSame: boolean;
}

type Firsts = { readonly firsts: readonly Tensor[] };

/** Milliseconds of a run, and the first element of its first result. */
async function timed(running: Executable): Promise<readonly [milliseconds: number, first: number]> {
  const start = performance.now();
  const { firsts } = (await running.run([])) as Firsts;
  return [performance.now() - start, firsts[0]?.data[0] as number];
}

/** How often to repeat an operation in one run. */
async function timesOf(machine: GpuMachine, work: GpuWork): Promise<number> {
  const running = workOn(machine, work, 1);
  await timed(running);
  const [milliseconds] = await timed(running);
  running.dispose();
  return Math.max(1, Math.min(long.times, Math.round(long.milliseconds / milliseconds)));
}

async function figureOf(work: GpuWork, own: GpuMachine | null, translated: GpuMachine): Promise<Figure> {
  const times = await timesOf(own ?? translated, work);
  const [ours, theirs] = [own && workOn(own, work, times), workOn(translated, work, times)];
  const [, second] = await timed(theirs);
  const first = ours ? (await timed(ours))[1] : second;
  const sampler = (running: Executable) => async () => [(await timed(running))[0] / times];
  const turns = await inTurns(rounds, sampler(theirs), ours && sampler(ours));
  for (const running of [ours, theirs]) running?.dispose();
  return {
    ...{ name: work.name, own: middleOf(turns.theirs), translated: middleOf(turns.ours) as number },
    ...{ ratio: ratioOf(turns.ours, turns.theirs), isSame: first === second },
  };
}

const shown = (value: number | null): string => (value === null ? "-" : value.toFixed(2));

function print({ mode, adapter, kernelClass }: GpuMachine, figures: readonly Figure[]): void {
  const { description, vendor, architecture } = adapter ?? { description: "no adapter", vendor: "", architecture: "" };
  const device = [vendor, architecture, description].filter((part) => part !== "").join(", ");
  const kind = adapter?.isSoftware ? " (computes on the CPU)" : "";
  console.log(`mode ${mode}, ${kernelClass}; ${device}${kind}; medians of ${rounds} rounds\n`);
  const rows = figures.map(({ name, own, translated, ratio }) => [name, shown(own), shown(translated), shown(ratio)]);
  for (const line of table([["milliseconds", "own", "translated", "times as fast"], ...rows])) console.log(line);
  if (figures.every(({ own }) => own === null)) return;
  const differing = figures.filter(({ isSame }) => !isSame).map(({ name }) => name);
  console.log(`\nfirst elements: ${differing.length === 0 ? "the same" : `DIFFER for ${differing.join("; ")}`}`);
}

async function main(): Promise<void> {
  const { options, isJson } = settingsOf(process.argv.slice(2));
  const translated = await gpu({ ...options, shaders: "translated" });
  const own = translated.mode === "webgpu" ? await gpu(options) : null;
  const figures: Figure[] = [];
  for (const work of gpuWorks) figures.push(await figureOf(work, own, translated));
  const { mode, adapter, kernelClass } = translated;
  if (isJson) console.log(JSON.stringify({ mode, adapter, kernelClass, rounds, figures }));
  else print(translated, figures);
  own?.dispose();
  translated.dispose();
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
