/** The kind `program-zones`: how often two choices at kinks give a program other gradients, at points drawn around its own. */
import { setImmediate } from "node:timers/promises";
import {
  add,
  cast,
  compile,
  grad,
  key,
  type Machine,
  type ProgramData,
  split,
  type Tensor,
  type Tree,
  trace,
} from "@nonsmooth/ad-core";
import type { RealDType } from "@nonsmooth/nets";
import { checkContents } from "../../programs/contents.ts";
import { uniformBetween } from "../../programs/draws.ts";
import { resolveProgram } from "../../programs/index.ts";
import { movingPart } from "../../programs/moved.ts";
import { leavesOf, mapLeaves } from "../../programs/trees.ts";
import type { JobContext, JobKind, Parameters } from "../../sweeps/job.ts";
import { anyText, oneOf, orNull, type Read, readParameters, real, text, whole } from "../../sweeps/parameters.ts";
import { type GpuName, gpuNames, sharesDevice } from "../../training/gpuMachine.ts";
import { type Distance, distanceOf, noDistance } from "./differences.ts";
import { kinksBetween } from "./forward.ts";
import { type Machines, withMachines } from "./machines.ts";
import { noMachine } from "./parameters.ts";
import { screenOf } from "./screen.ts";
import { checkPlain, choicesOf, type Side, sideOf } from "./sides.ts";
import { Tally } from "./tally.ts";
import { type Draw, drawOf, type Zones } from "./zonesJob.ts";

/** Parameters of a job of the kind `program-zones`. */
export interface ProgramZonesParameters {
  /** A program by name, or the path of a file, as for `nonsmooth cost`. */
  readonly program: string;
  /** Of that file's contents; null for a name. */
  readonly programSha256: string | null;
  /** The size of the program; null for its usual one. */
  readonly inputs: number | null;
  readonly format: RealDType;
  /** What computes, where it is not wasm. */
  readonly machine: GpuName | null;
  readonly one: string;
  readonly other: string;
  /** Every entry is moved by at most this. */
  readonly radius: number;
  readonly seed: number;
  /** Points, each with a seed of its own. */
  readonly draws: number;
}

const readers: { readonly [Name in keyof ProgramZonesParameters]: Read<ProgramZonesParameters[Name]> } = {
  ...{ program: text, programSha256: orNull(text), inputs: orNull(whole(1)) },
  ...{ format: oneOf(["f64", "f32", "bf16", "f16"]), machine: orNull(oneOf(gpuNames)), one: anyText, other: anyText },
  ...{ radius: real, seed: whole(0), draws: whole(1) },
};

/** Reads and checks them. */
const programZonesParameters = (parameters: Parameters): ProgramZonesParameters =>
  readParameters("program-zones", { ...noMachine, ...parameters }, readers);

export const programZonesKind: JobKind = { name: "program-zones", run, sharesDevice };

async function run(parameters: Parameters, { signal, progress }: JobContext): Promise<Zones> {
  const settings = programZonesParameters(parameters);
  const sides = [sideOf(settings.one), sideOf(settings.other)] as const;
  for (const side of sides) checkPlain(side);
  await checkContents(settings.program, settings.programSha256);
  return withMachines(settings.machine, sides, async (machines) => {
    const compared = { sides, machines, isScreened: settings.machine === null };
    const tally = new Tally();
    const draws: Draw[] = [];
    for (let i = 0; i < settings.draws; i++) {
      const seed = settings.seed + i;
      const { g, at } = await pointOf(settings, seed);
      draws.push(drawOf(seed, [await distanceAt(g, at, compared, tally)], null));
      progress(i + 1, settings.draws, `point ${i + 1}`);
      await setImmediate();
      signal.throwIfAborted();
    }
    return { draws, ...tally.result() };
  });
}

/** The program is built with this seed: its points alone are drawn. */
const programSeed = 1;

/** The program at its own point, moved by draws of the seed. */
async function pointOf({ program, inputs, format: dtype, radius }: ProgramZonesParameters, seed: number) {
  const size = inputs === null ? {} : { inputs };
  const { g, at } = movingPart(await resolveProgram(program, { seed: programSeed, dtype, ...size }));
  const keys = split(key(seed), leavesOf(at).length);
  return { g: g as Run, at: mapLeaves(at, (x, i) => movedBy(x, radius, keys[i] as Tensor, dtype)) };
}

/** A tensor that moves, in the format of the job, whatever format it was written in. */
function movedBy(x: Tensor, radius: number, drawn: Tensor, dtype: RealDType): Tensor {
  if (x.dtype === "i32" || x.dtype === "bool") return x;
  const by = uniformBetween(drawn, x.shape, [-radius, radius], "f64");
  return cast(radius === 0 ? x : add(cast(x, "f64"), by), dtype);
}

type Run = (...args: unknown[]) => Tensor;

/** Both sides, and whether a look at the values may say that they are equal. */
interface Compared {
  readonly sides: readonly [Side, Side];
  readonly machines: Machines;
  readonly isScreened: boolean;
}

/** Everything is recorded at the point itself, whichever branches the program takes there. */
async function distanceAt(g: Run, at: readonly unknown[], compared: Compared, tally: Tally): Promise<Distance> {
  const { sides, machines } = compared;
  const value = trace(g, [...at]) as unknown as ProgramData;
  const kinks = kinksBetween(value, sides);
  const isLookedAt = compared.isScreened && sides[0].shuffled === sides[1].shuffled;
  const seen = isLookedAt ? screenOf([value, value], kinks, at, machines[0])?.(at) : undefined;
  tally.see(kinks, seen?.ties);
  if (seen?.isSame) return noDistance;
  const wrt = at.map((_, i) => i);
  const gradientOn = async (side: Side, machine: Machine): Promise<Tree> => {
    const gradient = trace(grad(g, { wrt, select: choicesOf(side) }) as unknown as Run, [...at]);
    const executable = compile(gradient, machine);
    try {
      return byArgument(await executable.run([...at]));
    } finally {
      executable.dispose();
    }
  };
  const distance = distanceOf(await gradientOn(sides[0], machines[0]), await gradientOn(sides[1], machines[1]));
  tally.differ(distance);
  return distance;
}

/** Gradients by the number of the argument. */
const byArgument = (gradients: unknown): Tree =>
  Object.fromEntries((gradients as readonly Tree[]).map((gradient, i) => [`argument${i + 1}`, gradient]));
