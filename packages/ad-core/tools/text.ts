// The algebra that prints: a statement read on it is a piece of TypeScript.
import type { Algebra } from "../src/arithmetic/algebra.ts";

/** A number as it is written in a program. */
export const literal = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));

const isName = (code: string): boolean => /^\w+$/.test(code);
const call =
  (name: string) =>
  (...operands: string[]): string =>
    `${name}(${operands.map(bare).join(", ")})`;
const between =
  (sign: string) =>
  (a: string, b: string): string =>
    `(${a} ${sign} ${b})`;
const question = (sign: string) => (a: string, b: string) => `(${a} ${sign} ${b} ? 1 : 0)`;

/** Without the parentheses around the whole. */
export function bare(code: string): string {
  if (!code.startsWith("(")) return code;
  let depth = 0;
  for (let i = 0; i < code.length - 1; i++) {
    if (code[i] === "(") depth++;
    if (code[i] === ")") depth--;
    if (depth === 0) return code;
  }
  return code.slice(1, -1);
}

export const text: Algebra<string> = {
  constant: literal,
  add: between("+"),
  sub: between("-"),
  mul: between("*"),
  div: between("/"),
  neg: (a) => (/^\d/.test(a) ? `-${a}` : `(-${a})`),
  inv: (a) => `(1 / ${a})`,
  square: (a) => (isName(a) ? `(${a} * ${a})` : call("square")(a)),
  sqrt: call("Math.sqrt"),
  exp: call("exp"),
  expm1: call("expm1"),
  log: call("log"),
  log1p: call("log1p"),
  sin: call("sin"),
  cos: call("cos"),
  tanh: call("tanh"),
  erf: call("erf"),
  pow: call("pow"),
  floor: call("Math.floor"),
  abs: call("Math.abs"),
  maximum: call("Math.max"),
  minimum: call("Math.min"),
  less: question("<"),
  lessEqual: question("<="),
  equal: question("==="),
  select: (condition, a, b) => `(${condition} !== 0 ? ${a} : ${b})`,
  scaleBy: call("scaleBy"),
};
