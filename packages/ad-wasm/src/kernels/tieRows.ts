// Rows of branches that lie along an axis, and the weights of those that tie.
import type { DType, TieParams } from "@nonsmooth/ad-core";
import { roundTo, shareOf } from "@nonsmooth/ad-core/machines";
import { type Expression, op } from "../encoding/expression.ts";
import type { OperationName } from "../encoding/operations.ts";
import { bytesOf, type Task } from "./kernel.ts";
import { formatOf, type Numbers, oneOf, vectorOf } from "./numbers.ts";
import { mostTies, type Shares } from "./shares.ts";

/** Rows so short have a table of their weights for each set of branches that tie. */
const shortest = 4;

/** What is known about the rows. */
export interface Row {
  readonly dtype: DType;
  readonly width: number;
  readonly bytes: 4 | 8;
  readonly order: "max" | "min";
  readonly isMasked: boolean;
  readonly shares: Shares;
  readonly one: Numbers;
  readonly many: Numbers;
}

/** What decides whether rows have a table. */
interface Tabulated extends Pick<Row, "width" | "isMasked"> {
  readonly shares: Pick<Shares, "selection">;
}

export function rowOf({ module, output, params }: Task<TieParams>, width: number): Row {
  const { dtype } = output;
  const format = formatOf(dtype);
  const shares: Shares = { module, selection: params.selection, kink: params.kink };
  const order = params.order as "max" | "min";
  const numbers = { one: oneOf(format), many: vectorOf(format) };
  return { dtype, width, bytes: bytesOf(dtype), order, isMasked: params.masked, shares, ...numbers };
}

/** Whether rows have a table of their weights. */
export const isTabulated = ({ width, isMasked, shares }: Tabulated): boolean =>
  width > 0 && width <= shortest && !isMasked && shares.selection.drawn === 0 && width <= mostTies(shares);

/** The weights of a row for each set of branches that tie; branch `i` is bit `i` of its number. */
export function weightsTable({ width, dtype, shares: { module, selection } }: Row): number {
  const round = roundTo(dtype);
  const weights = Array.from({ length: 1 << width }, (_, set) => {
    const isIn = Array.from({ length: width }, (_, i) => (set >> i) & 1);
    const ties = isIn.reduce((total, one) => total + one, 0);
    let rank = 0;
    return isIn.map((one) => (one === 1 ? round(asSum(dtype, shareOf(selection, rank++, ties, 0))) : 0));
  }).flat();
  const { first: f, last, each, table } = selection;
  const name = `weights ${dtype} ${width} ${JSON.stringify(table ?? [f, last, each])}`;
  const kind = { f32: Float32Array, f64: Float64Array, i32: Int32Array }[formatOf(dtype)];
  return module.table(name, kind.from(weights));
}

/** A double in the format of sums. */
const asSum = (dtype: DType, value: number): number => (formatOf(dtype) === "f32" ? Math.fround(value) : value);

const compareAs = (n: Numbers, step: string, a: Expression, b: Expression): Expression => {
  const shape = { f32: "f32x4", f64: "f64x2", i32: "i32x4" }[n.format];
  return op(`${n.width === 1 ? n.format : shape}.${step}` as OperationName, a, b);
};

/** Whether numbers tie with the extreme one of their row: if one of them is NaN, so is the extreme one. */
export const tiesWith = (n: Numbers, value: Expression, extreme: Expression): Expression =>
  op(n.width === 1 ? "i32.or" : "v128.or", compareAs(n, "eq", value, extreme), compareAs(n, "ne", value, value));
