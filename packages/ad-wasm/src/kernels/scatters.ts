// Kernels that add elements up in an order that is stated: at indices, in windows, and along an axis.

import { cumsumKernel } from "./cumsum.ts";
import { foldKernel } from "./fold.ts";
import type { Kernel } from "./kernel.ts";
import { scatterAddKernel } from "./scatterAdd.ts";

/** Kernels of sums by the names of their operations. */
export const scattersKernels: Readonly<Record<string, Kernel>> = {
  scatterAdd: scatterAddKernel,
  fold: foldKernel,
  cumsum: cumsumKernel,
};
