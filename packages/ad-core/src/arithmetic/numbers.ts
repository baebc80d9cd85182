// The algebra on numbers: doubles, integers, and doubles that are rounded after each step.
import type { Algebra } from "./algebra.ts";
import { cos, erf, exp, expm1, log, log1p, pow, sin, tanh } from "./real/index.ts";

/** 64-bit floating point. `+ - * / sqrt` are correctly rounded, the others at most 1 ulp off and the same everywhere. */
export const doubles: Algebra<number> = {
  constant: (value) => value,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  neg: (a) => -a,
  inv: (a) => 1 / a,
  square: (a) => a * a,
  sqrt: Math.sqrt,
  exp,
  expm1,
  log,
  log1p,
  sin,
  cos,
  tanh,
  erf,
  pow,
  floor: Math.floor,
  abs: Math.abs,
  maximum: (a, b) => Math.max(a, b),
  minimum: (a, b) => Math.min(a, b),
  less: (a, b) => (a < b ? 1 : 0),
  lessEqual: (a, b) => (a <= b ? 1 : 0),
  equal: (a, b) => (a === b ? 1 : 0),
  select: (condition, a, b) => (condition !== 0 ? a : b),
  scaleBy: (partial, tangent) => (partial === 0 || tangent === 0 ? 0 : partial * tangent),
};

/** 32-bit integers: sums and products wrap around. */
export const integers: Algebra<number> = {
  ...doubles,
  add: (a, b) => (a + b) | 0,
  sub: (a, b) => (a - b) | 0,
  mul: Math.imul,
  neg: (a) => -a | 0,
  square: (a) => Math.imul(a, a),
};

/**
 * Doubles whose arithmetic is rounded by storing it: one place in memory of the format. Kernels run through these
 * element by element; because all formats share this one text, the compiler sees through the calls for each of them.
 */
function storedIn(cell: Float64Array | Float32Array): Algebra<number> {
  const put = (value: number): number => {
    cell[0] = value;
    return cell[0];
  };
  const rounded = roundedDoubles(put);
  return {
    ...rounded,
    add: (a, b) => {
      cell[0] = a + b;
      return cell[0];
    },
    mul: (a, b) => {
      cell[0] = a * b;
      return cell[0];
    },
  };
}

/** 64-bit floating point, for sums. */
export const doubleSums: Algebra<number> = storedIn(new Float64Array(1));

/** 32-bit floating point, every step rounded once. */
export const singles: Algebra<number> = storedIn(new Float32Array(1));

/** Doubles whose every step is rounded to a narrower format. */
export function roundedDoubles(round: (value: number) => number): Algebra<number> {
  const rounded = Object.entries(doubles).map(([atom, operation]: [string, (...n: number[]) => number]) => {
    return [atom, (a: number, b: number, c: number) => round(operation(a, b, c))];
  });
  return Object.fromEntries(rounded) as unknown as Algebra<number>;
}
