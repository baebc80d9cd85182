/** The programs of a job, compiled once for all draws. */
import { compile, type Executable, type Machine, type ProgramData } from "@nonsmooth/ad-core";
import { wasm } from "@nonsmooth/ad-wasm";
import { leavesOf } from "../../programs/trees.ts";
import { type Census, censusOf } from "./census.ts";
import { type KinkedStep, kinksBetween } from "./forward.ts";
import type { Machines } from "./machines.ts";
import {
  argumentsOf,
  forwardOf,
  gradientOf,
  type Mass,
  massOf,
  modelFor,
  type Network,
  type Point,
  widened,
} from "./network.ts";
import type { ZonesParameters } from "./parameters.ts";
import { type Screen, screenOf } from "./screen.ts";
import { choicesOf, type Side } from "./sides.ts";

/** Everything that is compiled once for all draws. */
export interface Prepared {
  readonly settings: ZonesParameters;
  readonly mass: Mass;
  readonly draw: Network["draw"];
  readonly gradients: readonly [Executable, Executable];
  readonly kinks: readonly KinkedStep[];
  readonly screen: Screen | null;
  readonly census: Census | null;
}

/** Both sides with the first one's program of the value. */
interface Compared {
  readonly sides: readonly [Side, Side];
  readonly program: ProgramData;
  readonly kinks: readonly KinkedStep[];
}

/**
 * Builds and compiles everything. A GPU is not asked for a look: its compiler may round the programs of values and of gradients
 * in different ways, so that what one of them meets says nothing of the other.
 */
export async function prepare(
  settings: ZonesParameters,
  [one, other]: readonly [Side, Side],
  machines: Machines,
): Promise<Prepared> {
  const mass = await massOf(settings);
  const { draw } = modelFor(settings, one, mass);
  const point = { variables: draw(settings.seed), batch: mass.at(0) };
  const gradient = (side: Side, machine: Machine): Executable =>
    compile(gradientOf(settings, side, mass, point), machine);
  const [program, otherProgram] = [forwardOf(settings, one, mass, point), forwardOf(settings, other, mass, point)];
  const compared = { sides: [one, other], program, kinks: kinksBetween(program, [one, other]) } as const;
  const { kinks } = compared;
  const isLookedAt = settings.machine === null && one.shuffled === other.shuffled;
  const screen = isLookedAt ? screenOf([program, otherProgram], kinks, argumentsOf(point), machines[0]) : null;
  const census = settings.census > 0 ? prepareCensus(compared, settings, mass, point) : null;
  const gradients = [gradient(one, machines[0]), gradient(other, machines[1])] as const;
  return { settings, mass, draw, gradients, kinks, screen, census };
}

function prepareCensus(
  { sides, program, kinks }: Compared,
  setting: ZonesParameters,
  mass: Mass,
  point: Point,
): Census {
  const wide = widened(point);
  const [args, wideArgs] = [argumentsOf(point), argumentsOf(wide)];
  const wideProgram = forwardOf(setting, sides[0], mass, wide);
  const wideKinks = kinksBetween(wideProgram, sides);
  const x = leavesOf(wideArgs).indexOf(wide.batch.x);
  const machine = wasm({ threads: 1 });
  return censusOf({ program, wideProgram, kinks, wideKinks, machine, args, wideArgs, x, isFlatAtZero: isFlat(sides) });
}

/** Whether both sides have the derivative 0 where a relu is at 0: nothing else was chosen for it. */
const isFlat = (sides: readonly [Side, Side]): boolean =>
  sides.every((side) =>
    Object.entries(choicesOf(side)).every(
      ([name, { name: choice }]) => !/^relu(@|$)/.test(name) || ["first", "atKink(0)"].includes(choice),
    ),
  ) && sides.every(({ activation }) => activation === null || ["relu", "relu:0", "relu-assign:0"].includes(activation));
