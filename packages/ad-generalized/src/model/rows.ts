// Reading an open run backwards: how a cell moves with the inputs and with what was left open.
import { type Maybe, type Tensor, tensor } from "@nonsmooth/ad-core";
import { plus, times } from "../exactness/sums.ts";
import { numbersOf } from "../sweep/numbers.ts";
import type { OpenRun } from "./openRun.ts";
import type { Cell, KinkEntry, SmoothEntry } from "./record.ts";

/** How a number moves: a gradient in the inputs, one after the other, and a coefficient for each variable. */
export interface Row {
  readonly inputs: Float64Array;
  readonly variables: ReadonlyMap<number, number>;
}

/** The same, but read only through instructions that are affine: results of the others are atoms, which move as they like. */
export interface AffineRow extends Row {
  /** Coefficients of cells, by {@link keyOf}. */
  readonly atoms: ReadonlyMap<string, number>;
}

export const keyOf = ({ slot, element }: Cell): string => `${slot}:${element}`;

/** Cotangents of the slots, made when the first contribution comes. */
class Cotangents {
  readonly run: OpenRun;
  readonly held: (Float64Array | null)[];

  constructor(run: OpenRun) {
    this.run = run;
    this.held = run.values.map(() => null);
  }

  at(slot: number): Float64Array {
    const size = (): number => (this.run.values[slot] as Tensor).shape.reduce((n, m) => n * m, 1);
    this.held[slot] ??= new Float64Array(size());
    return this.held[slot] as Float64Array;
  }

  add({ slot, element }: Cell, amount: number): void {
    if (slot < 0) return;
    const here = this.at(slot);
    here[element] = plus(this.run.watch, here[element] as number, amount);
  }

  addAll(slot: number, amounts: Maybe): void {
    if (slot < 0 || amounts === null) return;
    const [here, { data }] = [this.at(slot), numbersOf(this.run.where, amounts)];
    for (let i = 0; i < here.length; i++)
      if (data[i] !== 0) here[i] = plus(this.run.watch, here[i] as number, data[i] as number);
  }

  /** The cotangent of a slot as a tensor, which is then let go. */
  take(slot: number): Tensor | null {
    const numbers = this.held[slot] ?? null;
    this.held[slot] = null;
    if (!numbers?.some((v) => v !== 0)) return null;
    const { shape, dtype } = this.run.values[slot] as Tensor;
    return tensor(numbers, { shape, dtype });
  }
}

/** Adds to the coefficient of a key. */
function addTo<Key>({ run }: Reading, map: Map<Key, number>, key: Key, amount: number): void {
  if (amount !== 0) map.set(key, plus(run.watch, map.get(key) ?? 0, amount));
}

/** One reading, from one cell. */
interface Reading {
  readonly run: OpenRun;
  readonly cotangents: Cotangents;
  readonly variables: Map<number, number>;
  /** Where atoms are counted; null to read through all instructions. */
  readonly atoms: Map<string, number> | null;
}

function readKink(reading: Reading, { rowsOf, sources }: KinkEntry, gy: Tensor): void {
  const { run, cotangents, variables } = reading;
  const { data } = numbersOf(run.where, rowsOf(gy));
  for (const { at, share, variable, slot, element } of sources) {
    const amount = times(run.watch, share, data[at] as number);
    if (variable >= 0) addTo(reading, variables, variable, amount);
    else cotangents.add({ slot, element }, amount);
  }
}

function readSmooth(reading: Reading, entry: SmoothEntry, gy: Tensor): void {
  const { run, cotangents, variables, atoms } = reading;
  const { data } = numbersOf(run.where, gy);
  for (const { at, variable } of entry.open) addTo(reading, variables, variable, data[at] as number);
  if (atoms && !entry.isAffine)
    data.forEach((amount: number, element: number) => {
      if (!entry.open.some(({ at }) => at === element))
        addTo(reading, atoms, keyOf({ slot: entry.target, element }), amount);
    });
  else for (const [i, gx] of entry.vjp(gy).entries()) cotangents.addAll(entry.sources[i] as number, gx);
}

/** Reads the tape backwards from one cell. */
function read(run: OpenRun, from: Cell, atoms: Map<string, number> | null): Reading {
  const reading = { run, cotangents: new Cotangents(run), variables: new Map<number, number>(), atoms };
  reading.cotangents.add(from, 1);
  for (const entry of run.entries.toReversed()) {
    if (entry.target > from.slot) continue;
    const gy = reading.cotangents.take(entry.target);
    if (gy && entry.kind === "kink") readKink(reading, entry, gy);
    else if (gy) readSmooth(reading, entry as SmoothEntry, gy);
  }
  return reading;
}

/** The entries of the inputs that move, one input after the other. */
function inputsOf({ cotangents }: Reading, inputs: readonly number[]): Float64Array {
  const parts = inputs.map((slot) => cotangents.at(slot));
  const total = new Float64Array(parts.reduce((n, part) => n + part.length, 0));
  let start = 0;
  for (const part of parts) {
    total.set(part, start);
    start += part.length;
  }
  return total;
}

/** How a cell moves. */
export function rowOf(run: OpenRun, inputs: readonly number[], from: Cell): Row {
  const reading = read(run, from, null);
  return { inputs: inputsOf(reading, inputs), variables: reading.variables };
}

/** How a cell moves with inputs, variables and atoms. */
export function affineRowOf(run: OpenRun, inputs: readonly number[], from: Cell): AffineRow {
  const atoms = new Map<string, number>();
  const reading = read(run, from, atoms);
  return { inputs: inputsOf(reading, inputs), variables: reading.variables, atoms };
}
