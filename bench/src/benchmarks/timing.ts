// Times that can be compared: repeated after a warm-up, and the median taken.
import { median } from "../studies/timing.ts";

/** How often to run: the first runs are slower, because code is not compiled and memory not touched yet. */
export interface Repeats {
  readonly warmUp: number;
  readonly measured: number;
}

/** Runs `measure` again and again; returns the median of each of the times that it gives. */
export function medians<Name extends string>(
  { warmUp, measured }: Repeats,
  measure: () => Readonly<Record<Name, number>>,
): Record<Name, number> {
  const runs = Array.from({ length: warmUp + measured }, measure).slice(warmUp);
  const names = Object.keys(runs[0] as object) as Name[];
  return Object.fromEntries(names.map((name) => [name, median(runs.map((run) => run[name]))])) as Record<Name, number>;
}

/** Milliseconds that a body takes, and what it returns. */
export function timed<T>(body: () => T): [milliseconds: number, result: T] {
  const start = performance.now();
  const result = body();
  return [performance.now() - start, result];
}
