// A matrix and a bias.
import { add, matmul, reshape, type Shape, type Tensor, type Tree } from "@nonsmooth/ad-core";
import { checkSettings, checkWhole } from "../data/checks.ts";
import { inputError } from "./checks.ts";
import { inFormatOf, sizeOf, variableOf } from "./draw.ts";
import { type Fans, type Initializer, kaimingUniform, uniformByFanIn, type Variable } from "./initializers.ts";
import { type Layer, type Planned, stateless } from "./layer.ts";

/** How weight and bias begin. */
export interface WeightOptions {
  /** `kaimingUniform({ slope: √5 })` when absent. */
  readonly weight?: Initializer;
  /** `uniformByFanIn()` when absent or true; false for no bias. */
  readonly bias?: Initializer | boolean;
}

/** The variables of a layer with a weight, and a bias for each output unless there is to be none. */
export function weightAndBias(
  shape: Shape,
  outputs: number,
  fans: Fans,
  { weight = kaimingUniform({ slope: Math.sqrt(5) }), bias = true }: WeightOptions,
): Record<string, Variable> {
  const weights = { weight: { shape, fans, initializer: weight } };
  if (bias === false) return weights;
  return { ...weights, bias: { shape: [outputs], fans, initializer: bias === true ? uniformByFanIn() : bias } };
}

function multiplied(x: Tensor, weight: Tensor): Tensor {
  if (x.shape.length === 2) return matmul(x, weight);
  const [inputs, outputs] = weight.shape as [number, number];
  const rows = reshape(x, [sizeOf(x.shape.slice(0, -1)), inputs]);
  return reshape(matmul(rows, weight), [...x.shape.slice(0, -1), outputs]);
}

/**
 * A linear layer, `y = x W + b`, over the last axis.
 *
 * Variables: `weight`, `[inputs, outputs]` (PyTorch stores the transpose), and `bias`, `[outputs]`; both begin uniform
 * within `1 / √inputs` of 0. Inputs may have further axes in front, such as time, which share the weight.
 *
 * @param outputs - how many, at least 1
 * @param options - `weight` and `bias`: how they begin; `bias: false` for none
 * @returns a layer from `[..., inputs]` to `[..., outputs]`
 * @throws AdError "domain" when `outputs` is no such number or a setting is unknown; when planned, "shape" for a scalar
 * @example
 * const layer = linear(2);
 * const params = { weight: tensor([[1, 2], [3, 4]]), bias: tensor([10, 20]) };
 * layer.apply({ params, state: {} }, tensor([[1, 1]]), { training: false, key: null }).y // [[14, 26]]
 * layer.init(key(1), [2]).params.weight.shape // [2, 2]
 */
export function linear(outputs: number, options: WeightOptions = {}): Layer {
  checkWhole("linear", "outputs", outputs, 1);
  checkSettings("linear", options, ["weight", "bias"]);
  const planned = (inputShape: Shape): Planned => {
    const inputs = inputShape.at(-1);
    if (inputs === undefined) throw inputError("linear", "[..., inputs]", inputShape, "reshape it");
    const outputShape = [...inputShape.slice(0, -1), outputs];
    const params = weightAndBias([inputs, outputs], outputs, { in: inputs, out: outputs }, options);
    return { outputShape, params, macs: sizeOf(outputShape) * inputs };
  };
  return stateless("linear", planned, (x: Tensor, params: Tree): Tensor => {
    const own = (name: string): Tensor => inFormatOf(x, variableOf("linear", params, name));
    const y = multiplied(x, own("weight"));
    return options.bias === false ? y : add(y, own("bias"));
  });
}
