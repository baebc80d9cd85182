// Rectified units that write a number at their kinks instead of multiplying with it. Legacy: for repeating a study.
import { customDerivative, equal, greater, less, relu, relu6, type Tensor, where } from "@nonsmooth/ad-core";
import { checkSettings } from "../data/checks.ts";
import { checkBetween } from "./checks.ts";
import { type Layer, stateless } from "./layer.ts";

const everywhere = [-Infinity, Infinity] as const;

/** A layer of each number alone with a backward rule of its own. */
function written(name: string, f: (x: Tensor) => Tensor, back: (x: Tensor, gy: Tensor) => Tensor): Layer {
  const ruled = customDerivative(f, { vjp: ([x], _y, gy) => [back(x as Tensor, gy)] });
  return stateless(
    name,
    (inputShape) => ({ outputShape: inputShape }),
    (x) => ruled(x),
  );
}

/**
 * `max(0, x)`, whose backward pass writes `alpha` where `x` is 0, and not `alpha` times what arrives there. Legacy.
 *
 * This is no derivative: the result does not depend linearly on the cotangent. With `alpha = 0` it is `relu`. It is here
 * because published numbers were computed so; {@link reluChoice} with the rule `multiply` gives the derivative.
 *
 * Kink: 0 of either sign, on the stored input; no selection changes it. A NaN passes its cotangent. Reverse mode only.
 * Cost: as `relu`; backwards 2 comparisons and 2 selections per element.
 *
 * @param options - `alpha`
 * @returns a layer that keeps the shape
 * @throws AdError "domain" for an alpha that is not finite or an unknown setting; "missing" when forward mode passes
 * @see [BLGP21] as its code has it
 * @example
 * const net = (x) => assignedRelu({ alpha: 0.5 }).apply({ params: {}, state: {} }, x, { training: true, key: null }).y;
 * grad((x) => sum(mul(net(x), 8)))(tensor([-1, 0, 2])) // [0, 0.5, 8]
 */
export function assignedRelu(options: { readonly alpha: number }): Layer {
  checkSettings("assignedRelu", options, ["alpha"]);
  const alpha = checkBetween("assignedRelu", "alpha", options.alpha, everywhere);
  return written(
    "assignedRelu",
    (x) => relu(x),
    (x, gy) => where(less(x, 0), 0, where(equal(x, 0), alpha, gy)),
  );
}

/** What a relu6 does at its two kinks. */
export interface BoundChoices {
  /** At 0. */
  readonly low: number;
  /** At 6. */
  readonly high: number;
}

/**
 * `min(6, max(0, x))`, whose backward pass writes `low` where `x` is 0 and `high` where it is 6. Legacy, as
 * {@link assignedRelu}.
 *
 * Kink: 0 and 6, on the stored input; no selection changes it. A NaN passes its cotangent. Reverse mode only.
 * Cost: as `relu6`; backwards 4 comparisons and 4 selections per element.
 *
 * @param options - `low`, `high`
 * @returns a layer that keeps the shape
 * @throws AdError "domain" for a number that is not finite or an unknown setting; "missing" when forward mode passes
 * @see [BLGP21] as its code has it
 * @example
 * const layer = assignedRelu6({ low: 0.5, high: 0.25 });
 * const net = (x) => layer.apply({ params: {}, state: {} }, x, { training: true, key: null }).y;
 * grad((x) => sum(mul(net(x), 8)))(tensor([0, 2, 6, 7])) // [0.5, 8, 0.25, 0]
 */
export function assignedRelu6(options: BoundChoices): Layer {
  checkSettings("assignedRelu6", options, ["low", "high"]);
  const low = checkBetween("assignedRelu6", "low", options.low, everywhere);
  const high = checkBetween("assignedRelu6", "high", options.high, everywhere);
  const inside = (x: Tensor, gy: Tensor): Tensor => where(equal(x, 0), low, where(equal(x, 6), high, gy));
  return written(
    "assignedRelu6",
    (x) => relu6(x),
    (x, gy) => where(less(x, 0), 0, where(greater(x, 6), 0, inside(x, gy))),
  );
}
