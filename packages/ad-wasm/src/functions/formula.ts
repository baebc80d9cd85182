// Short names for the instructions of f64, so that code reads as the formulas that it repeats. A formula of vectors
// computes with both of their doubles: its instructions are those of f64x2, and its comparisons give masks.
import { type Expression, op, type Value, vector } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";

/** What may stand several times in a formula: a variable or a number. */
export type Known = Local | number;

type Name = "add" | "sub" | "mul" | "div" | "neg" | "abs" | "floor" | "lt" | "gt" | "eq";

/** A number in both lanes, or what is a vector already. */
const asVector = (value: Value): Expression =>
  typeof value === "number" ? vector(Float64Array.of(value, value)) : value;

function f64(name: Name, ...operands: readonly Value[]): Expression {
  const isVector = operands.some((operand) => typeof operand !== "number" && operand.type === "v128");
  return isVector ? op(`f64x2.${name}`, ...operands.map(asVector)) : op(`f64.${name}`, ...operands);
}

const chain =
  (name: "add" | "mul") =>
  (first: Value, ...rest: readonly [Value, ...Value[]]): Expression =>
    rest.reduce((sum, next) => f64(name, sum, next), first) as Expression;

/** A sum from left to right. */
export const add: (first: Value, ...rest: readonly [Value, ...Value[]]) => Expression = chain("add");

/** A product from left to right. */
export const mul: (first: Value, ...rest: readonly [Value, ...Value[]]) => Expression = chain("mul");

export const sub = (a: Value, b: Value): Expression => f64("sub", a, b);
export const div = (a: Value, b: Value): Expression => f64("div", a, b);
export const neg = (a: Value): Expression => f64("neg", a);
export const abs = (a: Value): Expression => f64("abs", a);
export const floor = (a: Value): Expression => f64("floor", a);
export const less = (a: Value, b: Value): Expression => f64("lt", a, b);
export const greater = (a: Value, b: Value): Expression => f64("gt", a, b);
export const equal = (a: Value, b: Value): Expression => f64("eq", a, b);
export const isNan = (a: Local): Expression => op("f64.ne", a, a);
export const both = (a: Expression, b: Expression): Expression => op("i32.and", a, b);
export const either = (a: Expression, b: Expression): Expression => op("i32.or", a, b);
export const not = (a: Expression): Expression => op("i32.eqz", a);

/**
 * `c0 + x (c1 + x (c2 + ...))`, from the inside out. Where the original subtracts, the coefficients have the other sign,
 * which rounds alike.
 */
export const series = (x: Local, ...coefficients: readonly Value[]): Expression =>
  coefficients
    .slice(0, -1)
    .reduceRight<Value>((inner, c) => add(c, mul(x, inner)), coefficients.at(-1) as Value) as Expression;

/** `a` where the condition holds, else `b`; only one of them is computed. */
export function choose(f: FunctionBuilder, condition: Expression, a: () => Value, b: () => Value): Local {
  const chosen = f.local("f64");
  f.if(
    condition,
    () => f.set(chosen, a()),
    () => f.set(chosen, b()),
  );
  return chosen;
}
