// The choices at kinks that studies compared: each a layer, and the selections that go with it.
import { atKink, atZero, blend, first, type Select, uniform } from "@nonsmooth/ad-core";
import { checkSettings } from "../data/checks.ts";
import { relu, relu6 } from "./activations.ts";
import { assignedRelu, assignedRelu6, type BoundChoices } from "./assignedRelu.ts";
import { checkBetween, settingError } from "./checks.ts";
import type { Layer } from "./layer.ts";
import { betaPool2d, type TiledOptions } from "./minimalPool.ts";
import { maxPool2d, normPool2d } from "./pooling.ts";

/** A pooling, for the setting `pool` of a model, and what to pass as `select` to what differentiates it. */
export interface PoolChoice {
  readonly pool: Layer;
  readonly select: Select;
}

/** An activation, for the setting `activation` of a model, and what to pass as `select` to what differentiates it. */
export interface ActivationChoice {
  readonly activation: Layer;
  readonly select: Select;
}

/** What a number at the kink of a relu does: multiplies what arrives there, or, in legacy code, replaces it. */
export type ReluRule = "multiply" | "assign";

const everywhere = [-Infinity, Infinity] as const;

/** One of several names. */
function checkName<T>(where: string, name: string, value: T, names: readonly T[]): T {
  if (names.includes(value)) return value;
  throw settingError(where, name, names.join(" or "), value);
}

const window = ({ window = 2, stride }: Partial<TiledOptions>): TiledOptions => ({
  window,
  ...(stride === undefined ? {} : { stride }),
});

/**
 * Beta-MaxPool: the share `beta` of the minimal derivative and `1 - beta` of the native one.
 *
 * `fused` is `maxPool2d` with `blend(first, uniform, beta)`: exact forwards, one product backwards, with weights rounded
 * to the format. `coded` is {@link betaPool2d}, as published. Over the reals both have the weights `beta / s` on each of `s`
 * tied cells and `1 - beta` more on the first: their sum is 1 for every beta, the square of their norm
 * `1/s + (1 - 1/s)(1 - beta)²`, and they are a Clarke subgradient for `0 <= beta <= s / (s - 1)`.
 * Native and minimal agree on the derivative wherever no cells tie.
 *
 * NaN: the maximum is NaN in both. `first` takes the first NaN of a window, where PyTorch takes the last; the minimal part
 * of `coded` gives NaN to the whole window, as its published code does.
 *
 * @param options - `beta`, `form`, `window` (2), `stride` (the window)
 * @returns `{ pool, select }`
 * @throws AdError "domain" for bad or unknown settings
 * @see [Bou24] native (0), minimal (1) and beta-MaxPool
 * @example
 * const { pool, select } = maxPoolChoice({ beta: 10, form: "fused" });
 * const net = (x) => sum(pool.apply({ params: {}, state: {} }, x, { training: true, key: null }).y);
 * grad(net, { select })(tensor([[[[1, 1], [1, 1]]]])) // [[[[-6.5, 2.5], [2.5, 2.5]]]]
 */
export function maxPoolChoice(
  options: { readonly beta: number; readonly form: "fused" | "coded" } & Partial<TiledOptions>,
): PoolChoice {
  checkSettings("maxPoolChoice", options, ["beta", "form", "window", "stride"]);
  const beta = checkBetween("maxPoolChoice", "beta", options.beta, everywhere);
  const form = checkName("maxPoolChoice", "form", options.form, ["fused", "coded"]);
  if (form === "coded") return { pool: betaPool2d({ beta, ...window(options) }), select: {} };
  return { pool: maxPool2d(window(options)), select: { maxPool2d: blend(first, uniform, beta) } };
}

/**
 * The two norm-poolings that were compared: at a window of zeros, choice 1 gives zeros and choice 2 ones.
 *
 * Choice 2 is no Clarke subgradient, as its norm exceeds 1; both are conservative, as the kink is a single point.
 *
 * @param options - `choice`, `window` (2), `stride` (the window)
 * @returns `{ pool, select }`
 * @throws AdError "domain" for bad or unknown settings
 * @see [Bou24] norm-pooling
 * @example
 * const { pool, select } = normPoolChoice({ choice: 2 });
 * const net = (x) => sum(pool.apply({ params: {}, state: {} }, x, { training: true, key: null }).y);
 * grad(net, { select })(zeros([1, 1, 2, 2])) // [[[[1, 1], [1, 1]]]]
 */
export function normPoolChoice(options: { readonly choice: 1 | 2 } & Partial<TiledOptions>): PoolChoice {
  checkSettings("normPoolChoice", options, ["choice", "window", "stride"]);
  const choice = checkName("normPoolChoice", "choice", options.choice, [1, 2]);
  const select = { normPool2d: atZero(choice === 1 ? "zero" : "ones") };
  return { pool: normPool2d(window(options)), select };
}

/**
 * A relu with `relu'(0) = alpha`: by `multiply` it is `relu` with `atKink(alpha)`, by `assign` {@link assignedRelu}.
 *
 * @param options - `alpha`, `rule`
 * @returns `{ activation, select }`
 * @throws AdError "domain" for bad or unknown settings
 * @see [BLGP21] alpha; its code assigns
 * @see [Bou24] whose code multiplies
 * @example
 * const { activation, select } = reluChoice({ alpha: 0.5, rule: "multiply" });
 * const net = (x) => activation.apply({ params: {}, state: {} }, x, { training: true, key: null }).y;
 * grad((x) => mul(net(x), 8), { select })(tensor(0)) // 4
 */
export function reluChoice(options: { readonly alpha: number; readonly rule: ReluRule }): ActivationChoice {
  checkSettings("reluChoice", options, ["alpha", "rule"]);
  const alpha = checkBetween("reluChoice", "alpha", options.alpha, everywhere);
  const rule = checkName("reluChoice", "rule", options.rule, ["multiply", "assign"]);
  if (rule === "assign") return { activation: assignedRelu({ alpha }), select: {} };
  return { activation: relu(), select: { relu: atKink(alpha) } };
}

/**
 * A relu6 with derivatives of its own at 0 and at 6: by `multiply` it is `relu6` with `atKink(low)` and `atKink(high)`, by
 * `assign` {@link assignedRelu6}.
 *
 * @param options - `low`, `high`, `rule`
 * @returns `{ activation, select }`
 * @throws AdError "domain" for bad or unknown settings
 * @see [BLGP21] relu6
 * @example
 * const { activation, select } = relu6Choice({ low: 0.5, high: 0.25, rule: "multiply" });
 * const net = (x) => activation.apply({ params: {}, state: {} }, x, { training: true, key: null }).y;
 * grad((x) => sum(mul(net(x), 8)), { select })(tensor([0, 2, 6, 7])) // [4, 8, 2, 0]
 */
export function relu6Choice(options: BoundChoices & { readonly rule: ReluRule }): ActivationChoice {
  checkSettings("relu6Choice", options, ["low", "high", "rule"]);
  const low = checkBetween("relu6Choice", "low", options.low, everywhere);
  const high = checkBetween("relu6Choice", "high", options.high, everywhere);
  const rule = checkName("relu6Choice", "rule", options.rule, ["multiply", "assign"]);
  if (rule === "assign") return { activation: assignedRelu6({ low, high }), select: {} };
  return { activation: relu6(), select: { "relu6.low": atKink(low), "relu6.high": atKink(high) } };
}
