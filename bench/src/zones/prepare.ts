/** The programs of a job, compiled once for all draws. */
import { compile, type Executable, type Tree } from "@nonsmooth/ad-core";
import type { Batch, Variables } from "@nonsmooth/nets";
import { type Census, censusOf } from "./census.ts";
import { forwardOf, type KinkedStep, kinksBetween } from "./forward.ts";
import { gradientOf, type Mass, machineFor, massOf, modelFor, type Setting, widened } from "./network.ts";
import type { ZonesParameters } from "./parameters.ts";
import { leavesOf, type Screen, screenOf } from "./screen.ts";
import { choicesOf, type Side, sideOf } from "./sides.ts";

/** Everything that is compiled once for all draws. */
export interface Prepared {
  readonly settings: ZonesParameters;
  readonly mass: Mass;
  readonly draw: (seed: number) => Variables;
  readonly gradients: readonly [Executable, Executable];
  readonly kinks: readonly KinkedStep[];
  readonly screen: Screen | null;
  readonly census: Census | null;
}

/** Builds and compiles everything. */
export async function prepare(settings: ZonesParameters): Promise<Prepared> {
  const mass = await massOf(settings);
  const sides = [sideOf(settings.one), sideOf(settings.other)] as const;
  const [{ draw }] = [modelFor(settings, sides[0], mass)];
  const variables = draw(settings.seed);
  const gradients = sides.map((side) =>
    compile(gradientOf(settings, side, mass, variables), machineFor(side)),
  ) as unknown as [Executable, Executable];
  const batch = mass.at(0);
  const programs = sides.map((side) => forwardOf(settings, side, mass, variables, batch));
  const [one, other] = programs as [(typeof programs)[0], (typeof programs)[0]];
  const selects = [choicesOf(sides[0]), choicesOf(sides[1])] as const;
  const kinks = kinksBetween(one, sides, selects);
  const args = [variables, batch] as unknown as readonly Tree[];
  const isOneOrder = sides[0].shuffled === sides[1].shuffled;
  const screen = isOneOrder ? screenOf([one, other], kinks, args, machineFor(sides[0])) : null;
  const census = settings.census > 0 ? prepareCensus(settings, sides, mass, variables) : null;
  return { settings, mass, draw, gradients, kinks, screen, census };
}

function prepareCensus(setting: Setting, sides: readonly [Side, Side], mass: Mass, variables: Variables): Census {
  const batch = mass.at(0);
  const [wideVariables, wideBatch] = [
    widened(variables as unknown as Tree) as unknown as Variables,
    widenedBatch(batch),
  ];
  const program = forwardOf(setting, sides[0], mass, variables, batch);
  const wideProgram = forwardOf(setting, sides[0], mass, wideVariables, wideBatch);
  const selects = [choicesOf(sides[0]), choicesOf(sides[1])] as const;
  const [kinks, wideKinks] = [program, wideProgram].map((one) => kinksBetween(one, sides, selects)) as [
    KinkedStep[],
    KinkedStep[],
  ];
  const [args, wideArgs] = [
    [variables, batch],
    [wideVariables, wideBatch],
  ] as unknown as [readonly Tree[], readonly Tree[]];
  const x = leavesOf(wideArgs).indexOf(wideBatch.x);
  const machine = machineFor({ ...sides[0], shuffled: null });
  const isFlatAtZero = isFlat(sides);
  return censusOf({ program, wideProgram, kinks, wideKinks, machine, args, wideArgs, x, isFlatAtZero });
}

/** A batch in f64. */
export const widenedBatch = (batch: Batch): Batch => widened(batch as unknown as Tree) as unknown as Batch;

/** Whether both sides have the derivative 0 where a relu is at 0: nothing else was chosen for it. */
const isFlat = (sides: readonly [Side, Side]): boolean =>
  sides.every((side) =>
    Object.entries(choicesOf(side)).every(
      ([name, { name: choice }]) => !/^relu(@|$)/.test(name) || ["first", "atKink(0)"].includes(choice),
    ),
  ) && sides.every(({ activation }) => activation === null || ["relu", "relu:0", "relu-assign:0"].includes(activation));
