// Piecewise linear functions in abs-normal form: evaluation, signatures, and gradients of their pieces.
import { AdError } from "@nonsmooth/ad-core";
import { domainError } from "@nonsmooth/ad-core/transforms";
import { addTo, dot } from "../geometry/vectors.ts";

/** Where one of the absolute values comes from. */
export interface SwitchingVariable {
  readonly name: string;
  readonly site: string;
  /** How many instructions passed before it in the run. */
  readonly position: number;
  /** Where it is in the result of the operation, without the axis that is sorted. */
  readonly index: readonly number[];
}

/**
 * `z = c + Z x + L |z|` with L strictly lower triangular, and `y = b + J x + Y |z|`: matrices as lists of rows. `x` has the
 * entries of all arguments that carry derivatives, one after the other; `y` those of the results.
 */
export interface AbsNormalForm {
  readonly c: Float64Array;
  readonly b: Float64Array;
  readonly Z: readonly Float64Array[];
  readonly L: readonly Float64Array[];
  readonly J: readonly Float64Array[];
  readonly Y: readonly Float64Array[];
  /** The point of the linearization, and what z and y are there. */
  readonly x: Float64Array;
  readonly z: Float64Array;
  readonly y: Float64Array;
  /** What each entry of z comes from. */
  readonly switching: readonly SwitchingVariable[];
}

function checkLength(where: string, what: string, found: ArrayLike<number>, length: number): void {
  if (found?.length === length) return;
  const [expected, got] = [`${length} numbers`, `${found?.length}`];
  const remedy = "give one number for each entry";
  throw new AdError({ code: "shape", where, problem: `${what} has another length`, expected, got, remedy });
}

/**
 * The switching variables and values of a piecewise linear function at a point.
 *
 * Cost: one pass through the matrices.
 *
 * @param form - from `absNormalForm`
 * @param x - as many numbers as the form has inputs
 * @returns `z` and `y` there
 * @throws AdError "shape" for another number of entries
 * @see [Gri13] the form and its evaluation
 * @example
 * const form = absNormalForm((x) => abs(sub(abs(x), 1)), [tensor(0)]);
 * evaluateAbsNormal(form, [3]).y // [2]
 */
export function evaluateAbsNormal(form: AbsNormalForm, x: ArrayLike<number>): { z: Float64Array; y: Float64Array } {
  checkLength("evaluateAbsNormal", "the point", x, form.x.length);
  const at = Float64Array.from(x);
  const z = new Float64Array(form.c.length);
  const size = new Float64Array(form.c.length);
  form.c.forEach((c, i) => {
    z[i] = c + dot(form.Z[i] as Float64Array, at) + dot(form.L[i] as Float64Array, size);
    size[i] = Math.abs(z[i] as number);
  });
  const y = form.b.map((b, i) => b + dot(form.J[i] as Float64Array, at) + dot(form.Y[i] as Float64Array, size));
  return { z, y };
}

/**
 * The signs of the switching variables at a point: the piece that it lies in; 0 where it lies between pieces.
 *
 * @param form - from `absNormalForm`
 * @param x - as many numbers as the form has inputs
 * @returns -1, 0 or 1 for each switching variable
 * @throws AdError "shape" for another number of entries
 * @example
 * signatureOf(absNormalForm((x) => abs(x), [tensor(0)]), [-2]) // [-1]
 */
export const signatureOf = (form: AbsNormalForm, x: ArrayLike<number>): Int8Array =>
  Int8Array.from(evaluateAbsNormal(form, x).z, Math.sign);

/** `z` moves by `(I - L Sigma)^-1 Z`: one row after the other. */
function movesOf({ Z, L }: AbsNormalForm, signature: ArrayLike<number>): Float64Array[] {
  const moves: Float64Array[] = [];
  Z.forEach((row, i) => {
    const total = Float64Array.from(row);
    for (let j = 0; j < i; j++) {
      const factor = (L[i]?.[j] as number) * (signature[j] as number);
      if (factor !== 0) addTo(total, factor, moves[j] as Float64Array);
    }
    moves.push(total);
  });
  return moves;
}

/**
 * The Jacobian of the piece with a signature, `J + Y Sigma (I - L Sigma)^-1 Z`, by forward substitution. It is that of a piece
 * whether or not the signature is that of any point.
 *
 * @param form - from `absNormalForm`
 * @param signature - a number for each switching variable: -1 or 1, or anything between
 * @returns one row for each result
 * @throws AdError "shape" for another number of signs, "domain" for a number outside of [-1, 1]
 * @see [Gri13]
 * @example
 * const form = absNormalForm((x) => abs(sub(abs(x), 1)), [tensor(0)]);
 * activeJacobian(form, [1, -1]) // [[-1]]
 */
export function activeJacobian(form: AbsNormalForm, signature: ArrayLike<number>): Float64Array[] {
  checkLength("activeJacobian", "the signature", signature, form.c.length);
  const odd = Array.from(signature).find((v) => !(v >= -1 && v <= 1));
  if (odd !== undefined)
    throw domainError("activeJacobian", "signature", "numbers from -1 to 1", odd, "take the signs of z");
  const moves = movesOf(form, signature);
  return form.J.map((row, i) => {
    const total = Float64Array.from(row);
    moves.forEach((move, j) => {
      const factor = (form.Y[i]?.[j] as number) * (signature[j] as number);
      if (factor !== 0) addTo(total, factor, move);
    });
    return total;
  });
}
