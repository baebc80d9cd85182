// Linear layers with activations between them.
import { AdError } from "@nonsmooth/ad-core";
import { checkSettings, checkWhole } from "../data/checks.ts";
import { relu } from "../layers/activations.ts";
import { batchNorm1d } from "../layers/batchNorm.ts";
import { dropout } from "../layers/dropout.ts";
import { flatten } from "../layers/flatten.ts";
import type { Layer } from "../layers/layer.ts";
import { linear, type WeightOptions } from "../layers/linear.ts";
import type { Layers } from "../layers/parts.ts";
import { sequential } from "../layers/sequential.ts";
import { only } from "./imageOptions.ts";
import { type Model, modelOf } from "./model.ts";

/** Settings of {@link mlp}. */
export interface MlpOptions {
  /** The layer of each activation; `relu()` when absent. */
  readonly activation?: Layer;
  /** Whether there is a batch norm before each activation; false when absent. */
  readonly batchNorm?: boolean;
  /** The probability that a number is left out after an activation, in training; 0 when absent. */
  readonly dropout?: number;
  /** How weights and biases begin; as in PyTorch when absent. */
  readonly weights?: WeightOptions;
}

/**
 * A multilayer perceptron: linear layers with an activation after each but the last.
 *
 * Layers: `flatten`, then `linear1`, `norm1` (with batch norm), `relu1`, `dropout1` (with dropout), `linear2` and so on;
 * an activation other than relu gives its own name.
 *
 * @param sizes - of the input, of each hidden layer, and of the output
 * @param options - `activation`, `batchNorm` (false), `dropout` (0), `weights`
 * @returns a model from any shape of `sizes[0]` numbers to `[sizes.at(-1)]`
 * @throws AdError "domain" for fewer than two sizes, sizes below 1, bad or unknown settings
 * @see [BLGP21] the networks of its study
 * @example
 * const net = mlp([784, 200, 10]);
 * summary(net).parameters // 159010
 * summary(net, [1, 28, 28]).rows.map(({ path }) => path) // ["flatten", "linear1", "relu1", "linear2"]
 */
export function mlp(sizes: readonly number[], options: MlpOptions = {}): Model {
  checkSettings("mlp", options, ["activation", "batchNorm", "dropout", "weights"]);
  const { activation = relu(), batchNorm = false, dropout: rate = 0, weights = {} } = options;
  const drop = dropout(rate);
  const [features = 0, ...outputs] = checkSizes(sizes);
  const block = (size: number, i: number): Layers => ({
    [`linear${i}`]: linear(size, weights),
    ...only(batchNorm, `norm${i}`, batchNorm1d()),
    [`${activation.name}${i}`]: activation,
    ...only(rate !== 0, `dropout${i}`, drop),
  });
  const hidden = outputs.slice(0, -1).map((size, i) => block(size, i + 1));
  const scores = { [`linear${outputs.length}`]: linear(outputs.at(-1) as number, weights) };
  const layers: Layers = Object.assign({ flatten: flatten({ features }) }, ...hidden, scores);
  return modelOf("mlp", [features], sequential(layers));
}

function checkSizes(sizes: readonly number[]): readonly number[] {
  if (Array.isArray(sizes) && sizes.length >= 2) return sizes.map((size) => checkWhole("mlp", "a size", size, 1));
  const [problem, expected] = ["too few sizes", "those of the input and of the output at least"];
  const remedy = "write [784, 200, 10]";
  throw new AdError({ code: "domain", where: "mlp", problem, expected, got: JSON.stringify(sizes) ?? "none", remedy });
}
