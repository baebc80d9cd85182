// Numbers as row kernels compute with them: one, or as many as a vector holds.
import type { DType } from "@nonsmooth/ad-core";
import {
  type Expression,
  lane,
  load,
  op,
  select,
  shuffle,
  type Value,
  type ValueType,
  vector,
} from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import type { OperationName } from "../encoding/operations.ts";

/** The format that sums are kept in. */
export type Format = "f32" | "f64" | "i32";

/** The format that numbers of a dtype are computed in: short reals in 32 bits, conditions as 0 and 1. */
export const formatOf = (dtype: DType): Format => {
  if (dtype === "f64") return "f64";
  return dtype === "i32" || dtype === "bool" ? "i32" : "f32";
};

/** How many numbers a vector holds. */
export const widthOf = (format: Format): 2 | 4 => (format === "f64" ? 2 : 4);

const shapes = { f32: "f32x4", f64: "f64x2", i32: "i32x4" } as const;
const arrays = { f32: Float32Array, f64: Float64Array, i32: Int32Array } as const;

/** One number of a format, or a vector of them. */
export interface Numbers {
  readonly format: Format;
  /** How many: 1, or what a vector holds. */
  readonly width: 1 | 2 | 4;
  /** The type of their values. */
  readonly type: ValueType;
  /** Bytes that they take in memory, all together. */
  readonly bytes: number;
}

/** One number of a format. */
export const oneOf = (format: Format): Numbers => ({ format, width: 1, type: format, bytes: 16 / widthOf(format) });

/** As many numbers as a vector holds. */
export const vectorOf = (format: Format): Numbers => ({ format, width: widthOf(format), type: "v128", bytes: 16 });

/** What row kernels ask of numbers. */
export type Step = "add" | "sub" | "mul" | "div" | "max" | "min" | "sqrt" | "abs";

const nameOf = ({ format, width }: Numbers, step: string): OperationName =>
  `${width === 1 ? format : shapes[format]}.${step}` as OperationName;

/** An operation on numbers, lane by lane. */
export function compute(n: Numbers, step: Step, ...operands: readonly Expression[]): Expression {
  if (n.format !== "i32" || (step !== "max" && step !== "min")) return op(nameOf(n, step), ...operands);
  if (n.width > 1) return op(`i32x4.${step}_s`, ...operands);
  // There is no such instruction for one integer.
  return first(vectorOf("i32"), compute(vectorOf("i32"), step, ...operands.map((one) => op("i32x4.splat", one))));
}

/** The same number in each lane. */
export function repeated({ format, width }: Numbers, value: number): Expression {
  const whole = vector(new arrays[format](16 / arrays[format].BYTES_PER_ELEMENT).fill(value));
  return width === 1 ? lane(shapes[format], whole, 0) : whole;
}

/** One number in each lane. */
export const splat = (n: Numbers, value: Expression): Expression =>
  n.width === 1 ? value : op(`${shapes[n.format]}.splat`, value);

/** The number in the first lane. */
export const first = (n: Numbers, value: Expression): Expression =>
  n.width === 1 ? value : lane(shapes[n.format], value, 0);

/** `then` where `a < b`, else `otherwise`. */
export function whereLess(
  n: Numbers,
  [a, b]: readonly [Expression, Expression],
  then: Expression,
  otherwise: Expression,
): Expression {
  const isLess = op(nameOf(n, "lt"), a, b);
  return n.width === 1 ? select(isLess, then, otherwise) : op("v128.bitselect", then, otherwise, isLess);
}

/** The product, and +0 where a factor is 0. */
export function scaledBy(n: Numbers, a: Local, b: Local): Expression {
  const [isZero, zero] = [(x: Local) => op(nameOf(n, "eq"), x, repeated(n, 0)), repeated(n, 0)];
  if (n.width === 1) return select(op("i32.or", isZero(a), isZero(b)), zero, compute(n, "mul", a, b));
  return op("v128.andnot", compute(n, "mul", a, b), op("v128.or", isZero(a), isZero(b)));
}

export const loadNumbers = (n: Numbers, address: Value, offset = 0): Expression =>
  load(n.width === 1 ? `${n.format}.load` : "v128.load", address, offset);

export function storeNumbers(f: FunctionBuilder, n: Numbers, address: Value, value: Expression, offset = 0): void {
  f.store(n.width === 1 ? `${n.format}.store` : "v128.store", address, value, offset);
}

/** The lanes of `a` from `from` on, followed by those of `b` from its first. */
export function shifted({ width }: Numbers, a: Expression, b: Expression, from: number): Expression {
  const bytes = Array.from({ length: 16 }, (_, i) => (from * 16) / width + i);
  return shuffle(a, b, bytes);
}

/** The lanes of a vector, turned so that lane `by` comes first. */
export const turned = (n: Numbers, value: Local, by: number): Expression => shifted(n, value, value, by);
