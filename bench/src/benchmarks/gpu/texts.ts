// What was found, as tables.
import { table } from "../../cli/table.ts";
import { type LeakFound, type LeakMark, mostGrowth } from "./leak.ts";
import { mebibytes } from "./memory.ts";
import { largestError, type ProductFound } from "./products.ts";
import type { StepFound } from "./steps.ts";

const short = (value: number): string => value.toFixed(value >= 1000 ? 0 : value >= 100 ? 1 : value >= 1 ? 2 : 3);
const shown = (value: number | null): string => (value === null ? "-" : short(value));
const over = (above: number | null, below: number | null): string =>
  above === null || below === null ? "-" : (above / below).toFixed(2);

/** Products: how many times as fast as PyTorch. */
export function productsText(found: readonly ProductFound[], chain: number): string[] {
  const head = [
    "product, f32",
    "one call, ms",
    `GFLOP/s in a chain of ${chain}`,
    "PyTorch",
    "ours over it",
    "error",
    "",
  ];
  const rows = found.map(({ size, callMs, gigaflops, torch, error }) => [
    ...[`${size} x ${size}`, short(callMs), short(gigaflops), shown(torch), over(gigaflops, torch)],
    ...[error.toExponential(1), error <= largestError ? "" : "WRONG"],
  ]);
  return table([head, ...rows]);
}

/** Steps: their times beside PyTorch's, and memory before and after. */
export function stepsText(found: readonly StepFound[]): string[] {
  const times = found.map(({ name, steps, firstStepMs, trend, torch, losses }) => [
    ...[name, `${steps}`, short(firstStepMs), short(trend.median), short(trend.first), short(trend.last)],
    ...[trend.isFlat ? "flat" : "SLOWER", shown(torch), over(trend.median, torch), losses.map(short).join(" to ")],
  ]);
  const memory = found.map(({ name, dispatches, bytes, before, after }) => [
    ...[name, `${dispatches}`, mebibytes(bytes), mebibytes(before.rss), mebibytes(after.rss)],
    ...[mebibytes(before.device), mebibytes(after.device)],
  ]);
  const heads = [
    ["step", "steps", "first step, ms", "median, ms", "first", "last", "", "PyTorch", "ours over it", "loss"],
    ["step", "kernels a run", "buffers, MiB", "process before", "after", "device before", "after"],
  ] as const;
  return [...table([heads[0], ...times]), "", ...table([heads[1], ...memory])];
}

const columns = (cells: readonly string[]): string => cells.map((cell) => cell.padStart(16)).join("");

/** Above the lines of the leak check. */
export const leakHead: string = columns(["runs", "process, MiB", "JavaScript, MiB", "device, MiB", "buffers, bytes"]);

export const leakLine = ({ runs, rss, heap, device, session }: LeakMark): string =>
  columns([`${runs}`, mebibytes(rss), mebibytes(heap), mebibytes(device), `${session}`]);

/** Whether memory stayed as it was. */
export function leakText({ marks, growth, isFlat }: LeakFound): string {
  const runs = (marks.at(-1)?.runs ?? 0) - (marks[2]?.runs ?? 0);
  const says = (["rss", "heap"] as const).map((name) => {
    const what = name === "rss" ? "the process" : "JavaScript";
    return `${what} ${mebibytes(growth[name])} MiB, at most ${mebibytes(mostGrowth[name])}`;
  });
  return `${isFlat ? "flat" : "GROWS"}: in the last ${runs} runs ${says.join("; ")}`;
}
