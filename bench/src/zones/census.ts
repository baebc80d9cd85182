/** What stands behind a difference of two gradients: every tie of a mini-batch, and which of them can be a kink. */
import { compile, type Machine, type ProgramData, type Tensor, type Tree, trace } from "@nonsmooth/ad-core";
import { stepAt } from "@nonsmooth/ad-core/machines";
import type { Look, SameFunction } from "./cells.ts";
import { branchesOf, type KinkedStep, replayed } from "./forward.ts";
import { patchesOf, stepsCalled } from "./patches.ts";
import { leavesOf } from "./screen.ts";

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
  /** Other ties that f64 does not have: rounding, or undecided. */
  undecided: number;
}

/** Why two gradients of a mini-batch differ, as far as its ties can tell. */
export type Cause = "none" | "rounding" | "candidate" | "undecided";

/** The counts of a mini-batch, for each of the kinks. */
export type Census = (format: readonly Tree[], wide: readonly Tree[], images: Tensor) => Counts[];

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
  readonly args: readonly Tree[];
  readonly wideArgs: readonly Tree[];
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
}

/** Runs of a program on a machine that show these values. */
function shower(program: ProgramData, kinks: readonly KinkedStep[], args: readonly Tree[], machine: Machine) {
  const [relus, pools] = [stepsCalled(program, "relu"), stepsCalled(program, "maxPool2d")];
  const showing = trace(
    (...leaves: Tensor[]) => {
      const shown = { meeting: [] as (readonly Tensor[])[], relus: [] as Tensor[], pools: [] as Tensor[] };
      replayed(program, leaves, (met) => {
        if (kinks.some(({ index }) => index === met.index)) shown.meeting.push(branchesOf(met));
        if (relus.includes(met.index)) shown.relus.push(met.output);
        if (pools.includes(met.index)) shown.pools.push(branchesOf(met)[0] as Tensor);
      });
      return shown;
    },
    [...leavesOf(args)],
  );
  const executable = compile(showing, machine);
  return (at: readonly Tree[]) => executable.run([...leavesOf(at)]) as Shown;
}

/** Makes the census of a network. Cost of each mini-batch: its value in the format and in f64, and a look at all ties. */
export function censusOf(settings: CensusSettings): Census {
  const { program, wideProgram, kinks, wideKinks, machine, args, wideArgs, isFlatAtZero } = settings;
  const [near, wide] = [shower(program, kinks, args, machine), shower(wideProgram, wideKinks, wideArgs, machine)];
  const patches = patchesOf(wideProgram, settings.x);
  const sources = wideKinks.map(({ index }) => stepAt(wideProgram, index).operands[0] as number);
  const sames = sources.map((place) => patches.for(place));
  const afterRelu = kinks.map(({ index }) => isFlatAtZero && comesFromRelu(program, index));
  return (at, wideAt, images) => {
    const [here, there] = [near(at), wide(wideAt)];
    const isOff = isFlatAtZero ? offInBoth(here.relus, there.relus) : () => false;
    const look: Look = { images, isOff, winners: winnersOfBoth(here.pools, there.pools) };
    return kinks.map((kink, i) => {
      const [branches, wideBranches] = [here.meeting[i] as readonly Tensor[], there.meeting[i] as readonly Tensor[]];
      if (!kink.along) return pairCounts(branches, wideBranches);
      const { params, operands } = stepAt(program, kink.index);
      const width = widthOf(program, operands[0] as number);
      const isSame = (sames[i] as (look: Look) => SameFunction)(look);
      const about = { windows: params as Windows, width, isSame, isZeroHarmless: afterRelu[i] === true };
      return windowCounts(branches[0] as Tensor, wideBranches[0] as Tensor, about);
    });
  };
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

const shapeAt = (program: ProgramData, place: number): readonly number[] =>
  place < program.inputTypes.length
    ? (program.inputTypes[place]?.shape ?? [])
    : stepAt(program, place - program.inputTypes.length).shape;

const widthOf = (program: ProgramData, place: number): number => shapeAt(program, place).at(-1) as number;

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

interface Windows {
  readonly window: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
}

interface About {
  readonly windows: Windows;
  /** Columns of the image that the windows look at. */
  readonly width: number;
  readonly isSame: SameFunction;
  readonly isZeroHarmless: boolean;
}

/** Windows, `[samples, channels, rows, columns, cells]`, that have several largest cells. */
function windowCounts({ shape, data }: Tensor, wide: Tensor, about: About): Counts {
  const counts = noCounts();
  const [, channels = 1, rows = 1, columns = 1, cells = 1] = shape;
  counts.elements = data.length / cells;
  for (let place = 0; place < counts.elements; place++) {
    const tied = largest(data, place * cells, cells);
    if (tied.length < 2) continue;
    const sample = Math.floor(place / (channels * rows * columns));
    const channel = Math.floor(place / (rows * columns)) % channels;
    const corner = [Math.floor(place / columns) % rows, place % columns] as const;
    if (about.isZeroHarmless && data[place * cells + (tied[0] as number)] === 0) counts.zero++;
    else if (areSame([sample, channel], corner, tied, about)) counts.identical++;
    else if (areTied(wide.data, place * cells, cells, tied)) counts.candidate++;
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

/** Whether the same cells, and no others, are the largest here. */
function areTied(data: Tensor["data"], start: number, cells: number, tied: readonly number[]): boolean {
  const best = largest(data, start, cells);
  return best.length >= 2 && tied.filter((cell) => best.includes(cell)).length >= 2;
}

function areSame(
  [sample, channel]: readonly [number, number],
  [row, column]: readonly [number, number],
  tied: readonly number[],
  { windows, width, isSame }: About,
): boolean {
  const { window, stride, padding } = windows;
  const cellAt = (i: number): number => {
    const y = row * stride[0] - padding[0] + Math.floor(i / window[1]);
    return y * width + column * stride[1] - padding[1] + (i % window[1]);
  };
  const [first = 0, ...others] = tied.map(cellAt);
  return others.every((cell) => isSame(sample, channel, first, cell));
}
