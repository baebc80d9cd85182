// A decoder of text.
import { checkSettings, checkWhole } from "../data/checks.ts";
import { gelu } from "../layers/activations.ts";
import { attention } from "../layers/attention.ts";
import { settingError } from "../layers/checks.ts";
import { dropout } from "../layers/dropout.ts";
import { embedding, positions } from "../layers/embedding.ts";
import { constant, type Initializer, normal } from "../layers/initializers.ts";
import type { Layer } from "../layers/layer.ts";
import { layerNorm } from "../layers/layerNorm.ts";
import { linear } from "../layers/linear.ts";
import { residual } from "../layers/residual.ts";
import { sequential } from "../layers/sequential.ts";
import { only } from "./imageOptions.ts";
import { type Model, modelOf } from "./model.ts";

/** Settings of {@link gpt}. */
export interface GptOptions {
  /** How many tokens there are. */
  readonly vocabulary: number;
  /** How many places of a text are seen at most. */
  readonly context: number;
  /** The length of the vector of each place. */
  readonly width: number;
  /** How many blocks there are. */
  readonly depth: number;
  /** How many heads each attention has; they share the width evenly. */
  readonly heads: number;
  /** The layer of the activation; `gelu()` when absent. */
  readonly activation?: Layer;
  /** The probability of dropout after the embedding, in the attention and before each sum; 0 when absent. */
  readonly dropout?: number;
}

const settings = ["vocabulary", "context", "width", "depth", "heads", "activation", "dropout"];

/** How linear layers begin: deviation 0.02, smaller where the sums of all blocks add up. */
const begun = normal(0.02);

function block({ width, depth, heads, activation = gelu(), dropout: rate = 0 }: GptOptions): Layer {
  const last: Initializer = normal(0.02 / Math.sqrt(2 * depth));
  const bias = constant(0);
  const drop = only(rate !== 0, "dropout", dropout(rate));
  const attend = attention({ heads, dropout: rate, weight: begun, outputWeight: last, bias });
  return sequential({
    attention: residual({ norm: layerNorm(), attend, ...drop }),
    mlp: residual({
      norm: layerNorm(),
      expand: linear(4 * width, { weight: begun, bias }),
      [activation.name]: activation,
      contract: linear(width, { weight: last, bias }),
      ...drop,
    }),
  });
}

/**
 * A causal transformer in the manner of GPT-2: scores of the next token at each place of a text.
 *
 * Layers: `tokens` and `positions` (learned vectors), `dropout` (if any), `block1` and so on, `norm`, and `head`, a linear
 * layer without bias that shares no weight with `tokens`. A block is `attention` and then `mlp`, each a sum with what it
 * was given: `norm` and `attend`; `norm`, `expand` (four widths), `gelu` and `contract`. Weights begin normal with
 * deviation 0.02, those that end a sum with `0.02 / √(2 depth)`, biases 0.
 *
 * @param options - `vocabulary`, `context`, `width`, `depth`, `heads`; `activation` (`gelu()`), `dropout` (0)
 * @returns a model from tokens `[time]`, `i32`, with `time` up to `context`, to scores `[time, vocabulary]`
 * @throws AdError "domain" for bad or unknown settings, and heads that do not divide the width
 * @see [RWCLAS19] the original, whose head shares the weight of its tokens
 * @example
 * const net = gpt({ vocabulary: 65, context: 32, width: 16, depth: 2, heads: 4 });
 * summary(net).parameters // 9184
 * const tokens = tensor([[1, 2, 3]], { dtype: "i32" });
 * net.apply(net.init(key(1)), tokens, { training: false, key: null }).y.shape // [1, 3, 65]
 */
export function gpt(options: GptOptions): Model {
  checkSettings("gpt", options, settings);
  const sizes = ["vocabulary", "context", "width", "depth", "heads"] as const;
  for (const name of sizes) checkWhole("gpt", name, options[name], 1);
  const { vocabulary, context, width, depth, heads, dropout: rate = 0 } = options;
  if (width % heads !== 0) {
    throw settingError("gpt", "heads", `a divisor of the width ${width}`, heads, "choose other heads or another width");
  }
  const blocks = Array.from({ length: depth }, (_, i) => [`block${i + 1}`, block(options)] as const);
  const layers = {
    tokens: embedding({ vocabulary, width, weight: begun }),
    positions: positions({ context, weight: begun }),
    ...only(rate !== 0, "dropout", dropout(rate)),
    ...Object.fromEntries(blocks),
    norm: layerNorm(),
    head: linear(vocabulary, { weight: begun, bias: false }),
  };
  return modelOf("gpt", [context], sequential(layers));
}
