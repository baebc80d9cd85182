// Machines to test on, and how near their results must be.
import type { Tensor, TieParams } from "@nonsmooth/ad-core";
import { type DoneStep, expectSameBits, type StepAgreement } from "@nonsmooth/ad-testing";
import { type GpuMachine, type GpuMode, gpu } from "../src/index.ts";

/** Whether a missing adapter is a failure: where tests are known to have one. */
const isRequired = process.env.REQUIRE_WEBGPU === "1";

/** A machine of a mode, or why there is none here. */
export async function machineOf(mode: GpuMode): Promise<GpuMachine | string> {
  try {
    return await gpu({ mode, ...(mode === "webgpu" ? { adapter: "software" } : {}) });
  } catch (error) {
    if (isRequired || mode !== "webgpu") throw error;
    return (error as Error).message;
  }
}

/** Instructions that devices compute with functions of their own, or in formulas that round at other places. */
const rounded: ReadonlySet<string> = new Set([
  ...["exp", "expm1", "log", "log1p", "sin", "cos", "tanh", "erf", "pow", "sigmoid", "softplus", "silu", "gelu", "elu"],
  ...["softmax", "logSoftmax", "logSumExp", "randomNormal"],
]);

/** Instructions that add up, which mode `cpu` does in 64 bits, and WebGPU in another order: shading languages allow that. */
const summed: ReadonlySet<string> = new Set([
  ...["sum", "mean", "matmul", "conv2d", "conv2dImageGradient", "conv2dFilterGradient", "norm2", "normPool2d"],
  ...["normalize", "inverseDeviation", "cumsum", "fold", "scatterAdd", "median"],
]);

/** Whether the weights of an instruction are shares that are divided or added up. */
const isMixing = ({ selection }: Partial<TieParams>): boolean =>
  selection !== undefined && ![selection.first, selection.last, selection.drawn].includes(1);

/**
 * Whether instructions that are computed together must give the bits of the reference. Mode `webasm` rounds each of them as the
 * reference does; `cpu` rounds once at the end of a kernel, and a compiler of shaders may add in another order.
 */
const isExact = (mode: GpuMode, done: readonly DoneStep[]): boolean =>
  (mode === "webasm" || done.length === 1) &&
  done.every(
    ({ primitive: { name }, params }) =>
      !rounded.has(name) &&
      (mode === "webasm" || !summed.has(name)) &&
      !(name === "tieWeights" && isMixing(params as TieParams)),
  );

/** How results of a mode must agree with the reference. A compiler of shaders does not look at the sign of a zero. */
export const agreement =
  (mode: GpuMode): StepAgreement =>
  (what, got, expected, done) => {
    if (!isExact(mode, done)) expectNear(what, got, expected, bound);
    else if (mode === "webgpu") expectNear(what, got, expected, 0);
    else expectSameBits(what, got, expected);
  };

/** A few roundings of 32 bits, relative to the larger of the number and 1. */
const bound = 2e-6;

/** The least normal number of 32 bits: devices may take what is below for 0. */
const leastNormal = 2 ** -126;

const isNear = (got: number, expected: number, limit: number): boolean =>
  got === expected ||
  (Number.isNaN(got) && Number.isNaN(expected)) ||
  (limit > 0 && Math.abs(got - expected) <= limit * Math.max(1, Math.abs(expected)) + leastNormal);

/** Expects that numbers are near, or equal for a bound of 0. */
export function expectNear(what: string, got: Tensor, expected: Tensor, limit: number): void {
  const type = ({ dtype, shape }: Tensor): string => `${dtype}[${shape}]`;
  if (type(got) !== type(expected)) throw new Error(`${what}: expected ${type(expected)}, got ${type(got)}`);
  const at = Array.from(expected.data).findIndex((x, i) => !isNear(got.data[i] as number, x, limit));
  if (at < 0) return;
  throw new Error(`${what}: expected ${expected.data}, got ${got.data}; first at ${at}`);
}

/** The modes that are tried wherever tests run. */
export const modes: readonly GpuMode[] = ["cpu", "webasm", "webgpu"];
