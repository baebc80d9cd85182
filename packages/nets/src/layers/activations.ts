// Functions of each number alone.
import * as core from "@nonsmooth/ad-core";
import { checkSettings } from "../data/checks.ts";
import { checkBetween } from "./checks.ts";
import { type Layer, stateless } from "./layer.ts";

const activation = (name: string, f: (x: core.Tensor) => core.Tensor): Layer =>
  stateless(name, (inputShape) => ({ outputShape: inputShape }), f);

const everywhere = [-Infinity, Infinity] as const;

/**
 * `max(0, x)`. Kink: `relu` at 0; the default `first` gives 0.
 *
 * @returns a layer that keeps the shape
 * @example
 * const net = (x) => relu().apply({ params: {}, state: {} }, x, { training: true, key: null }).y;
 * net(tensor([-1, 2])) // [0, 2]
 * grad(net, { select: { relu: last } })(tensor(0)) // 1
 */
export const relu = (): Layer => activation("relu", (x) => core.relu(x));

/**
 * `min(6, max(0, x))`. Kinks: `relu6.low` at 0 and `relu6.high` at 6.
 *
 * @returns a layer that keeps the shape
 * @example
 * relu6().apply({ params: {}, state: {} }, tensor([-1, 2, 9]), { training: true, key: null }).y // [0, 2, 6]
 */
export const relu6 = (): Layer => activation("relu6", (x) => core.relu6(x));

/**
 * `x` for `x > 0`, else `slope x`. Kink: `leakyRelu` at 0.
 *
 * @param options - `slope` (0.01)
 * @returns a layer that keeps the shape
 * @throws AdError "domain" for a slope that is not finite or an unknown setting
 * @example
 * leakyRelu({ slope: 0.5 }).apply({ params: {}, state: {} }, tensor([-1, 2]), { training: true, key: null }).y // [-0.5, 2]
 */
export function leakyRelu(options: { readonly slope?: number } = {}): Layer {
  checkSettings("leakyRelu", options, ["slope"]);
  const slope = checkBetween("leakyRelu", "slope", options.slope ?? 0.01, everywhere);
  return activation("leakyRelu", (x) => core.leakyRelu(x, slope));
}

/**
 * `x` for `x > 0`, else `alpha (exp(x) - 1)`. Kink: `elu` at 0, unless `alpha` is 1.
 *
 * @param options - `alpha` (1)
 * @returns a layer that keeps the shape
 * @throws AdError "domain" for an alpha that is not finite or an unknown setting
 * @example
 * elu().apply({ params: {}, state: {} }, tensor([-Infinity, 2]), { training: true, key: null }).y // [-1, 2]
 */
export function elu(options: { readonly alpha?: number } = {}): Layer {
  checkSettings("elu", options, ["alpha"]);
  const alpha = checkBetween("elu", "alpha", options.alpha ?? 1, everywhere);
  return activation("elu", (x) => core.elu(x, alpha));
}

/**
 * `x (1 + erf(x / √2)) / 2`, in its exact form.
 *
 * @returns a layer that keeps the shape
 * @example
 * gelu().apply({ params: {}, state: {} }, tensor([-Infinity, 0]), { training: true, key: null }).y // [0, 0]
 */
export const gelu = (): Layer => activation("gelu", (x) => core.gelu(x));

/**
 * `x / (1 + exp(-x))`.
 *
 * @returns a layer that keeps the shape
 * @example
 * silu().apply({ params: {}, state: {} }, tensor([-Infinity, 0]), { training: true, key: null }).y // [0, 0]
 */
export const silu = (): Layer => activation("silu", (x) => core.silu(x));

/**
 * `log(1 + exp(x))`.
 *
 * @returns a layer that keeps the shape
 * @example
 * softplus().apply({ params: {}, state: {} }, tensor([-Infinity]), { training: true, key: null }).y // [0]
 */
export const softplus = (): Layer => activation("softplus", (x) => core.softplus(x));

/**
 * `1 / (1 + exp(-x))`.
 *
 * @returns a layer that keeps the shape
 * @example
 * sigmoid().apply({ params: {}, state: {} }, tensor([0]), { training: true, key: null }).y // [0.5]
 */
export const sigmoid = (): Layer => activation("sigmoid", (x) => core.sigmoid(x));

/**
 * The hyperbolic tangent.
 *
 * @returns a layer that keeps the shape
 * @example
 * tanh().apply({ params: {}, state: {} }, tensor([0]), { training: true, key: null }).y // [0]
 */
export const tanh = (): Layer => activation("tanh", (x) => core.tanh(x));
