/** How costs grow with the size of a program. */
import type { ProgramOptions, ProgramSource } from "../programs/types.ts";
import { type CostSettings, type CostStudy, costStudy } from "./cost.ts";

/** One size. */
export interface SweepPoint {
  readonly inputs: number;
  readonly study: CostStudy;
}

/** What a sweep found. */
export interface CostSweep {
  readonly program: string;
  readonly description: string;
  /** What `inputs` counts. */
  readonly sweeps: string;
  readonly points: readonly SweepPoint[];
  /** The largest over the smallest ratio of backward mode, minus 1: 0 when it does not depend on size. */
  readonly backwardSpread: { readonly model: number; readonly engine: number };
  /** Power of the number of tangents with which forward mode's ratio grows: 1 when it grows in proportion. */
  readonly forwardFullPower: number;
}

/** Studies a program in several sizes; `tell` hears of each before it begins. */
export async function costSweep(
  source: ProgramSource & { readonly sweeps: string },
  sizes: readonly number[],
  options: ProgramOptions,
  settings: CostSettings,
  tell: (inputs: number, index: number) => void,
): Promise<CostSweep> {
  const points: SweepPoint[] = [];
  for (const [index, inputs] of sizes.entries()) {
    tell(inputs, index);
    points.push({ inputs, study: await costStudy(await source.build({ ...options, inputs }), settings) });
  }
  const ratios = (read: (study: CostStudy) => number): number[] => points.map(({ study }) => read(study));
  return {
    program: source.name,
    description: source.description,
    sweeps: source.sweeps,
    points,
    backwardSpread: {
      model: spreadOf(ratios(({ model }) => model.backwardRatio)),
      engine: spreadOf(ratios(({ engine }) => engine.backwardRatio)),
    },
    forwardFullPower: slopeOf(
      ratios(({ directions }) => Math.log(directions)),
      ratios(({ model }) => Math.log(model.forwardFull.ratio)),
    ),
  };
}

const spreadOf = (values: readonly number[]): number => Math.max(...values) / Math.min(...values) - 1;

/** Slope of the line nearest to the points; NaN for less than two different abscissas. */
function slopeOf(x: readonly number[], y: readonly number[]): number {
  const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
  const [mx, my] = [mean(x), mean(y)];
  const products = x.map((v, i) => (v - mx) * ((y[i] as number) - my));
  return mean(products) / mean(x.map((v) => (v - mx) * (v - mx)));
}
