// Mixed precision: 32-bit parameters, 16-bit layers, and a loss that is made larger so that small gradients survive.
import {
  AdError,
  add,
  cast,
  type DType,
  div,
  equal,
  greaterEqual,
  isFinite,
  mul,
  sum,
  type Tensor,
  type Tree,
  tensor,
  where,
} from "@nonsmooth/ad-core";
import { checkNumbers, checkOptions } from "../optimizers/checks.ts";
import { leavesOf, mapTree } from "../optimizers/tree.ts";

/** How layers compute in another format than parameters are kept in. */
export interface MixedPrecision {
  /** Format of the layers. */
  readonly dtype: "f16" | "bf16";
  /** By which the loss is multiplied before its gradient is taken, at first; 65536 when absent. */
  readonly scale?: number;
  /** By which the scale grows after `interval` steps without overflow, at least 1; 2 when absent. */
  readonly growth?: number;
  /** By which it shrinks after an overflow, above 0 to 1; 1/2 when absent. */
  readonly backoff?: number;
  /** 2000 steps when absent. */
  readonly interval?: number;
}

/** The scale of the loss, and how many steps ago it changed; both `f32`, as a scale may pass what 16 bits hold. */
export type ScalingState = { readonly scale: Tensor; readonly good: Tensor };

/** The settings with their defaults, checked. */
export function checkMixed(options: MixedPrecision, kept: DType): Required<MixedPrecision> {
  checkOptions("createTrainer", options, ["dtype", "scale", "growth", "backoff", "interval"]);
  const { dtype, scale = 65536, growth = 2, backoff = 0.5, interval = 2000 } = options;
  if ((dtype !== "f16" && dtype !== "bf16") || (kept !== "f32" && kept !== "f64")) {
    const [problem, expected] = ["formats that do not mix", "layers in f16 or bf16, parameters in f32 or f64"];
    const remedy = "leave mixed out to keep everything in one format";
    throw new AdError({ code: "dtype", where: "createTrainer", problem, expected, got: `${dtype}, ${kept}`, remedy });
  }
  const share = backoff > 0 ? backoff : -1;
  const settings = { scale, growth: growth - 1, backoff: share, interval };
  checkNumbers("createTrainer", settings, {
    ...{ scale: "positive", growth: "notNegative", backoff: "share", interval: "steps" },
  } as const);
  return { dtype, scale, growth, backoff, interval };
}

/** Before the first step. */
export const startScaling = ({ scale }: Required<MixedPrecision>): ScalingState => ({
  scale: tensor(scale, { dtype: "f32" }),
  good: tensor(0, { dtype: "f32" }),
});

/** The gradient of the loss from that of the scaled loss; parameters are 32 or 64 bits wide, so dividing loses nothing. */
export const unscaled = (gradient: Tree, { scale }: ScalingState): Tree =>
  mapTree("createTrainer", [gradient], ([leaf]) => div(leaf, cast(scale, leaf.dtype)));

/** Whether all numbers of a tree are finite: a `bool` scalar. */
export function isAllFinite(tree: Tree): Tensor {
  const odd = leavesOf("createTrainer", tree).map(({ tensor: leaf }) => sum(where(isFinite(leaf), 0, 1)));
  return equal(
    odd.reduce((total, count) => add(total, count), tensor(0)),
    0,
  );
}

/** One of two trees of the same form. */
export const chosen = <T extends Tree>(condition: Tensor, then: T, otherwise: T): T =>
  mapTree("createTrainer", [then, otherwise], ([a, b]) => where(condition, a, b)) as T;

/** The scale after a step: smaller after an overflow, larger after many steps without one. */
export function nextScaling(
  { growth, backoff, interval }: Required<MixedPrecision>,
  { scale, good }: ScalingState,
  isGood: Tensor,
): ScalingState {
  const isDue = greaterEqual(add(good, 1), interval);
  const grown = where(isDue, mul(scale, growth), scale);
  return {
    scale: where(isGood, where(isFinite(grown), grown, scale), mul(scale, backoff)),
    good: where(isGood, where(isDue, 0, add(good, 1)), 0),
  };
}
