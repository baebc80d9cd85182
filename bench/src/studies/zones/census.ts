/** What stands behind a difference of two gradients: every tie of a mini-batch, and which of them can be a kink. */
import { compile, type Machine, type ProgramData, simplify, type Tensor, trace } from "@nonsmooth/ad-core";
import { stepAt } from "@nonsmooth/ad-core/machines";
import { leavesOf } from "../../programs/trees.ts";
import type { Look, SamePlaces } from "./cells.ts";
import { branchesOf, type KinkedStep, replayed } from "./forward.ts";
import { patchesOf, stepsCalled } from "./patches.ts";

/** Elements of one instruction by what they are. */
export interface Counts {
  /** Windows, or elements. */
  elements: number;
  /** Ties at 0 after a relu with derivative 0 there: nothing passes, whatever the choice. Proved harmless. */
  zero: number;
  /** Ties of cells with identical patches, or with none, as their relus are off. Proved harmless over the reals. */
  identical: number;
  /** Other ties that are there in f64 too: they may be true kinks. */
  candidate: number;
  /** Other ties that f64 does not have, rounding or undecided; all elements of a kink that is not looked into. */
  undecided: number;
}

/** Why two gradients of a mini-batch differ, as far as its ties can tell. */
export type Cause = "none" | "rounding" | "candidate" | "undecided";

/** The counts of a mini-batch, for each of the kinks. */
export type Census = (args: readonly unknown[], wideArgs: readonly unknown[], images: Tensor) => Counts[];

/** What a census needs to know. */
export interface CensusSettings {
  readonly program: ProgramData;
  /** The program of the same network in f64. */
  readonly wideProgram: ProgramData;
  readonly kinks: readonly KinkedStep[];
  readonly wideKinks: readonly KinkedStep[];
  /** Whether both sides have the derivative 0 where a relu is at 0. */
  readonly isFlatAtZero: boolean;
  readonly machine: Machine;
  readonly args: readonly unknown[];
  readonly wideArgs: readonly unknown[];
  /** The place of the images among the inputs of the program in f64. */
  readonly x: number;
}

export const noCounts = (): Counts => ({ elements: 0, zero: 0, identical: 0, candidate: 0, undecided: 0 });

/** Why gradients that differ do: the strongest of what their ties allow. */
export function causeOf(differs: boolean, counts: readonly Counts[]): Cause {
  if (!differs) return "none";
  if (counts.some(({ candidate }) => candidate > 0)) return "candidate";
  return counts.some(({ undecided }) => undecided > 0) ? "undecided" : "rounding";
}

/** What a run shows: the values that meet at each kink, what each relu gives, and the cells of each window of a pooling. */
interface Shown {
  readonly meeting: readonly (readonly Tensor[])[];
  readonly relus: readonly Tensor[];
  readonly pools: readonly Tensor[];
  /** Of kinks that are not looked into, how many elements they have. */
  readonly outputs: readonly Tensor[];
}

/** Runs of a program on a machine that show these values. */
function shower(program: ProgramData, kinks: readonly KinkedStep[], args: readonly unknown[], machine: Machine) {
  const [relus, pools] = [stepsCalled(program, "relu"), stepsCalled(program, "maxPool2d")];
  const showing = (...leaves: Tensor[]) => {
    const shown = {
      meeting: [] as (readonly Tensor[])[],
      relus: [] as Tensor[],
      pools: [] as Tensor[],
      outputs: [] as Tensor[],
    };
    replayed(program, leaves, (met) => {
      const kink = kinks.find(({ index }) => index === met.index);
      if (kink !== undefined) shown.meeting.push(isUnderstood(kink) ? branchesOf(met) : []);
      if (kink !== undefined) shown.outputs.push(met.output);
      if (relus.includes(met.index)) shown.relus.push(met.output);
      if (pools.includes(met.index)) shown.pools.push(branchesOf(met)[0] as Tensor);
    });
    return shown;
  };
  const executable = compile(simplify(trace(showing, [...leavesOf(args)])), machine);
  return (at: readonly unknown[]) => executable.run([...leavesOf(at)]) as Shown;
}

const isPool = ({ name }: KinkedStep): boolean => name === "maxPool2d";
const isUnderstood = (kink: KinkedStep): boolean => kink.form === "pair" || isPool(kink);

/** Makes the census of a network. Cost of each mini-batch: its value in the format and in f64, and a look at all ties. */
export function censusOf(settings: CensusSettings): Census {
  const { program, wideProgram, kinks, wideKinks, machine, args, wideArgs, isFlatAtZero } = settings;
  const [near, wide] = [shower(program, kinks, args, machine), shower(wideProgram, wideKinks, wideArgs, machine)];
  const patches = patchesOf(wideProgram, settings.x);
  const afterRelu = kinks.map(({ index }) => isFlatAtZero && comesFromRelu(program, index));
  return (at, wideAt, images) => {
    const [here, there] = [near(at), wide(wideAt)];
    const isOff = isFlatAtZero ? offInBoth(here.relus, there.relus) : () => false;
    const look: Look = { images, isOff, winners: winnersOfBoth(here.pools, there.pools) };
    return kinks.map((kink, i): Counts => {
      const [branches = [], wideBranches = []] = [here.meeting[i], there.meeting[i]];
      if (!isUnderstood(kink)) return notLookedInto(here.outputs[i] as Tensor);
      if (!isPool(kink)) return pairCounts(branches, wideBranches);
      const areSame = patches((wideKinks[i] as KinkedStep).index, look);
      return windowCounts(branches[0] as Tensor, wideBranches[0] as Tensor, areSame, afterRelu[i] === true);
    });
  };
}

function notLookedInto({ data: { length } }: Tensor): Counts {
  return { ...noCounts(), elements: length, undecided: length };
}

/** A relu is off when it gives 0 in the format and in f64. */
function offInBoth(relus: readonly Tensor[], wide: readonly Tensor[]): Look["isOff"] {
  return (relu, sample, channel, cell) =>
    [relus, wide].every((of) => {
      const { shape, data } = of[relu] as Tensor;
      const [, channels = 1, rows = 1, columns = 1] = shape;
      return data[(sample * channels + channel) * rows * columns + cell] === 0;
    });
}

/** The places that win in the format or in f64. */
function winnersOfBoth(pools: readonly Tensor[], wide: readonly Tensor[]): Look["winners"] {
  return (pool, sample, channel, cell) => {
    const found = [pools, wide].flatMap((of) => {
      const { shape, data } = of[pool] as Tensor;
      const [, channels = 1, rows = 1, columns = 1, cells = 1] = shape;
      return largest(data, ((sample * channels + channel) * rows * columns + cell) * cells, cells);
    });
    return [...new Set(found)];
  };
}

function comesFromRelu(program: ProgramData, index: number): boolean {
  const [from = -1] = stepAt(program, index).operands;
  const { inputTypes } = program;
  return from >= inputTypes.length && stepAt(program, from - inputTypes.length).primitive.name === "relu";
}

/** Elements where two branches are equal; in f64 they are equal too, or not. */
function pairCounts(branches: readonly Tensor[], wide: readonly Tensor[]): Counts {
  const counts = noCounts();
  const [a, b] = branches.map(({ data }) => data) as [Tensor["data"], Tensor["data"]];
  const [wideA, wideB] = wide.map(({ data }) => data) as [Tensor["data"], Tensor["data"]];
  counts.elements = a.length;
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) continue;
    if (wideA[i] === wideB[i]) counts.candidate++;
    else counts.undecided++;
  }
  return counts;
}

/** Windows, `[samples, channels, rows, columns, places]`, that have several largest places. */
function windowCounts({ shape, data }: Tensor, wide: Tensor, areSame: SamePlaces, isZeroHarmless: boolean): Counts {
  const counts = noCounts();
  const [, channels = 1, rows = 1, columns = 1, places = 1] = shape;
  const cells = rows * columns;
  counts.elements = data.length / places;
  for (let window = 0; window < counts.elements; window++) {
    const tied = largest(data, window * places, places);
    if (tied.length < 2) continue;
    const [sample, channel] = [Math.floor(window / (channels * cells)), Math.floor(window / cells) % channels];
    if (isZeroHarmless && data[window * places + (tied[0] as number)] === 0) counts.zero++;
    else if (areSame(sample, channel, window % cells, tied)) counts.identical++;
    else if (stillTie(wide.data, window * places, places, tied)) counts.candidate++;
    else counts.undecided++;
  }
  return counts;
}

/** The cells that hold the largest value. */
function largest(data: Tensor["data"], start: number, cells: number): number[] {
  let best = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < cells; i++) best = Math.max(best, data[start + i] as number);
  const found: number[] = [];
  for (let i = 0; i < cells; i++) if (data[start + i] === best) found.push(i);
  return found;
}

/** Whether two of these places at least are among the largest here too. */
function stillTie(data: Tensor["data"], start: number, places: number, tied: readonly number[]): boolean {
  const best = largest(data, start, places);
  return tied.filter((place) => best.includes(place)).length >= 2;
}
