// Attention of each time to those before it.
import {
  matmul,
  mul,
  ones,
  reshape,
  type Shape,
  slice,
  softmax,
  type Tensor,
  transpose,
  tril,
  where,
} from "@nonsmooth/ad-core";
import { checkSettings, checkWhole } from "../data/checks.ts";
import { checkRank, inputError } from "./checks.ts";
import { dropout } from "./dropout.ts";
import type { Initializer } from "./initializers.ts";
import { type Layer, layerOf, type Planned } from "./layer.ts";
import { linear } from "./linear.ts";
import { type Layers, startRun } from "./parts.ts";

/** Settings of {@link attention}. */
export interface AttentionOptions {
  /** How many heads; they share the width evenly. */
  readonly heads: number;
  /** The probability that a weight between times is left out in training; 0 when absent. */
  readonly dropout?: number;
  /** How the weights of queries, keys and values begin, and that of the output; as in {@link linear} when absent. */
  readonly weight?: Initializer;
  /** How the weight of the output begins, when it differs. */
  readonly outputWeight?: Initializer;
  /** As in {@link linear}. */
  readonly bias?: Initializer | boolean;
}

/** What stands for minus infinity before the softmax: finite, so that no NaN can come of it. */
const excluded = (x: Tensor): number => (x.dtype === "f16" ? -65504 : -1e30);

/** Each query's mixture of the values up to its own time; all `[batch, heads, time, size]`. */
function mixture(query: Tensor, keys: Tensor, values: Tensor, drop: (shares: Tensor) => Tensor): Tensor {
  const [, , time = 0, size = 0] = query.shape;
  const scores = mul(matmul(query, transpose(keys, [0, 1, 3, 2])), 1 / Math.sqrt(size));
  const isSeen = tril(ones([time, time], { dtype: "bool" }));
  return matmul(drop(softmax(where(isSeen, scores, excluded(scores)))), values);
}

/** Queries, keys and values of all heads, each `[batch, heads, time, size]`, from `[batch, time, 3 width]`. */
function takeApart(all: Tensor, heads: number): [Tensor, Tensor, Tensor] {
  const [batch = 0, time = 0, threeWidths = 0] = all.shape;
  const size = threeWidths / 3 / heads;
  const byHead = transpose(reshape(all, [batch, time, 3 * heads, size]), [0, 2, 1, 3]);
  const third = (i: number): Tensor => slice(byHead, [0, i * heads, 0, 0], [batch, (i + 1) * heads, time, size]);
  return [third(0), third(1), third(2)];
}

/** The parts for a width; their variables exist once the width is known. */
function partsFor(width: number, options: AttentionOptions): Layers {
  const { weight, outputWeight = weight, bias = true, dropout: rate = 0 } = options;
  const begun = (initializer: Initializer | undefined) => ({ bias, ...(initializer ? { weight: initializer } : {}) });
  const drop: Layers = rate === 0 ? {} : { dropout: dropout(rate) };
  return { input: linear(3 * width, begun(weight)), ...drop, output: linear(width, begun(outputWeight)) };
}

/**
 * Causal self-attention: each time makes a mixture of what it and the times before it say, by softmax of `q k / √size`,
 * in several heads side by side.
 *
 * Parts: `input`, a linear layer to queries, keys and values of all heads, in this order; `output`, a linear layer from
 * the mixtures of all heads. Later times are excluded by a finite number before the softmax, which gives exactly 0.
 *
 * @param options - `heads`; `dropout` (0); `weight`, `outputWeight` and `bias`: how variables begin
 * @returns a layer for `[time, width]` that keeps the shape
 * @throws AdError "domain" for bad or unknown settings; when planned, "shape" for other ranks and when the heads do not
 *   divide the width
 * @see [VSP17] the method
 * @example
 * const layer = attention({ heads: 2 });
 * const variables = layer.init(key(1), [3, 4]);
 * layer.apply(variables, ones([1, 3, 4]), { training: true, key: null }).y.shape // [1, 3, 4]
 * variables.params.input.weight.shape // [4, 12]
 */
export function attention(options: AttentionOptions): Layer {
  checkSettings("attention", options, ["heads", "dropout", "weight", "outputWeight", "bias"]);
  const heads = checkWhole("attention", "heads", options.heads, 1);
  if (options.dropout !== undefined) dropout(options.dropout);
  const planned = (inputShape: Shape): Planned => {
    const [time, width] = checkWidth(inputShape, heads);
    const shapes: Record<string, Shape> = { dropout: [heads, time, time] };
    const plans = Object.entries(partsFor(width, options)).map(
      ([name, part]) => [name, part.plan(shapes[name] ?? inputShape)] as const,
    );
    return { outputShape: inputShape, parts: Object.fromEntries(plans), macs: 2 * time * time * width };
  };
  return layerOf("attention", planned, (variables, x, context) => {
    const [time, width] = checkWidth(x.shape.slice(1), heads);
    const run = startRun(partsFor(width, options), variables, context);
    const drop = (shares: Tensor): Tensor => (options.dropout ? run.run("dropout", shares) : shares);
    const mixed = mixture(...takeApart(run.run("input", x), heads), drop);
    const joined = reshape(transpose(mixed, [0, 2, 1, 3]), [x.shape[0] as number, time, width]);
    return { y: run.run("output", joined), state: {} };
  });
}

function checkWidth(shape: Shape, heads: number): [time: number, width: number] {
  checkRank("attention", shape, "[time, width]", [2]);
  const [time = 0, width = 0] = shape;
  if (width % heads === 0) return [time, width];
  throw inputError("attention", `a width that ${heads} heads divide`, shape, "choose a multiple, or other heads");
}
