// Normalization of each sample over its last axis.
import { cast, layerNorm as normalize, type Shape } from "@nonsmooth/ad-core";
import { checkSettings } from "../data/checks.ts";
import { perChannel } from "./batchNorm.ts";
import { checkBetween, inputError } from "./checks.ts";
import { variableOf, widenedTo } from "./draw.ts";
import { type Layer, type Planned, stateless } from "./layer.ts";

/** Settings of {@link layerNorm}. */
export interface LayerNormOptions {
  /** Added to the variance, from 0; 1e-5 when absent. */
  readonly epsilon?: number;
  /** Whether factors and terms of each feature are learned; true when absent. */
  readonly affine?: boolean;
}

/**
 * Layer normalization over the last axis, `(x - mean) / √(variance + epsilon) · scale + shift`.
 *
 * Variables: `scale` (1) and `shift` (0), `[features]`.
 *
 * @param options - `epsilon` (1e-5), `affine` (true)
 * @returns a layer for `[..., features]` that keeps the shape
 * @throws AdError "domain" for bad or unknown settings; when planned, "shape" for a scalar
 * @see [BKH16] the method
 * @example
 * const layer = layerNorm({ epsilon: 0 });
 * layer.apply(layer.init(key(1), [2]), tensor([[1, 3]]), { training: true, key: null }).y // [[-1, 1]]
 */
export function layerNorm(options: LayerNormOptions = {}): Layer {
  checkSettings("layerNorm", options, ["epsilon", "affine"]);
  const epsilon = checkBetween("layerNorm", "epsilon", options.epsilon ?? 1e-5, [0, Infinity]);
  const isAffine = options.affine ?? true;
  const planned = (inputShape: Shape): Planned => {
    const features = inputShape.at(-1);
    if (features === undefined) throw inputError("layerNorm", "[..., features]", inputShape, "reshape it");
    return {
      outputShape: inputShape,
      params: isAffine ? { scale: perChannel(features, 1), shift: perChannel(features, 0) } : {},
    };
  };
  return stateless("layerNorm", planned, (x, params) => {
    if (!isAffine) return normalize(x, { epsilon });
    const [scale, shift] = [variableOf("layerNorm", params, "scale"), variableOf("layerNorm", params, "shift")];
    return cast(normalize(widenedTo(scale, x), { epsilon, scale, shift }), x.dtype);
  });
}
