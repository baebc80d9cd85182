/** The kind `zones`: how often and how far two sides of a network have different gradients, and why. */
import { setImmediate } from "node:timers/promises";
import type { Tree } from "@nonsmooth/ad-core";
import type { JobContext, JobKind, Parameters } from "../../sweeps/job.ts";
import { sharesDevice } from "../../training/gpuMachine.ts";
import { type Cause, type Census, type Counts, causeOf, noCounts } from "./census.ts";
import { checkMachine } from "./check.ts";
import { type Distance, distanceOf, noDistance } from "./differences.ts";
import type { KinkedStep } from "./forward.ts";
import { withMachines } from "./machines.ts";
import { argumentsOf, type Point, widened } from "./network.ts";
import { zonesParameters } from "./parameters.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { sideOf } from "./sides.ts";
import { type Counted, Tally } from "./tally.ts";

/** What is behind the differences of one draw. */
export interface DrawCensus {
  /** For each of the first mini-batches. */
  readonly causes: readonly Cause[];
  /** For each instruction that the sides treat differently, in the order of the program. */
  readonly layers: readonly (Counts & { readonly name: string; readonly site: string })[];
}

/** One draw of weights. */
export interface Draw {
  readonly seed: number;
  /** Mini-batches that were looked at; with `untilFirst` those up to the first difference. */
  readonly batches: number;
  /** Of them, those with another number in some entry of the gradient. */
  readonly differing: number;
  /** For each mini-batch; null where a gradient is not finite. */
  readonly d1: readonly (number | null)[];
  readonly dInf: readonly (number | null)[];
  readonly relative: readonly (number | null)[];
  readonly census: DrawCensus | null;
}

/** What a job found. */
export interface Zones extends Counted {
  readonly draws: readonly Draw[];
}

export const zonesKind: JobKind = { name: "zones", run, sharesDevice };

async function run(parameters: Parameters, context: JobContext): Promise<Zones> {
  const settings = zonesParameters(parameters);
  const sides = [sideOf(settings.one), sideOf(settings.other)] as const;
  const { machine, format, census } = settings;
  checkMachine({ ...(machine === null ? {} : { machine }), formats: [format], census });
  return withMachines(machine, sides, async (machines) => {
    const prepared = await prepare(settings, sides, machines);
    try {
      return await drawnAll(prepared, context);
    } finally {
      for (const executable of prepared.gradients) executable.dispose();
    }
  });
}

async function drawnAll(prepared: Prepared, context: JobContext): Promise<Zones> {
  const { seed, draws: count } = prepared.settings;
  const tally = new Tally();
  const draws: Draw[] = [];
  for (let i = 0; i < count; i++) draws.push(await drawn(prepared, seed + i, tally, context, i));
  return { draws, ...tally.result() };
}

/** One draw of weights, and its mini-batches. */
async function drawn(
  prepared: Prepared,
  seed: number,
  tally: Tally,
  context: JobContext,
  index: number,
): Promise<Draw> {
  const { settings, mass, draw, census } = prepared;
  const variables = draw(seed);
  const distances: Distance[] = [];
  const [causes, layers]: [Cause[], Counts[]] = [[], prepared.kinks.map(noCounts)];
  for (let b = 0; b < mass.count; b++) {
    const point = { variables, batch: mass.at(b) };
    const distance = await distanceAt(prepared, point, tally);
    distances.push(distance);
    if (census !== null && b < settings.census) {
      const counts = countsAt(census, point);
      causes.push(causeOf(distance.d1 !== 0, counts));
      for (const [i, count] of counts.entries()) addCounts(layers[i] as Counts, count);
    }
    context.progress(index * mass.count + b + 1, settings.draws * mass.count, `draw ${index + 1}`);
    await setImmediate();
    context.signal.throwIfAborted();
    if (settings.untilFirst && distance.d1 !== 0) break;
  }
  const found = census === null ? null : { causes, layers: layers.map((count, i) => named(prepared.kinks[i], count)) };
  return drawOf(seed, distances, found);
}

async function distanceAt({ gradients, screen, kinks }: Prepared, point: Point, tally: Tally): Promise<Distance> {
  const args = argumentsOf(point);
  const seen = screen?.(args);
  tally.see(kinks, seen?.ties);
  if (seen?.isSame) return noDistance;
  const [one, other] = gradients.map((executable) => executable.run([...args]));
  const distance = distanceOf(gradientIn(await one), gradientIn(await other));
  tally.differ(distance);
  return distance;
}

const gradientIn = (result: unknown): Tree => (result as { readonly gradient: Tree }).gradient;

function countsAt(census: Census, point: Point): Counts[] {
  const wide = widened(point);
  return census(argumentsOf(point), argumentsOf(wide), wide.batch.x);
}

const named = (kink: KinkedStep | undefined, counts: Counts) => ({
  ...counts,
  ...{ name: kink?.name ?? "", site: kink?.site ?? "" },
});

function addCounts(total: Counts, more: Counts): void {
  for (const name of Object.keys(total) as (keyof Counts)[]) total[name] += more[name];
}

/** A draw from the distances of its mini-batches. */
export const drawOf = (seed: number, distances: readonly Distance[], census: DrawCensus | null): Draw => ({
  seed,
  census,
  batches: distances.length,
  differing: distances.filter(({ d1 }) => d1 !== 0).length,
  d1: distances.map(({ d1 }) => d1),
  dInf: distances.map(({ dInf }) => dInf),
  relative: distances.map(({ relative }) => relative),
});
