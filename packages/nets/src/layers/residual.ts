// Layers beside a way past them.
import { add, concatenate, type Shape, type Tensor } from "@nonsmooth/ad-core";
import { checkSettings } from "../data/checks.ts";
import { inputError } from "./checks.ts";
import { type Layer, layerOf, type Planned } from "./layer.ts";
import { checkParts, type Layers, partError, planChain, startRun } from "./parts.ts";

/**
 * Layers one after the other, and what they were given added to what they make, `y = f(x) + shortcut(x)`.
 *
 * Sites are the names of the layers, and `shortcut`.
 *
 * @param layers - by name, as {@link sequential} takes them
 * @param options - `shortcut`: a layer that brings the input to the shape of the output; the input itself when absent
 * @returns a layer from the input of the first to the output of the last
 * @throws AdError "data" for bad names or parts, or a layer that is named `shortcut`; when planned, "shape" when both
 *   ways end in different shapes
 * @see [HZRS16] the method
 * @example
 * import { linear } from "@nonsmooth/nets/layers";
 * const params = { twice: { weight: tensor([[2]]) } };
 * const layer = residual({ twice: linear(1, { bias: false }) });
 * layer.apply({ params, state: {} }, tensor([[5]]), { training: true, key: null }).y // [[15]]
 */
export function residual(layers: Layers, options: { readonly shortcut?: Layer } = {}): Layer {
  checkSettings("residual", options, ["shortcut"]);
  if ("shortcut" in layers) {
    const remedy = "give the layer another name, or pass { shortcut } as a setting";
    throw partError("residual", "a name that is taken", "names other than shortcut", '"shortcut"', remedy);
  }
  const { shortcut } = options;
  const parts = shortcut === undefined ? layers : { ...layers, shortcut };
  checkParts("residual", parts);
  return layerOf(
    "residual",
    (inputShape) => planBoth(layers, shortcut, inputShape),
    (variables, x, context) => {
      const run = startRun(parts, variables, context);
      const y = add(run.chain(Object.keys(layers), x), shortcut === undefined ? x : run.run("shortcut", x));
      return { y, state: run.state() };
    },
  );
}

function planBoth(layers: Layers, shortcut: Layer | undefined, inputShape: Shape): Planned {
  const { parts, outputShape } = planChain(layers, inputShape);
  const past = shortcut?.plan(inputShape);
  const shape = past?.outputShape ?? inputShape;
  if (String(shape) !== String(outputShape)) {
    const remedy = "pass a shortcut that changes the shape as the layers do";
    throw inputError("residual", `a shortcut to [${outputShape.join(", ")}]`, shape, remedy);
  }
  return { outputShape, parts: past === undefined ? parts : { ...parts, shortcut: past } };
}

/**
 * Layers one after the other, and what they make put behind what they were given, channel after channel: `y = [x, f(x)]`.
 *
 * @param layers - by name, as {@link sequential} takes them
 * @returns a layer from `[channels, ...]` to `[channels + further, ...]`
 * @throws AdError "data" for bad names or parts; when planned, "shape" when other sizes than the channels change
 * @see [HLMW17] the method
 * @example
 * import { identity } from "@nonsmooth/nets/layers";
 * const layer = concatenation({ same: identity() });
 * layer.apply({ params: {}, state: {} }, tensor([[1, 2]]), { training: true, key: null }).y // [[1, 2, 1, 2]]
 */
export function concatenation(layers: Layers): Layer {
  checkParts("concatenation", layers);
  const names = Object.keys(layers);
  const planned = (inputShape: Shape): Planned => {
    const { parts, outputShape } = planChain(layers, inputShape);
    const [channels = 0, ...sizes] = inputShape;
    const [further = 0, ...others] = outputShape;
    if (inputShape.length > 0 && String(sizes) === String(others))
      return { parts, outputShape: [channels + further, ...sizes] };
    throw inputError("concatenation", `[channels, ${sizes.join(", ")}]`, outputShape, "keep sizes with padding");
  };
  return layerOf("concatenation", planned, (variables, x, context) => {
    const run = startRun(layers, variables, context);
    const y: Tensor = concatenate([x, run.chain(names, x)], 1);
    return { y, state: run.state() };
  });
}
