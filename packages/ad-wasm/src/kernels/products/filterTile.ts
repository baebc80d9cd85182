// The innermost function of filter gradients: a few output channels times a few taps, for the samples of a vector or two.
import { type Expression, load, op } from "../../encoding/expression.ts";
import type { FunctionBuilder, FunctionRef, Local } from "../../encoding/function.ts";
import type { ModuleBuilder } from "../../encoding/module.ts";
import { inTurn } from "./inTurn.ts";
import { addProduct, type Lanes, nothing, splatAt, zeros } from "./lanes.ts";

/** What a tile is made for. Steps are in bytes. */
export interface FilterTile {
  readonly lanes: Lanes;
  readonly channels: number;
  readonly taps: number;
  /** Vectors of samples. */
  readonly vectors: number;
  /** From one channel of the output to the next. */
  readonly channel: number;
  /** From one position of a row to the next, and from one row to the next, in the output and in the image. */
  readonly column: { readonly output: number; readonly image: number };
  readonly row: { readonly output: number; readonly image: number };
  /** From one total to the next: by taps, then channels; those of the vectors of one lie together. */
  readonly total: number;
  /** Whether the image has one number for all lanes. */
  readonly isSplat: boolean;
  /** Whether there are taps that never meet the image. */
  readonly hasEmpty: boolean;
}

interface Registers {
  /** By channels, then taps, then vectors. */
  readonly sums: readonly (readonly (readonly Local[])[])[];
  /** By taps, then vectors. */
  readonly image: readonly (readonly Local[])[];
  readonly output: readonly Local[];
}

/**
 * The function `(totals, output, rows, columns, ...images)` that sums over rows and columns of the output, in this order,
 * and adds the sums of these samples to the totals; `images` are where each tap begins.
 */
export function filterTile(module: ModuleBuilder, tile: FilterTile): FunctionRef {
  return module.tile(`filter tile ${JSON.stringify(tile)}`, 4 + tile.taps, (f, ...given) => {
    const [totals, output, rows, columns, ...images] = given as [Local, Local, Local, Local, ...Local[]];
    const locals = (n: number): Local[] => Array.from({ length: n }, () => f.local("v128"));
    const vectors = (n: number): Local[][] => Array.from({ length: n }, () => locals(tile.vectors));
    const sums = Array.from({ length: tile.channels }, () => vectors(tile.taps));
    const registers = { sums, image: vectors(tile.taps), output: locals(tile.vectors) };
    const begin = (value: () => Expression): void => {
      for (const sum of sums.flat(2)) f.set(sum, value());
    };
    const add = (): void => {
      begin(() => nothing(tile.lanes));
      addRows(f, tile, registers, { output, images }, rows, columns);
    };
    if (tile.hasEmpty)
      f.if(op("i32.and", op("i32.gt_s", rows, 0), op("i32.gt_s", columns, 0)), add, () => begin(zeros));
    else add();
    addTotals(f, tile, sums, totals);
  });
}

interface Addresses {
  readonly output: Local;
  readonly images: readonly Local[];
}

function move(f: FunctionBuilder, { output, images }: Addresses, step: FilterTile["row"], times = 1): void {
  f.update(output, "i32.add", times * step.output);
  for (const image of images) f.update(image, "i32.add", times * step.image);
}

function addRows(
  f: FunctionBuilder,
  tile: FilterTile,
  registers: Registers,
  at: Addresses,
  rows: Local,
  columns: Local,
): void {
  const inner = { output: f.local("i32"), images: at.images.map(() => f.local("i32")) };
  const left = f.local("i32");
  f.do(
    () => {
      f.set(inner.output, at.output);
      inner.images.forEach((image, t) => {
        f.set(image, at.images[t] as Local);
      });
      f.set(left, columns);
      inTurn(f, left, {
        step: (index) => addPosition(f, tile, registers, inner, index),
        advance: (steps) => move(f, inner, tile.column, steps),
      });
      move(f, at, tile.row);
      f.update(rows, "i32.sub", 1);
    },
    () => rows,
  );
}

/** Adds the product of each channel of the output and each tap of the image at one position. */
function addPosition(
  f: FunctionBuilder,
  { lanes, column, channel, isSplat }: FilterTile,
  registers: Registers,
  { output, images }: Addresses,
  index: number,
): void {
  registers.image.forEach((values, t) => {
    const [image, offset] = [images[t] as Local, index * column.image];
    values.forEach((value, v) => {
      f.set(value, isSplat ? splatAt(lanes, image, offset) : load("v128.load", image, offset + 16 * v));
    });
  });
  registers.sums.forEach((taps, c) => {
    registers.output.forEach((value, v) => {
      f.set(value, load("v128.load", output, index * column.output + c * channel + 16 * v));
    });
    taps.forEach((sums, t) => {
      sums.forEach((sum, v) => {
        addProduct(f, lanes, sum, registers.image[t]?.[v] as Local, registers.output[v] as Local);
      });
    });
  });
}

/** All totals are read before one is written, so that the host may join pairs of them. */
function addTotals(
  f: FunctionBuilder,
  { lanes, channels, total }: FilterTile,
  sums: Registers["sums"],
  totals: Local,
): void {
  const places = sums.flatMap((taps, c) =>
    taps.flatMap((vectors, t) => vectors.map((sum, v) => ({ sum, offset: (t * channels + c) * total + 16 * v }))),
  );
  for (const { sum, offset } of places) f.set(sum, op(`${lanes.shape}.add`, load("v128.load", totals, offset), sum));
  for (const { sum, offset } of places) f.store("v128.store", totals, sum, offset);
}
