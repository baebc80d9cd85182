// Rounding to short formats in vectors: once, to the nearest value, ties to even, as the reference rounds.
import { type Expression, op, vector } from "../encoding/expression.ts";
import type { FunctionBuilder } from "../encoding/function.ts";

/** A format: what its last significant bit weighs against the first, its least quantum, and where it overflows. */
interface Short {
  readonly precision: number;
  readonly least: number;
  readonly overflow: number;
}

const formats: Readonly<Record<"f16" | "bf16", Short>> = {
  f16: { precision: 2 ** -10, least: 2 ** -24, overflow: 65520 },
  bf16: { precision: 2 ** -7, least: 2 ** -133, overflow: (2 - 2 ** -8) * 2 ** 127 },
};

const splat = {
  f32x4: (value: number): Expression => vector(Float32Array.of(value, value, value, value)),
  f64x2: (value: number): Expression => vector(Float64Array.of(value, value)),
} as const;

/** f32 lanes rounded to a short format, kept as f32; subnormals, infinities, NaN and the sign of 0 stay what they are. */
export const roundedSingles = (f: FunctionBuilder, format: "f16" | "bf16", lanes: Expression): Expression =>
  format === "f16" ? toMultiples(f, "f32x4", formats.f16, lanes) : withoutLowWords(f, lanes);

/** f64 lanes rounded once to a short format, kept as f64. */
export const roundedDoubles = (f: FunctionBuilder, format: "f16" | "bf16", lanes: Expression): Expression =>
  toMultiples(f, "f64x2", formats[format], lanes);

/**
 * The nearest multiples of the quantum that belongs to the size of each lane.
 * Adding and subtracting 1.5 * 2^52 quanta (2^23 in f32) leaves no bit below the quantum: the addition itself rounds.
 */
function toMultiples(
  f: FunctionBuilder,
  shape: "f32x4" | "f64x2",
  { precision, least, overflow }: Short,
  lanes: Expression,
): Expression {
  const quanta = 1.5 * (shape === "f32x4" ? 2 ** 23 : 2 ** 52);
  const x = f.let(lanes);
  const size = f.let(op(`${shape}.abs`, x));
  // Infinity has all bits of the exponent and no others, so this is the power of two at or below the size.
  const binade = op("v128.and", size, splat[shape](Infinity));
  const ofSize = op(`${shape}.mul`, binade, splat[shape](quanta * precision));
  const shift = f.let(op(`${shape}.pmax`, ofSize, splat[shape](quanta * least)));
  const rounded = op(`${shape}.sub`, op(`${shape}.add`, size, shift), shift);
  const isOver = op(`${shape}.ge`, size, splat[shape](overflow));
  const limited = op("v128.bitselect", splat[shape](Infinity), rounded, isOver);
  return op("v128.or", limited, op("v128.and", x, splat[shape](-0)));
}

/** bf16 is the upper half of f32: a carry out of the lower half, which a tie makes only where the result is odd. */
function withoutLowWords(f: FunctionBuilder, lanes: Expression): Expression {
  const integers = (value: number): Expression => vector(new Int32Array(4).fill(value));
  const x = f.let(lanes);
  const isOdd = op("v128.and", op("i32x4.shr_u", x, 16), integers(1));
  const carried = op("i32x4.add", op("i32x4.add", x, integers(0x7fff)), isOdd);
  const rounded = op("v128.and", carried, integers(-0x10000));
  return op("v128.bitselect", rounded, x, op("f32x4.eq", x, x));
}
