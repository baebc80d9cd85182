/** What the device behind the machine gpu is, and how it treats numbers. */
import { exactness, type GpuMachine, type Numerics } from "@nonsmooth/ad-gpu";
import { gpuAsked, openGpu } from "../training/gpuMachine.ts";

/** A device, as it says itself and as it was measured. */
export interface GpuReport extends Pick<GpuMachine, "mode" | "kernelClass" | "adapter" | "mostElements"> {
  readonly numerics: Numerics;
}

/**
 * Opens the machine that NONSMOOTH_GPU asks for, measures its device, and frees it.
 *
 * @throws AdError as {@link gpuAsked} and {@link openGpu}
 */
export async function examineGpu(): Promise<GpuReport> {
  const machine = await openGpu(gpuAsked());
  try {
    const { mode, kernelClass, adapter, mostElements } = machine;
    return { mode, kernelClass, adapter, mostElements, numerics: await machine.numerics() };
  } finally {
    machine.dispose();
  }
}

/** One measurement in words. */
export interface Measured {
  readonly name: keyof Numerics;
  readonly found: boolean;
  /** What is so when it was found. */
  readonly means: string;
  /** What the laws of ad-gpu expect of a machine with all these measurements; empty when this one does not matter. */
  readonly expected: string;
}

const meanings: Readonly<Record<keyof Numerics, string>> = {
  keepsNaN: "NaN comes out where it went in, and out of arithmetic with it",
  maximumKeepsNaN: "the device's own maximum of a number and NaN is NaN; kernels do not use it",
  nanDiffersFromItself: "NaN differs from itself; kernels do not ask that",
  logOfNegativeIsNaN: "the logarithm of a negative number is NaN",
  keepsInfinities: "infinities come out where they went in, and out of overflow",
  keepsSignedZeros: "a negative zero comes out where it went in, and out of products",
  keepsSubnormals: "numbers below 2^-126 come out of products",
  fusesProducts: "a product and the addition behind it are rounded once",
  roundsEachOperation: "every operation inside of a kernel is rounded to 32 bits",
  keepsOrderOfSums: "additions run in the order in which a kernel writes them",
  roundsDivisionCorrectly: "quotients have the bits of the reference machine",
  roundsRootCorrectly: "square roots have the bits of the reference machine",
  finishesLoops: "loops of more than 65535 rounds run to their end",
};

/** All measurements, in the order of the table. */
export const measurementsOf = (numerics: Numerics): Measured[] =>
  (Object.keys(meanings) as (keyof Numerics)[]).map((name) => ({
    ...{ name, found: numerics[name], means: meanings[name] },
    expected: expectations(numerics)[name] ?? "",
  }));

/** In words, what the laws of ad-gpu expect from each measurement. */
function expectations(measured: Numerics): Partial<Record<keyof Numerics, string>> {
  const { formulasAndSums, quotients, roots, signsOfZeros } = exactness(measured);
  const exact = (what: string, isExact: boolean): string => (isExact ? `exact ${what}` : `${what} are near`);
  const together = exact("formulas and sums", formulasAndSums);
  return {
    ...{ roundsEachOperation: together, keepsOrderOfSums: together, fusesProducts: together },
    keepsSignedZeros: signsOfZeros ? "exact signs of zeros" : "zeros of any sign",
    roundsDivisionCorrectly: exact("quotients", quotients),
    roundsRootCorrectly: exact("roots", roots),
    finishesLoops: measured.finishesLoops ? "loops of any length" : "refusals of longer loops",
  };
}
