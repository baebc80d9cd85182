// The operations and their records: one line for each family, and nothing else to register.
export { add, div, floor, mul, neg, pow, square, sub } from "./arithmetic.ts";
export {
  and,
  andPrimitive,
  equal,
  greater,
  greaterEqual,
  isFinite,
  isFinitePrimitive,
  less,
  lessEqual,
  not,
  notEqual,
  notPrimitive,
  or,
  orPrimitive,
} from "./comparisons.ts";
export { concatenate, concatenatePrimitive, stack } from "./concatenate.ts";
export { conv2d, conv2dFilterGradientPrimitive, conv2dImageGradientPrimitive, conv2dPrimitive } from "./conv2d.ts";
export {
  barrierPrimitive,
  cast,
  castPrimitive,
  customValuePrimitive,
  oneHot,
  oneHotPrimitive,
  stopGradient,
  stopGradientPrimitive,
} from "./conversions.ts";
export { cumsum, cumsumPrimitive } from "./cumsum.ts";
export { corePrimitives } from "./elementary.ts";
export { elu, eluPrimitive } from "./elu.ts";
export {
  argmax,
  argmaxPrimitive,
  argmin,
  argminPrimitive,
  max,
  maxPrimitive,
  min,
  minPrimitive,
  normInf,
  normInfPrimitive,
} from "./extrema.ts";
export { gather, gatherPrimitive, scatterAdd, scatterAddPrimitive } from "./gather.ts";
export {
  abs,
  clamp,
  clampHighPrimitive,
  clampLowPrimitive,
  hardtanh,
  hardtanhHighPrimitive,
  hardtanhLowPrimitive,
  leakyRelu,
  leakyReluPrimitive,
  maximum,
  minimum,
  relu,
  relu6,
  relu6HighPrimitive,
  relu6LowPrimitive,
  reluPrimitive,
  sign,
  signPrimitive,
} from "./kinked.ts";
export { dot, matmul, matmulPrimitive, outer } from "./matmul.ts";
export { batchNorm, layerNorm } from "./normalization.ts";
export { inverseDeviationPrimitive, normalizePrimitive } from "./normalize.ts";
export { norm1, norm1Primitive, norm2, norm2Primitive } from "./norms.ts";
export { avgPool2d, maxPool2d, maxPool2dPrimitive, normPool2d, normPool2dPrimitive } from "./pooling.ts";
export {
  key,
  randomNormal,
  randomNormalPrimitive,
  randomUniform,
  randomUniformPrimitive,
  split,
  splitPrimitive,
} from "./random.ts";
export { reshape, reshapePrimitive, squeeze } from "./reshape.ts";
export { pad, padPrimitive, slice, slicePrimitive } from "./slice.ts";
export {
  gelu,
  geluPrimitive,
  sigmoid,
  sigmoidPrimitive,
  silu,
  siluPrimitive,
  softplus,
  softplusPrimitive,
} from "./smooth.ts";
export {
  crossEntropy,
  logSoftmax,
  logSoftmaxPrimitive,
  logSumExp,
  logSumExpPrimitive,
  softmax,
  softmaxPrimitive,
} from "./softmax.ts";
export { median, medianPrimitive, sort, sortPrimitive } from "./sort.ts";
export { all, any, mean, meanPrimitive, prod, variance } from "./statistics.ts";
export { broadcastTo, broadcastToPrimitive, sum, sumPrimitive } from "./sum.ts";
export { tieOrderPrimitive } from "./tieOrder.ts";
export { tieWeightsPrimitive } from "./ties.ts";
export { cos, erf, exp, expm1, log, log1p, sin, sqrt, tanh } from "./transcendental.ts";
export { transpose, transposePrimitive } from "./transpose.ts";
export { tril, trilPrimitive } from "./tril.ts";
export { where, wherePrimitive } from "./where.ts";
export { foldPrimitive, unfoldPrimitive } from "./windows.ts";
