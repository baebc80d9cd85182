// Number formats of tensors: what they are called, how they are stored, which of them carry derivatives.
import { dtypeError } from "../errors/messages.ts";
import { roundToBf16, roundToF16 } from "./rounding.ts";

/** A number format. `i32` and `bool` hold indices, keys and conditions; they carry no derivative. */
export type DType = "f64" | "f32" | "f16" | "bf16" | "i32" | "bool";

/** Storage of a tensor. `f16` and `bf16` are kept as 32-bit floats whose values the format can represent. */
export type Data = Float64Array | Float32Array | Int32Array | Uint8Array;

interface Format {
  readonly allocate: (size: number) => Data;
  /** The nearest value of the format, ties to even. */
  readonly round: (value: number) => number;
  readonly isReal: boolean;
  readonly bytes: number;
}

/** Truncates towards zero and saturates; NaN becomes 0. */
const toInteger = (x: number): number => Math.max(-2147483648, Math.min(2147483647, Math.trunc(x))) || 0;

const formats: Readonly<Record<DType, Format>> = {
  f64: { allocate: (n) => new Float64Array(n), round: (x) => x, isReal: true, bytes: 8 },
  f32: { allocate: (n) => new Float32Array(n), round: Math.fround, isReal: true, bytes: 4 },
  f16: { allocate: (n) => new Float32Array(n), round: roundToF16, isReal: true, bytes: 2 },
  bf16: { allocate: (n) => new Float32Array(n), round: roundToBf16, isReal: true, bytes: 2 },
  i32: { allocate: (n) => new Int32Array(n), round: toInteger, isReal: false, bytes: 4 },
  bool: { allocate: (n) => new Uint8Array(n), round: (x) => (x === 0 ? 0 : 1), isReal: false, bytes: 1 },
};

/** All number formats, widest first. */
export const dtypes: readonly DType[] = Object.keys(formats) as DType[];

/** Whether values of this format carry derivatives. */
export const isReal = (dtype: DType): boolean => formats[dtype].isReal;

/** Bytes that one value takes in the format itself (an `f16` counts 2). */
export const bytesOf = (dtype: DType): number => formats[dtype].bytes;

/** The nearest value of the format: ties to even for floats, towards zero and saturating for `i32`. */
export const roundTo = (dtype: DType): ((value: number) => number) => formats[dtype].round;

/** Fresh storage for `size` values. */
export const allocate = (dtype: DType, size: number): Data => formats[dtype].allocate(size);

/** Rounds once to the format and stores. The result never shares memory with `values`. */
export function pack(dtype: DType, values: ArrayLike<number>): Data {
  const { round } = formats[dtype];
  const data = allocate(dtype, values.length);
  for (let i = 0; i < values.length; i++) data[i] = round(values[i] as number);
  return data;
}

/** Checks a dtype that came from outside the type system. */
export function checkDType(where: string, dtype: unknown): DType {
  if (typeof dtype === "string" && Object.hasOwn(formats, dtype)) return dtype as DType;
  throw dtypeError(where, `one of ${dtypes.join(", ")}`, [String(dtype)], "name a dtype from the list");
}
