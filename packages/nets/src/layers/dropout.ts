// Numbers left out at random in training.
import { AdError, less, mul, randomUniform, type Tensor, where } from "@nonsmooth/ad-core";
import { settingError } from "./checks.ts";
import { type Layer, layerOf } from "./layer.ts";

/** Zeros where the key says so, and larger numbers elsewhere, so that the mean stays. */
const dropped = (x: Tensor, key: Tensor, rate: number): Tensor =>
  where(less(randomUniform(key, x.shape, { dtype: "f32" }), rate), 0, mul(x, 1 / (1 - rate)));

/**
 * Dropout: in training each number becomes 0 with a probability, and is divided by the others' probability otherwise.
 *
 * Which ones depends on the key of the context and on the place alone, so a new key is needed for each step. Draws are
 * those of `f32` in every dtype. In evaluation, and at rate 0, it does nothing.
 *
 * @param rate - the probability, from 0 to below 1
 * @returns a layer that keeps the shape
 * @throws AdError "domain" for another rate; when run in training, "missing" when the context has no key
 * @see [SHKSS14] the method
 * @example
 * const layer = dropout(0.5);
 * layer.apply({ params: {}, state: {} }, ones([1, 6]), { training: true, key: key(3) }).y // [[2, 0, 2, 2, 2, 0]]
 * layer.apply({ params: {}, state: {} }, ones([1, 3]), { training: false, key: null }).y // [[1, 1, 1]]
 */
export function dropout(rate: number): Layer {
  if (!(rate >= 0 && rate < 1))
    throw settingError("dropout", "rate", "a probability from 0 to below 1", rate, "0 for none");
  return layerOf(
    "dropout",
    (inputShape) => ({ outputShape: inputShape }),
    (_variables, x, { training, key }) => ({
      y: training && rate > 0 ? dropped(x, checkKey(key), rate) : x,
      state: {},
    }),
  );
}

function checkKey(key: Tensor | null | undefined): Tensor {
  if (key) return key;
  const [problem, expected] = ["no key", "one in the context, to draw from it"];
  const remedy = "pass { training: true, key: key(seed) }, and another key for each step";
  throw new AdError({ code: "missing", where: "dropout", problem, expected, got: "none", remedy });
}
