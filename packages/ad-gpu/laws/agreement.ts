// How near the results of a device must be to those of the reference.
import type { Tensor, TieParams } from "@nonsmooth/ad-core";
import { type DoneStep, expectSameBits, type StepAgreement } from "@nonsmooth/ad-testing";
import { type Exactness, exactness, type Numerics } from "../src/index.ts";

/** Instructions that devices compute with functions of their own, or in formulas that round at other places. */
const rounded: ReadonlySet<string> = new Set([
  ...["exp", "expm1", "log", "log1p", "sin", "cos", "tanh", "erf", "pow", "sigmoid", "softplus", "silu", "gelu", "elu"],
  ...["softmax", "logSoftmax", "logSumExp", "randomNormal"],
]);

/** Instructions that add up. */
const summed: ReadonlySet<string> = new Set([
  ...["sum", "mean", "matmul", "conv2d", "conv2dImageGradient", "conv2dFilterGradient", "norm2", "normPool2d"],
  ...["normalize", "inverseDeviation", "cumsum", "fold", "scatterAdd", "median"],
]);

/** Instructions that divide, and that take roots. */
const divided: ReadonlySet<string> = new Set(["div", "mean", "normalize", "inverseDeviation", "sigmoid"]);
const rooted: ReadonlySet<string> = new Set(["sqrt", "norm2", "normPool2d", "normalize", "inverseDeviation"]);

/** Whether the weights of an instruction are shares that are divided or added up. */
const isMixing = ({ selection }: Partial<TieParams>): boolean =>
  selection !== undefined && ![selection.first, selection.last, selection.drawn].includes(1);

/** Whether instructions that are computed together must give the bits of the reference on a device. */
const isExact = ({ formulasAndSums, quotients, roots }: Exactness, done: readonly DoneStep[]): boolean =>
  (formulasAndSums || done.length === 1) &&
  done.every(
    ({ primitive: { name }, params }) =>
      !rounded.has(name) &&
      (formulasAndSums || !summed.has(name)) &&
      (quotients || !divided.has(name)) &&
      (roots || !rooted.has(name)) &&
      !(name === "tieWeights" && isMixing(params as TieParams)),
  );

/** How results of a device must agree with the reference, from what was measured on it. */
export function agreement(device: Numerics): StepAgreement {
  const exact = exactness(device);
  return (what, got, expected, done) => {
    if (!isExact(exact, done)) expectNear(what, got, expected, bound);
    else if (exact.signsOfZeros) expectSameBits(what, got, expected);
    else expectNear(what, got, expected, 0);
  };
}

/** A few roundings of 32 bits, relative to the larger of the number and 1. */
const bound = 2e-6;

/** The least normal number of 32 bits: devices may take what is below for 0. */
const leastNormal = 2 ** -126;

const isNear = (got: number, expected: number, limit: number): boolean =>
  got === expected ||
  (Number.isNaN(got) && Number.isNaN(expected)) ||
  (limit > 0 && Math.abs(got - expected) <= limit * Math.max(1, Math.abs(expected)) + leastNormal);

/** Expects that numbers are near, or equal for a bound of 0. */
function expectNear(what: string, got: Tensor, expected: Tensor, limit: number): void {
  const type = ({ dtype, shape }: Tensor): string => `${dtype}[${shape}]`;
  if (type(got) !== type(expected)) throw new Error(`${what}: expected ${type(expected)}, got ${type(got)}`);
  const at = Array.from(expected.data).findIndex((x, i) => !isNear(got.data[i] as number, x, limit));
  if (at < 0) return;
  throw new Error(`${what}: expected ${expected.data}, got ${got.data}; first at ${at}`);
}
