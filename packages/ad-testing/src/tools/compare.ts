// Comparing tensors, with messages that show numbers.
import type { Tensor } from "@nonsmooth/ad-core";
import { isReal, tolerances } from "./tolerances.ts";

/** Throws an Error with a message that a reader can act on. */
export function fail(message: string): never {
  throw new Error(message);
}

/** A tensor in one line, at most twelve numbers of it. */
export function printTensor({ shape, dtype, data }: Tensor): string {
  const shown = Array.from(data.subarray(0, 12), (v) => (Object.is(v, -0) ? "-0" : String(v)));
  return `${dtype}[${shape.join(", ")}] ${shown.join(" ")}${data.length > 12 ? " ..." : ""}`;
}

const sameType = (a: Tensor, b: Tensor): boolean => a.dtype === b.dtype && a.shape.join() === b.shape.join();

/** Whether two tensors are equal bit for bit: -0 differs from +0, and NaN equals NaN. */
export const isSameBits = (a: Tensor, b: Tensor): boolean =>
  sameType(a, b) && a.data.every((v, i) => Object.is(v, b.data[i]));

/**
 * Checks that two tensors are equal bit for bit.
 *
 * @param what - the sentence that a failure begins with
 * @param got - -0 differs from +0, and NaN equals NaN
 * @param expected - of the shape and dtype of `got`
 * @throws Error that shows both, when they differ
 * @example
 * expectSameBits("a sum", add(tensor([1, 2]), 0), tensor([1, 2]))
 */
export function expectSameBits(what: string, got: Tensor, expected: Tensor): void {
  if (!isSameBits(got, expected)) fail(`${what}: expected ${printTensor(expected)}, got ${printTensor(got)}`);
}

/**
 * Checks that two tensors are equal up to the rounding of their dtype, as the table of tolerances says.
 *
 * @param what - the sentence that a failure begins with
 * @param got - NaN equals NaN
 * @param expected - of the shape and dtype of `got`
 * @param kind - `sums` for two ways to one number, `quotients` for a difference quotient
 * @throws Error that shows both and the first place, when they differ
 * @example
 * expectClose("a sum", add(tensor([0.1]), 0.2), tensor([0.3]))
 */
export function expectClose(what: string, got: Tensor, expected: Tensor, kind: "sums" | "quotients" = "sums"): void {
  const limit = isReal(expected.dtype) ? tolerances[expected.dtype][kind] : 0;
  const at = sameType(got, expected) ? got.data.findIndex((v, i) => !isNear(v, expected.data[i] as number, limit)) : 0;
  if (at >= 0) fail(`${what}: expected ${printTensor(expected)}, got ${printTensor(got)}; first at position ${at}`);
}

const isNear = (a: number, b: number, limit: number): boolean =>
  Object.is(a, b) || a === b || Math.abs(a - b) <= limit * (1 + Math.abs(b));

/** Whether every number is neither infinite nor NaN. */
export const isFiniteTensor = (x: Tensor): boolean => x.data.every((v) => Number.isFinite(v));

/** A sum of products, and the sum of their magnitudes. */
export interface Inner {
  readonly value: number;
  readonly scale: number;
}

/** The inner product of two lists of tensors, over the elements that carry derivatives. */
export function inner(a: readonly Tensor[], b: readonly Tensor[]): Inner {
  let [value, scale] = [0, 0];
  a.forEach((left, k) => {
    if (!isReal(left.dtype)) return;
    left.data.forEach((v, i) => {
      const product = v * (b[k]?.data[i] as number);
      value += product;
      scale += Math.abs(product);
    });
  });
  return { value, scale };
}

/** Whether two inner products agree up to the rounding of a dtype. */
export const isSameInner = (a: Inner, b: Inner, limit: number): boolean =>
  Math.abs(a.value - b.value) <= limit * (1 + a.scale + b.scale);
