// Code for formulas: four elements at a time, in the mode that gives the bits of the reference.
import { AdError, type Atom, type DType } from "@nonsmooth/ad-core";
import type { Formula, Node } from "@nonsmooth/ad-core/machines";
import { type Expression, lane, op, shuffle, vector, withLane } from "../encoding/expression.ts";
import type { FunctionBuilder } from "../encoding/function.ts";
import { call } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import type { OperationName } from "../encoding/operations.ts";
import { isReal, type RealName, realFunction } from "../functions/index.ts";
import { roundedDoubles, roundedSingles } from "../functions/rounding.ts";
import { realVector } from "../functions/vectors/index.ts";
import { realSingles } from "../functions/vectors/singles.ts";
import { isExact, type Mode, modeOf } from "./modes.ts";

/** Four elements as they are kept: two vectors of doubles, or one vector of singles or of integers. */
export interface Four {
  readonly dtype: DType;
  readonly parts: readonly Expression[];
}

/** Four numbers of a formula in some mode, or the answers to a question, whose bits are all 1 or all 0. */
interface Computed {
  readonly isMask: boolean;
  readonly parts: readonly Expression[];
}

/** Where code goes. */
export interface Place {
  readonly module: ModuleBuilder;
  readonly f: FunctionBuilder;
}

const shapes = { single: "f32x4", double: "f64x2", integer: "i32x4" } as const;
const widths = { single: 1, double: 2, integer: 1 } as const;

/** The low halves of two vectors in one, and the high half of a vector in front. */
const lowHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const highHalf = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];
const evenWords = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];

function splat(mode: Mode, value: number): Expression {
  if (mode === "double") return vector(Float64Array.of(value, value));
  return mode === "single"
    ? vector(Float32Array.of(value, value, value, value))
    : vector(Int32Array.of(value, value, value, value));
}

const isSingle = (dtype: DType): boolean => dtype === "f32" || dtype === "f16" || dtype === "bf16";

/** Turns what is kept into what a mode computes with. */
function taken({ f }: Place, { dtype, parts }: Four, mode: Mode): Computed {
  const [only] = parts as [Expression];
  if (dtype === "bool") return { isMask: true, parts: masks(f, only, mode) };
  if (mode === "integer" || (mode === "single" && isSingle(dtype)) || dtype === "f64") return { isMask: false, parts };
  const name = dtype === "i32" ? "f64x2.convert_low_i32x4_s" : "f64x2.promote_low_f32x4";
  if (mode === "single") return { isMask: false, parts: [op("f32x4.convert_i32x4_s", only)] };
  return { isMask: false, parts: [f.let(op(name, only)), f.let(op(name, shuffle(only, only, highHalf)))] };
}

/** The masks of conditions that are kept as 0 and 1. */
function masks(f: FunctionBuilder, words: Expression, mode: Mode): Expression[] {
  const all = f.let(op("i32x4.ne", words, splat("integer", 0)));
  if (mode !== "double") return [all];
  return [f.let(op("i64x2.extend_low_i32x4_s", all)), f.let(op("i64x2.extend_high_i32x4_s", all))];
}

/** Numbers, where masks are 1 and 0. */
const numbers = ({ isMask, parts }: Computed, mode: Mode): readonly Expression[] =>
  isMask ? parts.map((part) => op("v128.and", part, splat(mode, 1))) : parts;

/** Masks, where every number but 0 is true. */
const conditions = ({ isMask, parts }: Computed, mode: Mode): readonly Expression[] =>
  isMask ? parts : parts.map((part) => op(`${shapes[mode]}.ne`, part, splat(mode, 0)));

type Emit = (mode: Mode, args: readonly Expression[]) => Expression;

const same =
  (name: string): Emit =>
  (mode, args) =>
    op(`${shapes[mode]}.${name}` as OperationName, ...args);

/** Comparisons and extremes of integers say that they are signed. */
const signed =
  (name: string): Emit =>
  (mode, args) =>
    op(`${shapes[mode]}.${name}${mode === "integer" ? "_s" : ""}` as OperationName, ...args);

/** The largest integer stands for the size of the smallest one, which is no integer. */
function size(mode: Mode, [a]: readonly Expression[]): Expression {
  if (mode !== "integer") return op(`${shapes[mode]}.abs`, a as Expression);
  const [least, largest] = [splat(mode, -(2 ** 31)), splat(mode, 2 ** 31 - 1)];
  const found = op("i32x4.abs", a as Expression);
  return op("v128.bitselect", largest, found, op("i32x4.eq", a as Expression, least));
}

/** The product, and +0 where a factor is 0. */
function product(mode: Mode, [a, b]: readonly Expression[]): Expression {
  const isZero = (x: Expression): Expression => op(`${shapes[mode]}.eq`, x, splat(mode, 0));
  const either = op("v128.or", isZero(a as Expression), isZero(b as Expression));
  return op("v128.andnot", op(`${shapes[mode]}.mul`, a as Expression, b as Expression), either);
}

/** Atoms that are instructions, or few. */
const emitters: Readonly<Partial<Record<Atom, Emit>>> = {
  ...{ add: same("add"), sub: same("sub"), mul: same("mul"), div: same("div"), neg: same("neg") },
  ...{ sqrt: same("sqrt"), maximum: signed("max"), minimum: signed("min"), abs: size, scaleBy: product },
  floor: (mode, args) => (mode === "integer" ? (args[0] as Expression) : same("floor")(mode, args)),
  inv: (mode, [a]) => op(`${shapes[mode]}.div` as OperationName, splat(mode, 1), a as Expression),
  square: (mode, [a]) => op(`${shapes[mode]}.mul`, a as Expression, a as Expression),
};

const questions: Readonly<Partial<Record<Atom, Emit>>> = {
  less: signed("lt"),
  lessEqual: signed("le"),
  equal: same("eq"),
};

/** A function of ad-core: of both lanes at once where there is one, else lane by lane. */
function onLanes(place: Place, name: RealName, args: readonly Expression[]): Expression {
  const ofBoth = realVector(place.module, name);
  if (ofBoth) return call(ofBoth, ...args);
  const ref = realFunction(place.module, name);
  const locals = args.map((arg) => place.f.let(arg));
  const at = (i: number): Expression => call(ref, ...locals.map((local) => lane("f64x2", local, i)));
  return withLane("f64x2", op("f64x2.splat", at(0)), 1, at(1));
}

/** A function of four singles that gives singles, where a formula is one; else null. */
function onSingles({ module, f }: Place, { result }: Formula, operands: readonly Four[], dtype: DType): Four | null {
  const [argument] = result.args;
  const operand = operands[argument?.value ?? 0];
  if (dtype !== "f32" || argument?.kind !== "input" || operand?.dtype !== "f32" || !isReal(result.kind)) return null;
  const ofFour = realSingles(module, result.kind);
  return ofFour && { dtype, parts: [f.let(call(ofFour, ...operand.parts))] };
}

/** Computes a formula from four elements of each operand, and rounds once to the format of the result. */
export function evaluate(place: Place, formula: Formula, operands: readonly Four[], dtype: DType): Four {
  const whole = onSingles(place, formula, operands, dtype);
  if (whole) return whole;
  const dtypes = operands.map((operand) => operand.dtype);
  const kept = dtypes.find((one) => isSingle(one)) ?? "f32";
  const holds = (value: number): boolean => isHeld(kept, value);
  const mode = castMode(dtypes, dtype) ?? modeOf(formula, dtypes, holds);
  const known = new Map<Node, Computed>();
  const compute = (node: Node): Computed => {
    const found = known.get(node) ?? remembered(place, computed(place, node, mode, operands, compute));
    known.set(node, found);
    return found;
  };
  const isRounded =
    mode === "single" && dtypes.every((one) => one === dtype || one === "bool") && isExact(formula.result, holds);
  return stored(place, compute(formula.result), mode, dtype, isRounded);
}

/** Integers become short reals by way of doubles, which hold them. */
function castMode(operands: readonly DType[], result: DType): Mode | null {
  if (operands.length !== 1 || operands[0] !== "i32" || !(isSingle(result) || result === "f64")) return null;
  return result === "f32" ? "single" : "double";
}

const remembered = ({ f }: Place, { isMask, parts }: Computed): Computed => ({
  isMask,
  parts: parts.map((part) => f.let(part)),
});

function computed(
  place: Place,
  { kind, args, value }: Node,
  mode: Mode,
  operands: readonly Four[],
  compute: (node: Node) => Computed,
): Computed {
  if (kind === "input") return taken(place, operands[value] as Four, mode);
  const width = widths[mode];
  const lanes = (make: (part: number) => Expression, isMask = false): Computed => ({
    isMask,
    parts: Array.from({ length: width }, (_, part) => make(part)),
  });
  if (kind === "constant") return lanes(() => splat(mode, value));
  const inner = args.map(compute);
  if (kind === "select") {
    const [condition, a, b] = inner as [Computed, Computed, Computed];
    const [test, then, otherwise] = [conditions(condition, mode), numbers(a, mode), numbers(b, mode)];
    return lanes((i) => op("v128.bitselect", then[i] as Expression, otherwise[i] as Expression, test[i] as Expression));
  }
  const parts = inner.map((one) => numbers(one, mode));
  const at = (i: number): Expression[] => parts.map((part) => part[i] as Expression);
  const [question, emitter] = [questions[kind], emitters[kind]];
  if (question) return lanes((i) => question(mode, at(i)), true);
  if (emitter && isKnown(kind, mode)) return lanes((i) => emitter(mode, at(i)));
  if (mode === "double") return lanes((i) => onLanes(place, kind as RealName, at(i)));
  throw unsupported(kind, mode);
}

/** Integers have no quotients and no roots. */
const isKnown = (kind: Atom, mode: Mode): boolean => mode !== "integer" || !["div", "inv", "sqrt"].includes(kind);

function unsupported(kind: string, mode: Mode): AdError {
  const [problem, expected] = ["an operation has no code", "an operation of this kind of number"];
  const remedy = "run the program on the reference machine";
  return new AdError({ code: "unsupported", where: "wasm", problem, expected, got: `${kind} of ${mode}s`, remedy });
}

/** Whether a format holds a number, NaN and infinities included. */
function isHeld(dtype: DType, value: number): boolean {
  if (!Number.isFinite(value)) return true;
  const single = Math.fround(value) === value;
  if (dtype === "f32" || !single || value === 0) return single;
  const digits = dtype === "f16" ? 2 ** 10 : 2 ** 7;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  const isOrdinary = dtype === "bf16" ? exponent >= -126 : exponent >= -14 && Math.abs(value) <= 65504;
  return isOrdinary && Number.isInteger((value / 2 ** exponent) * digits);
}

/** Rounds what was computed to a format, unless it is a number of it already, and packs it as it is kept. */
function stored(place: Place, found: Computed, mode: Mode, dtype: DType, isRounded: boolean): Four {
  const { f } = place;
  const one = (part: Expression): Four => ({ dtype, parts: [f.let(part)] });
  if (dtype === "bool") return one(op("v128.and", joinedMask(conditions(found, mode)), splat("integer", 1)));
  const parts = numbers(found, mode);
  if (dtype === "f64")
    return { dtype, parts: mode === "double" ? parts : taken(place, singles(parts, mode), "double").parts };
  if (dtype === "i32") return one(truncated(parts, mode));
  if (mode === "double") return one(narrowed(f, parts, dtype));
  const [only] = parts as [Expression];
  return one(dtype === "f32" || isRounded ? only : roundedSingles(f, dtype, only));
}

const singles = (parts: readonly Expression[], mode: Mode): Four => ({
  dtype: mode === "integer" ? "i32" : "f32",
  parts,
});

const joinedMask = (parts: readonly Expression[]): Expression =>
  parts.length === 1 ? (parts[0] as Expression) : shuffle(parts[0] as Expression, parts[1] as Expression, evenWords);

function truncated(parts: readonly Expression[], mode: Mode): Expression {
  if (mode === "integer") return parts[0] as Expression;
  if (mode === "single") return op("i32x4.trunc_sat_f32x4_s", parts[0] as Expression);
  const [low, high] = parts.map((part) => op("i32x4.trunc_sat_f64x2_s_zero", part)) as [Expression, Expression];
  return shuffle(low, high, lowHalves);
}

/** Doubles rounded once to a shorter format. */
function narrowed(f: FunctionBuilder, parts: readonly Expression[], dtype: "f32" | "f16" | "bf16"): Expression {
  const rounded = parts.map((part) => (dtype === "f32" ? part : roundedDoubles(f, dtype, f.let(part))));
  const [low, high] = rounded.map((part) => op("f32x4.demote_f64x2_zero", part)) as [Expression, Expression];
  return shuffle(low, high, lowHalves);
}
