// Sums and products of numbers outside of the algebra, watched in the same way.
import { isExactProduct, isExactSum } from "./errorFree.ts";

/** Told when a number was rounded. */
export interface Watch {
  readonly isExact: boolean;
  noteRounding(): void;
}

/** `a + b`, noted when it is rounded. */
export function plus(watch: Watch, a: number, b: number): number {
  const sum = a + b;
  if (watch.isExact && !isExactSum(a, b, sum)) watch.noteRounding();
  return sum;
}

/** `a b`, noted when it is rounded. */
export function times(watch: Watch, a: number, b: number): number {
  const product = a * b;
  if (watch.isExact && !isExactProduct(a, b, product)) watch.noteRounding();
  return product;
}

/** Adds a multiple of a vector to another one, in place. */
export function addMultiple(watch: Watch, total: Float64Array, factor: number, other: Float64Array): void {
  for (let i = 0; i < total.length; i++)
    if (other[i] !== 0) total[i] = plus(watch, total[i] as number, times(watch, factor, other[i] as number));
}
