// The dictionary of random programs: each entry takes matrices [3, 3] to a matrix [3, 3] of bounded numbers.
import {
  abs,
  add,
  avgPool2d,
  batchNorm,
  broadcastTo,
  clamp,
  concatenate,
  conv2d,
  cos,
  cumsum,
  div,
  elu,
  erf,
  exp,
  expm1,
  floor,
  gather,
  greater,
  hardtanh,
  layerNorm,
  leakyRelu,
  less,
  log,
  log1p,
  logSoftmax,
  logSumExp,
  matmul,
  max,
  maximum,
  maxPool2d,
  mean,
  median,
  min,
  minimum,
  mul,
  neg,
  norm1,
  norm2,
  normInf,
  normPool2d,
  pad,
  pow,
  prod,
  relu,
  relu6,
  reshape,
  scatterAdd,
  sigmoid,
  sign,
  sin,
  slice,
  softmax,
  softplus,
  sort,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  transpose,
  tril,
  variance,
  where,
} from "@nonsmooth/ad-core";
import { distance, least, normGap, tieGap } from "./gaps.ts";

type Run = (a: Tensor, b: Tensor, c: Tensor) => Tensor;

/** One entry of the dictionary. A test runs the text of each and compares. */
export interface Step {
  /** The call as code, of the operands `a`, `b` and `c`. */
  readonly text: string;
  readonly run: Run;
  /** Present for steps with kinks: how far the operands are from one. */
  readonly gap?: (a: Tensor, b: Tensor) => number;
}

const step = (text: string, run: Run, gap?: (a: Tensor, b: Tensor) => number): Step =>
  gap ? { text, run, gap } : { text, run };

const square3 = [3, 3];
const image = [1, 1, 3, 3];
const overlapping = { window: 3, stride: 1, padding: 1 };
const rows = tensor([2, 0, 2], { dtype: "i32" });
const fill = (x: Tensor): Tensor => broadcastTo(x, square3);

/** Differentiable everywhere. */
export const smoothSteps: readonly Step[] = [
  step("neg(a)", (a) => neg(a)),
  step("mul(add(a, b), 0.5)", (a, b) => mul(add(a, b), 0.5)),
  step("mul(sub(a, b), 0.5)", (a, b) => mul(sub(a, b), 0.5)),
  step("tanh(mul(a, b))", (a, b) => tanh(mul(a, b))),
  step("div(a, add(square(b), 1))", (a, b) => div(a, add(square(b), 1))),
  step("sqrt(add(square(a), 1))", (a) => sqrt(add(square(a), 1))),
  step("exp(tanh(a))", (a) => exp(tanh(a))),
  step("expm1(neg(square(a)))", (a) => expm1(neg(square(a)))),
  step("log(add(square(a), 1))", (a) => log(add(square(a), 1))),
  step("log1p(square(a))", (a) => log1p(square(a))),
  step("sin(a)", (a) => sin(a)),
  step("cos(a)", (a) => cos(a)),
  step("tanh(a)", (a) => tanh(a)),
  step("erf(a)", (a) => erf(a)),
  step("sigmoid(a)", (a) => sigmoid(a)),
  step("softplus(tanh(a))", (a) => softplus(tanh(a))),
  step("pow(add(square(tanh(a)), 1), tanh(b))", (a, b) => pow(add(square(tanh(a)), 1), tanh(b))),
  step("tanh(matmul(a, b))", (a, b) => tanh(matmul(a, b))),
  step("tanh(reshape(conv2d(reshape(a, [1, 1, 3, 3]), reshape(b, [1, 1, 3, 3]), { padding: 1 }), [3, 3]))", (a, b) =>
    tanh(reshape(conv2d(reshape(a, image), reshape(b, image), { padding: 1 }), square3)),
  ),
  step("reshape(avgPool2d(reshape(a, [1, 1, 3, 3]), { window: 3, stride: 1, padding: 1 }), [3, 3])", (a) =>
    reshape(avgPool2d(reshape(a, image), overlapping), square3),
  ),
  step("softmax(a)", (a) => softmax(a)),
  step("mul(logSoftmax(a), 0.25)", (a) => mul(logSoftmax(a), 0.25)),
  step("layerNorm(a, { epsilon: 1 })", (a) => layerNorm(a, { epsilon: 1 })),
  step("batchNorm(a, { epsilon: 1, scale: slice(reshape(b, [9]), [0], [3]) })", (a, b) =>
    batchNorm(a, { epsilon: 1, scale: slice(reshape(b, [9]), [0], [3]) }),
  ),
  step("broadcastTo(logSumExp(mul(a, 0.5), { axes: 1, keepDims: true }), [3, 3])", (a) =>
    fill(logSumExp(mul(a, 0.5), { axes: 1, keepDims: true })),
  ),
  step("mul(sub(a, mean(b, { axes: 0 })), 0.5)", (a, b) => mul(sub(a, mean(b, { axes: 0 })), 0.5)),
  step("broadcastTo(tanh(variance(a, { axes: 1 })), [3, 3])", (a) => fill(tanh(variance(a, { axes: 1 })))),
  step("broadcastTo(tanh(prod(a, { axes: 0 })), [3, 3])", (a) => fill(tanh(prod(a, { axes: 0 })))),
  step("mul(broadcastTo(sum(a, { axes: 0 }), [3, 3]), 0.25)", (a) => mul(fill(sum(a, { axes: 0 })), 0.25)),
  step("transpose(a)", (a) => transpose(a)),
  step("pad(slice(a, [0, 0], [2, 2]), [1, 0], [0, 1])", (a) => pad(slice(a, [0, 0], [2, 2]), [1, 0], [0, 1])),
  step("tril(a, 1)", (a) => tril(a, 1)),
  step("mul(cumsum(a, { axis: 1, reverse: true }), 0.5)", (a) => mul(cumsum(a, { axis: 1, reverse: true }), 0.5)),
  step('gather(a, tensor([2, 0, 2], { dtype: "i32" }))', (a) => gather(a, rows)),
  step('mul(scatterAdd(a, tensor([2, 0, 2], { dtype: "i32" }), b, { axis: 1 }), 0.25)', (a, b) =>
    mul(scatterAdd(a, rows, b, { axis: 1 }), 0.25),
  ),
  step("concatenate([slice(a, [0, 0], [2, 3]), slice(b, [2, 0], [3, 3])])", (a, b) =>
    concatenate([slice(a, [0, 0], [2, 3]), slice(b, [2, 0], [3, 3])]),
  ),
];

/** Continuous, with kinks. */
export const kinkedSteps: readonly Step[] = [
  step(
    "relu(a)",
    (a) => relu(a),
    (a) => distance(a, 0),
  ),
  step(
    "leakyRelu(a, 0.25)",
    (a) => leakyRelu(a, 0.25),
    (a) => distance(a, 0),
  ),
  step(
    "elu(a, 0.5)",
    (a) => elu(a, 0.5),
    (a) => distance(a, 0),
  ),
  step(
    "mul(relu6(mul(a, 4)), 0.25)",
    (a) => mul(relu6(mul(a, 4)), 0.25),
    (a) => Math.min(distance(a, 0), distance(a, 1.5)),
  ),
  step(
    "hardtanh(a)",
    (a) => hardtanh(a),
    (a) => Math.min(distance(a, -1), distance(a, 1)),
  ),
  step(
    "clamp(a, { low: -1, high: b })",
    (a, b) => clamp(a, { low: -1, high: b }),
    (a, b) => Math.min(distance(a, -1), distance(maximum(a, -1), b)),
  ),
  step(
    "abs(a)",
    (a) => abs(a),
    (a) => distance(a, 0),
  ),
  step("maximum(a, b)", (a, b) => maximum(a, b), distance),
  step("minimum(a, b)", (a, b) => minimum(a, b), distance),
  step(
    "sub(a, max(a, { axes: 1, keepDims: true }))",
    (a) => sub(a, max(a, { axes: 1, keepDims: true })),
    (a) => tieGap("max", a, [1]),
  ),
  step(
    "broadcastTo(min(a, { axes: 0 }), [3, 3])",
    (a) => fill(min(a, { axes: 0 })),
    (a) => tieGap("min", a, [0]),
  ),
  step(
    "sort(a)",
    (a) => sort(a),
    (a) => tieGap("sort", a, 1),
  ),
  step(
    "sub(b, sort(a, { axis: 0, descending: true }))",
    (a, b) => sub(b, sort(a, { axis: 0, descending: true })),
    (a) => tieGap("sort", a, 0),
  ),
  step(
    "sub(a, median(a, { axes: 1, keepDims: true }))",
    (a) => sub(a, median(a, { axes: 1, keepDims: true })),
    (a) => tieGap("median", a, [1]),
  ),
  step(
    "broadcastTo(max(a), [3, 3])",
    (a) => fill(max(a)),
    (a) => tieGap("max", a, [0, 1]),
  ),
  step(
    "reshape(maxPool2d(reshape(a, [1, 1, 3, 3]), { window: 3, stride: 1, padding: 1 }), [3, 3])",
    (a) => reshape(maxPool2d(reshape(a, image), overlapping), square3),
    (a) => tieGap("maxPool2d", reshape(a, image), { window: [3, 3], stride: [1, 1], padding: [1, 1] }),
  ),
  step(
    "pad(reshape(maxPool2d(reshape(a, [1, 1, 3, 3]), { window: 2, stride: 1 }), [2, 2]), [1, 1], [0, 0])",
    (a) => pad(reshape(maxPool2d(reshape(a, image), { window: 2, stride: 1 }), [2, 2]), [1, 1], [0, 0]),
    (a) => tieGap("maxPool2d", reshape(a, image), { window: [2, 2], stride: [1, 1], padding: [0, 0] }),
  ),
  step(
    "mul(broadcastTo(norm1(a, { axes: 0 }), [3, 3]), 0.25)",
    (a) => mul(fill(norm1(a, { axes: 0 })), 0.25),
    (a) => distance(a, 0),
  ),
  step(
    "broadcastTo(normInf(a, { axes: 1 }), [3, 3])",
    (a) => fill(normInf(a, { axes: 1 })),
    (a) => tieGap("normInf", concatenate([neg(a), a], 1), [1]),
  ),
  step(
    "mul(broadcastTo(norm2(a, { axes: 0 }), [3, 3]), 0.5)",
    (a) => mul(fill(norm2(a, { axes: 0 })), 0.5),
    (a) => normGap(a, 0),
  ),
  step(
    "mul(reshape(normPool2d(reshape(a, [1, 1, 3, 3]), { window: 3, stride: 1, padding: 1 }), [3, 3]), 0.25)",
    (a) => mul(reshape(normPool2d(reshape(a, image), overlapping), square3), 0.25),
    (a) => least(normPool2d(reshape(a, image), overlapping).data),
  ),
];

/** With jumps of the value. */
export const jumpingSteps: readonly Step[] = [
  step("where(less(a, b), a, c)", (a, b, c) => where(less(a, b), a, c), distance),
  step(
    "where(greater(a, 0), sin(b), 0)",
    (a, b) => where(greater(a, 0), sin(b), 0),
    (a) => distance(a, 0),
  ),
  step(
    "tanh(add(floor(a), b))",
    (a, b) => tanh(add(floor(a), b)),
    (a) => Math.min(distance(a, floor(a)), distance(a, add(floor(a), 1))),
  ),
  step(
    "mul(sign(a), b)",
    (a, b) => mul(sign(a), b),
    (a) => distance(a, 0),
  ),
];
