// What follows from measurements of a device: which results have the bits of the reference machine.
import type { Numerics } from "./numerics.ts";

/** Which results of a device have the bits of the reference machine in 32 bits; the others are near them. */
export interface Exactness {
  /** Formulas of several operations, and all that adds up. */
  readonly formulasAndSums: boolean;
  readonly quotients: boolean;
  readonly roots: boolean;
  /** Signs of zeros; where they differ, zeros are equal as numbers. */
  readonly signsOfZeros: boolean;
}

/**
 * Which results to expect bit for bit, from what was measured on a device. One operation alone that neither divides, takes
 * roots nor calls an elementary function (exp, log, sin, tanh, erf, powers and what is made of them) is exact on every device;
 * elementary functions are exact on none.
 *
 * The conformance suite takes its expectations from here.
 *
 * @example
 * ```ts
 * import { exactness, gpu } from "@nonsmooth/ad-gpu";
 *
 * const machine = await gpu({ mode: "webasm" });
 * exactness(await machine.numerics()).formulasAndSums; // true
 * machine.dispose();
 * ```
 */
export function exactness(measured: Numerics): Exactness {
  const { roundsEachOperation, keepsOrderOfSums, fusesProducts, keepsSignedZeros } = measured;
  return {
    formulasAndSums: roundsEachOperation && keepsOrderOfSums && !fusesProducts,
    quotients: measured.roundsDivisionCorrectly,
    roots: measured.roundsRootCorrectly,
    signsOfZeros: keepsSignedZeros && keepsOrderOfSums,
  };
}
