// Machines to test on, and how near their results must be.
import type { DType, Tensor } from "@nonsmooth/ad-core";
import { type GpuMachine, type GpuMode, gpu } from "../src/index.ts";

/** Whether a missing adapter is a failure: where tests are known to have one. */
const isRequired = process.env["REQUIRE_WEBGPU"] === "1";

/** A machine of a mode, or why there is none here. */
export async function machineOf(mode: GpuMode): Promise<GpuMachine | string> {
  try {
    return await gpu({ mode, ...(mode === "webgpu" ? { adapter: "software" } : {}) });
  } catch (error) {
    if (isRequired || mode !== "webgpu") throw error;
    return (error as Error).message;
  }
}

/** The least normal number of 32 bits: devices may take what is below for 0. */
const leastNormal = 2 ** -126;

const isNear = (got: number, expected: number, scale: number): boolean =>
  Object.is(got, expected) ||
  got === expected ||
  Math.abs(got - expected) <= 2e-5 * (Math.abs(expected) + scale) + leastNormal ||
  (Number.isNaN(expected) && Number.isNaN(got));

/** Expects that numbers are near, relative to the largest of a tensor, and that everything else is equal. */
export function expectNear(what: string, got: Tensor, expected: Tensor): void {
  const type = ({ dtype, shape }: Tensor): string => `${dtype}[${shape}]`;
  if (type(got) !== type(expected)) throw new Error(`${what}: expected ${type(expected)}, got ${type(got)}`);
  const largest = Array.from(expected.data).reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0);
  const scale = isReal(expected.dtype) ? Math.min(Math.max(1, largest), 1e30) : 0;
  const at = Array.from(expected.data).findIndex((x, i) => !isNear(got.data[i] as number, x, scale));
  if (at < 0) return;
  throw new Error(`${what}: expected ${expected.data}, got ${got.data}; first at ${at}`);
}

const isReal = (dtype: DType): boolean => dtype === "f32";
