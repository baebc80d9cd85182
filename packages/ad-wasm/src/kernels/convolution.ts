// Convolutions and their derivatives: one trilinear form of image, filter and output, summed for one of the three.
import type { Geometry } from "@nonsmooth/ad-core";
import { kernelFunction } from "./frame.ts";
import { bytesOf, type Kernel, nameOf, sizeOf, type Task, type Work } from "./kernel.ts";
import { channelSums } from "./products/channelSums.ts";
import { areFewSamples, filterChannels } from "./products/filterChannels.ts";
import { type FilterPlan, planFilter } from "./products/filterPlan.ts";
import { filterSums } from "./products/filterSums.ts";
import { canUseRows, rowSums } from "./products/rowSums.ts";
import { planImage, planOutput, type WindowPlan } from "./products/windowPlan.ts";
import { windowSums } from "./products/windowSums.ts";

/** Sums without terms are 0. */
function emptySums(task: Task, name: string): Work {
  const bytes = sizeOf(task.output) * bytesOf(task.output.dtype);
  const made = kernelFunction(task, name, ({ f, out }) => f.fill(out, 0, bytes));
  return { function: made, units: bytes === 0 ? 0 : 1, cost: bytes / 4, scratch: 0 };
}

const isEmpty = ({ inputs, output }: Task): boolean => [...inputs, output].some((x) => sizeOf(x) === 0);

/** Few samples do not fill a vector; then channels do. */
const sumsOf = (task: Task, name: string, plan: WindowPlan): Work =>
  plan.batch < plan.lanes.count ? channelSums(task, name, plan) : windowSums(task, name, plan);

const conv2d: Kernel<Geometry> = (task) => {
  const name = nameOf("conv2d", task);
  if (isEmpty(task)) return emptySums(task, name);
  const plan = planOutput(task, task.params);
  return canUseRows(plan) ? rowSums(task, name, plan) : sumsOf(task, name, plan);
};

const conv2dImageGradient: Kernel<Geometry> = (task) => {
  const name = nameOf("conv2dImageGradient", task);
  return isEmpty(task) ? emptySums(task, name) : sumsOf(task, name, planImage(task, task.params));
};

const gradientOf = (task: Task, name: string, plan: FilterPlan): Work =>
  areFewSamples(plan) ? filterChannels(task, name, plan) : filterSums(task, name, plan);

const conv2dFilterGradient: Kernel<Geometry> = (task) => {
  const name = nameOf("conv2dFilterGradient", task);
  return isEmpty(task) ? emptySums(task, name) : gradientOf(task, name, planFilter(task));
};

export const convolutionKernels: Readonly<Record<string, Kernel>> = {
  conv2d,
  conv2dImageGradient,
  conv2dFilterGradient,
};
