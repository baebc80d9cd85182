// Vectors for tokens, and for their places.
import { add, cast, gather, type Shape, slice } from "@nonsmooth/ad-core";
import { checkSettings, checkWhole } from "../data/checks.ts";
import { inputError } from "./checks.ts";
import { inFormatOf, variableOf } from "./draw.ts";
import { type Initializer, normal } from "./initializers.ts";
import { type Layer, layerOf, type Planned, stateless } from "./layer.ts";

/** Settings of {@link embedding}. */
export interface EmbeddingOptions {
  /** How many tokens there are. */
  readonly vocabulary: number;
  /** The length of a vector. */
  readonly width: number;
  /** `normal(1)` when absent, as in PyTorch. */
  readonly weight?: Initializer;
}

/**
 * A learned vector for each token.
 *
 * Variables: `weight`, `[vocabulary, width]`, which begins normal with deviation 1, as PyTorch's.
 *
 * @param options - `vocabulary`, `width`; `weight`: how it begins
 * @returns a layer from tokens `[...]`, `i32` from 0 to `vocabulary - 1`, to `[..., width]`
 * @throws AdError "domain" for bad or unknown settings, and for a token out of range; "dtype" for other inputs
 * @example
 * const params = { weight: tensor([[1, 2], [3, 4], [5, 6]]) };
 * const tokens = tensor([[2, 0]], { dtype: "i32" });
 * embedding({ vocabulary: 3, width: 2 }).apply({ params, state: {} }, tokens, { training: true, key: null }).y // [[[5, 6], [1, 2]]]
 */
export function embedding(options: EmbeddingOptions): Layer {
  checkSettings("embedding", options, ["vocabulary", "width", "weight"]);
  const vocabulary = checkWhole("embedding", "vocabulary", options.vocabulary, 1);
  const width = checkWhole("embedding", "width", options.width, 1);
  const initializer = options.weight ?? normal(1);
  const weight = { shape: [vocabulary, width], fans: { in: vocabulary, out: width }, initializer };
  return layerOf(
    "embedding",
    (inputShape) => ({ outputShape: [...inputShape, width], params: { weight } }),
    ({ params }, tokens, { dtype }) => {
      const y = gather(variableOf("embedding", params, "weight"), tokens);
      return { y: dtype === undefined ? y : cast(y, dtype), state: {} };
    },
  );
}

/** Settings of {@link positions}. */
export interface PositionsOptions {
  /** How many places there are. */
  readonly context: number;
  /** `normal(1)` when absent. */
  readonly weight?: Initializer;
}

/**
 * Adds a learned vector for each place in time.
 *
 * Variables: `weight`, `[context, width]`.
 *
 * @param options - `context`; `weight`: how it begins
 * @returns a layer for `[time, width]` with `time` up to `context`, which keeps the shape
 * @throws AdError "domain" for bad or unknown settings; "shape" for other ranks and when there are fewer places than times
 * @see [RWCLAS19] learned places
 * @example
 * const params = { weight: tensor([[1, 2], [3, 4]]) };
 * positions({ context: 2 }).apply({ params, state: {} }, tensor([[[10, 20]]]), { training: true, key: null }).y // [[[11, 22]]]
 */
export function positions(options: PositionsOptions): Layer {
  checkSettings("positions", options, ["context", "weight"]);
  const context = checkWhole("positions", "context", options.context, 1);
  const initializer = options.weight ?? normal(1);
  const planned = (inputShape: Shape): Planned => {
    const [time = 0, width = 0] = checkTime("positions", inputShape, context);
    const weight = { shape: [context, width], fans: { in: context, out: width }, initializer };
    return { outputShape: [time, width], params: { weight } };
  };
  return stateless("positions", planned, (x, params) => {
    const [time = 0, width = 0] = checkTime("positions", x.shape.slice(1), context);
    return add(x, inFormatOf(x, slice(variableOf("positions", params, "weight"), [0, 0], [time, width])));
  });
}

function checkTime(where: string, shape: Shape, context: number): Shape {
  if (shape.length === 2 && (shape[0] as number) <= context) return shape;
  throw inputError(
    where,
    `[time, width] with time up to ${context}`,
    shape,
    "cut the text, or ask for a longer context",
  );
}
