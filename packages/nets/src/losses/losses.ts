// Losses of regression and classification, and what is read off scores.
import {
  AdError,
  abs,
  add,
  argmax,
  cast,
  equal,
  exp,
  logSoftmax,
  max,
  mean,
  mul,
  neg,
  oneHot,
  crossEntropy as plainCrossEntropy,
  relu,
  square,
  sub,
  sum,
  type Tensor,
  where,
} from "@nonsmooth/ad-core";

/** Settings of {@link softCrossEntropy}. */
export interface SmoothingOptions {
  /** Share of the truth that all classes divide equally; 0 when absent. */
  readonly smoothing?: number;
}

/**
 * Mean cross-entropy with label smoothing: the truth is `1 - smoothing` for the class and `smoothing / classes` for all.
 *
 * @param scores - `[batch, classes]`
 * @param labels - `[batch]`, `i32`
 * @param options - `smoothing` from 0 below 1
 * @returns a scalar
 * @throws AdError "domain" for another smoothing; "shape" when scores and labels do not fit
 * @example
 * softCrossEntropy(tensor([[0, 0]]), tensor([1], { dtype: "i32" }), { smoothing: 0.1 }) // 0.6931471805599453
 */
export function softCrossEntropy(scores: Tensor, labels: Tensor, { smoothing = 0 }: SmoothingOptions = {}): Tensor {
  if (!(smoothing >= 0 && smoothing < 1)) {
    const [expected, remedy] = ["a number from 0 below 1", "0.1 is usual"];
    const problem = "smoothing out of range";
    throw new AdError({ code: "domain", where: "softCrossEntropy", problem, expected, got: `${smoothing}`, remedy });
  }
  const hard = plainCrossEntropy(scores, labels);
  if (smoothing === 0) return hard;
  const even = neg(mean(logSoftmax(scores)));
  return add(mul(1 - smoothing, hard), mul(smoothing, even));
}

/**
 * Mean squared error.
 *
 * @param y - any shape
 * @param target - broadcasts with `y`
 * @returns a scalar
 * @example
 * meanSquaredError(tensor([1, 2]), tensor([1, 4])) // 2
 */
export const meanSquaredError = (y: Tensor, target: Tensor): Tensor => mean(square(sub(y, target)));

/**
 * Mean absolute error.
 *
 * Kink: where `y` equals its target (selection `abs`).
 *
 * @param y - any shape
 * @param target - broadcasts with `y`
 * @returns a scalar
 * @example
 * meanAbsoluteError(tensor([1, 2]), tensor([1, 4])) // 1
 */
export const meanAbsoluteError = (y: Tensor, target: Tensor): Tensor => mean(abs(sub(y, target)));

/**
 * Mean hinge loss of several classes, `max(0, 1 + largest other score - score of the class)`, after Crammer and Singer.
 *
 * Kink: at margin 1 (selection `relu`), and where other scores tie (selection `max`).
 *
 * @param scores - `[batch, classes]`
 * @param labels - `[batch]`, `i32`
 * @returns a scalar
 * @example
 * hinge(tensor([[2, 0, 1.5]]), tensor([0], { dtype: "i32" })) // 0.5
 */
export function hinge(scores: Tensor, labels: Tensor): Tensor {
  const isOwn = oneHot(labels, scores.shape[1] as number, "bool");
  const own = sum(where(isOwn, scores, 0), { axes: 1 });
  const other = max(where(isOwn, -Infinity, scores), { axes: 1 });
  return mean(relu(add(1, sub(other, own))));
}

/**
 * Share of the samples whose largest score is that of their class. Of scores that tie the first counts.
 *
 * @param scores - `[batch, classes]`
 * @param labels - `[batch]`, `i32`
 * @returns a scalar `f64`
 * @example
 * accuracy(tensor([[0, 1], [1, 0]]), tensor([1, 1], { dtype: "i32" })) // 0.5
 */
export const accuracy = (scores: Tensor, labels: Tensor): Tensor =>
  mean(cast(equal(argmax(scores, { axis: 1 }), labels), "f64"));

/** How many samples have their largest score at their label: whole numbers, which all machines have. */
export const countCorrect = (scores: Tensor, labels: Tensor): Tensor =>
  sum(cast(equal(argmax(scores, { axis: 1 }), labels), "i32"));

/**
 * Perplexity of a mean cross-entropy: its exponential.
 *
 * @param loss - a scalar
 * @returns a scalar
 * @example
 * perplexity(tensor(0)) // 1
 */
export const perplexity = (loss: Tensor): Tensor => exp(loss);
