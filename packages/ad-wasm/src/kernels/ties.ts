// Weights of the branches of kinks.
import type { TieParams } from "@nonsmooth/ad-core";
import type { Kernel } from "./kernel.ts";
import { searchKernel } from "./searches.ts";
import { tieAcrossKernel } from "./tieAcross.ts";
import { tieAlongKernel } from "./tieAlong.ts";
import { medianWeightsKernel, sortWeightsKernel, tieOrderKernel } from "./tieRanks.ts";

const tieWeightsKernel: Kernel<TieParams> = (task) => {
  const { order, along } = task.params;
  if (order === "sort") return sortWeightsKernel(task);
  if (order === "median") return medianWeightsKernel(task);
  return along ? tieAlongKernel(task) : tieAcrossKernel(task);
};

/** Kernels about ties and extreme elements by the names of their operations. */
export const tiesKernels: Readonly<Record<string, Kernel>> = {
  tieWeights: tieWeightsKernel,
  tieOrder: tieOrderKernel,
  argmax: searchKernel("max"),
  argmin: searchKernel("min"),
};
