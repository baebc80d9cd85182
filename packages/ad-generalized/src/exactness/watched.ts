// An arithmetic that computes the same numbers and notes whether one of them was rounded.
import type { Algebra, Arithmetic } from "@nonsmooth/ad-core";
import { isExactProduct, isExactQuotient, isExactSum } from "./errorFree.ts";

/** Told of each operation that was rounded, or may have been. */
export type OnRounding = () => void;

type Check = (result: number, a: number, b: number) => boolean;

const onlyAt =
  (argument: number): Check =>
  (_result, a) =>
    a === argument;

/** When an operation is exact. Those that only move or compare are not listed, for they always are. */
const checks: Readonly<Partial<Record<keyof Algebra<number>, Check>>> = {
  add: (y, a, b) => isExactSum(a, b, y),
  sub: (y, a, b) => isExactSum(a, -b, y),
  mul: (y, a, b) => isExactProduct(a, b, y),
  scaleBy: (y, a, b) => isExactProduct(a, b, y),
  square: (y, a) => isExactProduct(a, a, y),
  div: (y, a, b) => isExactQuotient(a, b, y),
  inv: (y, a) => isExactQuotient(1, a, y),
  sqrt: (y, a) => isExactProduct(y, y, a),
  exp: onlyAt(0),
  expm1: onlyAt(0),
  log: onlyAt(1),
  log1p: onlyAt(0),
  sin: onlyAt(0),
  cos: onlyAt(0),
  tanh: onlyAt(0),
  erf: onlyAt(0),
  pow: (y, a, b) => (b === 0 && y === 1) || (b === 1 && y === a) || (b === 2 && isExactProduct(a, a, y)),
};

function watchedAlgebra(base: Algebra<number>, onRounding: OnRounding): Algebra<number> {
  const entries = Object.entries(base) as [keyof Algebra<number>, (...values: number[]) => number][];
  const watched = entries.map(([name, operation]) => {
    const check = checks[name];
    if (!check) return [name, operation];
    return [
      name,
      (a: number, b: number): number => {
        const result = operation(a, b);
        if (!check(result, a, b)) onRounding();
        return result;
      },
    ];
  });
  return { ...base, ...(Object.fromEntries(watched) as Partial<Algebra<number>>) };
}

/** The same arithmetic, watched. Numbers that an operation brings itself count as what they are. */
export const watchedArithmetic = (base: Arithmetic<number>, onRounding: OnRounding): Arithmetic<number> => ({
  ...base,
  each: watchedAlgebra(base.each, onRounding),
  sum: watchedAlgebra(base.sum, onRounding),
});
