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
export { corePrimitives } from "./elementary.ts";
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
export { norm1, norm1Primitive, norm2, norm2Primitive } from "./norms.ts";
export { avgPool2d, maxPool2d, maxPool2dPrimitive } from "./pooling.ts";
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
export { all, any, mean, meanPrimitive, prod, variance } from "./statistics.ts";
export { broadcastTo, broadcastToPrimitive, sum, sumPrimitive } from "./sum.ts";
export { tieWeightsPrimitive } from "./ties.ts";
export { cos, erf, exp, expm1, log, log1p, sin, sqrt, tanh } from "./transcendental.ts";
export { transpose, transposePrimitive } from "./transpose.ts";
export { where, wherePrimitive } from "./where.ts";
export { foldPrimitive, unfoldPrimitive } from "./windows.ts";
