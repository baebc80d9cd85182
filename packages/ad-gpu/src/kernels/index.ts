// All kernels by the names of the records that they compute.
import { broadcastTo } from "./broadcastTo.ts";
import { concatenate } from "./concatenate.ts";
import { conv2d } from "./conv2d.ts";
import { conv2dFilterGradient } from "./conv2dFilterGradient.ts";
import { conv2dImageGradient } from "./conv2dImageGradient.ts";
import { cumsum } from "./cumsum.ts";
import { max, min } from "./extrema.ts";
import { fold } from "./fold.ts";
import { gather } from "./gather.ts";
import type { Kernel } from "./kernel.ts";
import { matmul } from "./matmul.ts";
import { maxPool2d } from "./maxPool2d.ts";
import { mean } from "./mean.ts";
import { median } from "./median.ts";
import { norm2 } from "./norm2.ts";
import { inverseDeviation, normalize } from "./normalize.ts";
import { oneHot } from "./oneHot.ts";
import { pad } from "./pad.ts";
import { randomNormal, randomUniform } from "./random.ts";
import { scatterAdd } from "./scatterAdd.ts";
import { argmax, argmin } from "./searches.ts";
import { slice } from "./slice.ts";
import { logSoftmax, logSumExp, softmax } from "./softmax.ts";
import { sort } from "./sorted.ts";
import { sum } from "./sum.ts";
import { tieOrder } from "./tieOrder.ts";
import { tieWeights } from "./tieWeights.ts";
import { transpose } from "./transpose.ts";
import { tril } from "./tril.ts";
import { unfold } from "./unfold.ts";

/** What chains of formulas do not compute. */
export const kernels: Readonly<Record<string, Kernel>> = {
  ...{ broadcastTo, concatenate, conv2d, conv2dFilterGradient, conv2dImageGradient, cumsum, fold, gather, matmul },
  ...{ max, min, normInf: max, argmax, argmin, maxPool2d, mean, median, norm2, normPool2d: norm2 },
  ...{ normalize, inverseDeviation, oneHot, pad, randomNormal, randomUniform, scatterAdd, slice, sort, sum },
  ...{ softmax, logSoftmax, logSumExp, tieOrder, tieWeights, transpose, tril, unfold },
};
