/** What a user's function made, checked: a layer that takes the images and gives a score for each class. */
import { AdError, type Shape } from "@nonsmooth/ad-core";
import type { Model } from "@nonsmooth/nets";
import type { Layer } from "@nonsmooth/nets/layers";

/**
 * The model that a layer is for images of a shape.
 *
 * @throws AdError "data" for what is no layer, "shape" when it does not take the shape or gives another number of scores
 */
export function checkedModel(file: string, made: unknown, inputShape: Shape, classes: number): Model {
  if (!isLayer(made)) throw noLayer(file, made);
  const { outputShape } = planned(file, made, inputShape);
  if (outputShape.length !== 1 || outputShape[0] !== classes) throw otherScores(file, classes, outputShape);
  return {
    ...{ name: made.name, inputShape },
    plan: (shape) => made.plan(shape),
    init: (key, shape = inputShape, dtype = "f64") => made.init(key, shape, dtype),
    apply: (variables, x, context) => made.apply(variables, x, context),
  };
}

function isLayer(made: unknown): made is Layer {
  const { name, plan, init, apply } = (made ?? {}) as Partial<Layer>;
  return typeof name === "string" && [plan, init, apply].every((part) => typeof part === "function");
}

/** What does not fit is told as the layer tells it, behind the name of the file. */
function planned(file: string, layer: Layer, inputShape: Shape): { readonly outputShape: Shape } {
  try {
    return layer.plan(inputShape);
  } catch (error) {
    if (error instanceof AdError) error.message = `${file} on images ${JSON.stringify(inputShape)}: ${error.message}`;
    throw error;
  }
}

function noLayer(file: string, made: unknown): AdError {
  const [problem, expected] = ["its function `network` makes no layer", "a layer, such as that of sequential"];
  const got = made instanceof Promise ? "a promise" : made === null ? "null" : typeof made;
  const remedy = "return a layer of @nonsmooth/nets/layers or a model of @nonsmooth/nets";
  return new AdError({ code: "data", where: file, problem, expected, got, remedy });
}

function otherScores(file: string, classes: number, outputShape: Shape): AdError {
  const [problem, expected] = ["the network gives other scores", `[${classes}], one for each class`];
  const [got, remedy] = [JSON.stringify(outputShape), "end it with flatten() and linear(classes)"];
  return new AdError({ code: "shape", where: file, problem, expected, got, remedy });
}
