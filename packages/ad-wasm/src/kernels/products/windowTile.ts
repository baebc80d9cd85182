// The innermost function of convolutions: a few channels times a few vectors of one place, in registers.
import { load, op } from "../../encoding/expression.ts";
import type { FunctionBuilder, FunctionRef, Local } from "../../encoding/function.ts";
import type { ModuleBuilder } from "../../encoding/module.ts";
import { inTurn, upTo } from "./inTurn.ts";
import { addProduct, type Lanes, nothing, rounded, splatAt, zeros } from "./lanes.ts";

/** How far two things are apart, in bytes: in what is summed, and in the weights. */
export interface Steps {
  readonly source: number;
  readonly weight: number;
}

/** What a tile is made for. Steps are in bytes. */
export interface WindowTile {
  readonly lanes: Lanes;
  /** Channels that are computed, and where the vectors of each begin in what is summed. */
  readonly channels: number;
  readonly vectors: readonly number[];
  /** From one of these channels to the next, in the weights and in the result. */
  readonly weight: number;
  readonly out: number;
  /** From one channel that is summed over to the next. */
  readonly channel: Steps;
  /** Rows and columns of the window: at most so many, and how far apart. */
  readonly row: { readonly most: number; readonly step: Steps };
  readonly column: { readonly most: number; readonly step: Steps };
  /** Whether there are places that no window meets. */
  readonly hasEmpty: boolean;
  /** Whether it begins its sums, or goes on with those in memory; and whether it rounds them to the format of the result. */
  readonly begins: boolean;
  readonly ends: boolean;
}

interface Registers {
  /** By channels, then vectors. */
  readonly sums: readonly (readonly Local[])[];
  readonly source: readonly Local[];
  readonly weight: Local;
}

/** So many vectors next to each other. */
export const neighbours = (count: number): number[] => Array.from({ length: count }, (_, v) => 16 * v);

/** Columns of a window that are written without a loop. */
const mostColumns = 8;

/**
 * The function `(out, source, weights, rows, columns, channels)` that sums over channels, rows and columns of the window,
 * in this order; the addresses are those of the first row and column that meet the source.
 */
export function windowTile(module: ModuleBuilder, tile: WindowTile): FunctionRef {
  const name = `window tile ${JSON.stringify(tile)}`;
  return module.tile(name, 6, (f, ...params) => {
    const [out, source, weights, rows, columns, left] = params as [Local, Local, Local, Local, Local, Local];
    const locals = (n: number): Local[] => Array.from({ length: n }, () => f.local("v128"));
    const sums = Array.from({ length: tile.channels }, () => locals(tile.vectors.length));
    const registers = { sums, source: locals(tile.vectors.length), weight: f.local("v128") };
    const add = (): void => {
      beginSums(f, tile, sums, out);
      addChannels(f, tile, registers, { source, weights }, { rows, columns, left });
    };
    const isMet = op("i32.and", op("i32.gt_s", rows, 0), op("i32.gt_s", columns, 0));
    const clear = (): void => {
      for (const sum of sums.flat()) f.set(sum, zeros());
    };
    if (tile.hasEmpty) f.if(isMet, add, clear);
    else add();
    storeSums(f, tile, sums, out);
  });
}

function beginSums(f: FunctionBuilder, tile: WindowTile, sums: Registers["sums"], out: Local): void {
  sums.forEach((row, c) => {
    row.forEach((sum, v) => {
      f.set(sum, tile.begins ? nothing(tile.lanes) : load("v128.load", out, c * tile.out + 16 * v));
    });
  });
}

/** How many rows and columns of the window there are, and how many channels are left. */
interface Counts {
  readonly rows: Local;
  readonly columns: Local;
  readonly left: Local;
}

interface Addresses {
  readonly source: Local;
  readonly weights: Local;
}

function move(f: FunctionBuilder, { source, weights }: Addresses, step: Steps, times = 1): void {
  f.update(source, "i32.add", times * step.source);
  f.update(weights, "i32.add", times * step.weight);
}

function addChannels(
  f: FunctionBuilder,
  tile: WindowTile,
  registers: Registers,
  at: Addresses,
  { rows, columns, left }: Counts,
): void {
  const { channel, row, column } = tile;
  if (row.most === 1 && column.most === 1) {
    const step = (index: number): void => addTap(f, tile, registers, at, channel, index);
    inTurn(f, left, { step, advance: (steps) => move(f, at, channel, steps) });
    return;
  }
  const inner = { source: f.local("i32"), weights: f.local("i32") };
  f.do(
    () => {
      f.set(inner.source, at.source);
      f.set(inner.weights, at.weights);
      addRows(f, tile, registers, inner, rows, columns);
      move(f, at, channel);
      f.update(left, "i32.sub", 1);
    },
    () => left,
  );
}

function addRows(
  f: FunctionBuilder,
  tile: WindowTile,
  registers: Registers,
  at: Addresses,
  rows: Local,
  columns: Local,
): void {
  const left = f.let(rows);
  f.do(
    () => {
      addColumns(f, tile, registers, at, columns);
      move(f, at, tile.row.step);
      f.update(left, "i32.sub", 1);
    },
    () => left,
  );
}

function addColumns(f: FunctionBuilder, tile: WindowTile, registers: Registers, at: Addresses, columns: Local): void {
  const { step, most } = tile.column;
  if (most <= mostColumns) {
    upTo(f, columns, most, (index) => addTap(f, tile, registers, at, step, index));
    return;
  }
  const inner = { source: f.let(at.source), weights: f.let(at.weights) };
  inTurn(f, f.let(columns), {
    step: (index) => addTap(f, tile, registers, inner, step, index),
    advance: (steps) => move(f, inner, step, steps),
  });
}

/** Adds one product to each sum. */
function addTap(
  f: FunctionBuilder,
  { lanes, weight, vectors }: WindowTile,
  registers: Registers,
  { source, weights }: Addresses,
  step: Steps,
  index: number,
): void {
  registers.source.forEach((vector, v) => {
    f.set(vector, load("v128.load", source, index * step.source + (vectors[v] as number)));
  });
  const back = Math.min(0, index * step.weight);
  const base = back < 0 ? op("i32.add", weights, back) : weights;
  registers.sums.forEach((sums, c) => {
    f.set(registers.weight, splatAt(lanes, base, c * weight + index * step.weight - back));
    sums.forEach((sum, v) => {
      addProduct(f, lanes, sum, registers.weight, registers.source[v] as Local);
    });
  });
}

function storeSums(f: FunctionBuilder, tile: WindowTile, sums: Registers["sums"], out: Local): void {
  sums.forEach((row, c) => {
    row.forEach((sum, v) => {
      const value = tile.ends ? rounded(f, tile.lanes, sum) : sum;
      f.store("v128.store", out, value, c * tile.out + 16 * v);
    });
  });
}
