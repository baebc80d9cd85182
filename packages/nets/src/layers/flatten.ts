// Layers that compute nothing.
import { reshape, type Shape } from "@nonsmooth/ad-core";
import { checkSettings, checkWhole } from "../data/checks.ts";
import { inputError } from "./checks.ts";
import { sizeOf } from "./draw.ts";
import { type Layer, type Planned, stateless } from "./layer.ts";

/**
 * All axes but that of the batch as one.
 *
 * @param options - `features`: how many numbers a sample must have; any number when absent
 * @returns a layer from any shape to `[features]`
 * @throws AdError "domain" for bad or unknown settings; when planned, "shape" for another number of features
 * @example
 * flatten().plan([16, 4, 4]).outputShape // [256]
 * flatten({ features: 784 }).plan([16, 4, 4]) // AdError "shape"
 */
export function flatten(options: { readonly features?: number } = {}): Layer {
  checkSettings("flatten", options, ["features"]);
  const { features } = options;
  if (features !== undefined) checkWhole("flatten", "features", features, 1);
  const planned = (inputShape: Shape): Planned => {
    const size = sizeOf(inputShape);
    if (features === undefined || size === features) return { outputShape: [size] };
    throw inputError("flatten", `${features} numbers in each sample`, inputShape, "change the model or the images");
  };
  return stateless("flatten", planned, (x) => reshape(x, [x.shape[0] as number, sizeOf(x.shape.slice(1))]));
}

/**
 * `y = x`.
 *
 * @returns a layer that keeps the shape
 * @example
 * identity().apply({ params: {}, state: {} }, tensor([1]), { training: true, key: null }).y // [1]
 */
export const identity = (): Layer =>
  stateless(
    "identity",
    (inputShape) => ({ outputShape: inputShape }),
    (x) => x,
  );
