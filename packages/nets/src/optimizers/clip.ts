// Clipping: gradients that are too large are made smaller.
import {
  add,
  cast,
  clamp,
  type DType,
  div,
  greater,
  sqrt,
  square,
  sum,
  type Tensor,
  type Tree,
  tensor,
  where,
} from "@nonsmooth/ad-core";
import { checkNumbers } from "./checks.ts";
import { type NoState, type Optimizer, stateless } from "./optimizer.ts";
import { scaled } from "./scalars.ts";
import { leavesOf, mapTree } from "./tree.ts";

/** Squares of 16-bit numbers overflow soon: they are added in `f32`. */
const wideOf = (dtype: DType): DType => (dtype === "f64" ? "f64" : "f32");

const widened = (x: Tensor): Tensor => cast(x, wideOf(x.dtype));

/** The Euclidean norm of all leaves together, in double precision. */
function globalNorm(where: string, tree: Tree): Tensor {
  const squares = leavesOf(where, tree).map(({ tensor: leaf }) => cast(sum(square(widened(leaf))), "f64"));
  return sqrt(squares.reduce((total, part) => add(total, part), tensor(0)));
}

/**
 * Makes gradients shorter when they are too long together: `g ← g · min(1, c / |g|)`, with the Euclidean norm of all
 * leaves.
 *
 * It is the projection onto the ball of radius c; PyTorch's `clip_grad_norm_` adds 1e-6 to the norm. A norm that is NaN
 * or infinite stays visible: NaN comes out. Norms of 16-bit gradients are added in `f32`.
 * Cost: 2 multiplications and 1 addition per parameter.
 *
 * @param limit - c > 0
 * @returns the transform
 * @throws AdError "domain" when the limit is not positive or not finite
 * @example
 * const transform = clipByGlobalNorm(5);
 * transform.update([tensor(6), tensor(8)], transform.init([]), [])[0] // [3, 4]
 */
export function clipByGlobalNorm(limit: number): Optimizer<NoState> {
  checkNumbers("clipByGlobalNorm", { limit }, { limit: "positive" });
  return stateless("clipByGlobalNorm", (grads) => {
    const norm = globalNorm("clipByGlobalNorm", grads);
    const factor = where(greater(norm, limit), div(limit, norm), 1);
    return mapTree("clipByGlobalNorm", [grads], ([g]) => cast(scaled(widened(g), factor), g.dtype));
  });
}

/**
 * Moves each number of the gradients into [-c, c]: `g ← max(-c, min(c, g))`, as PyTorch's `clip_grad_value_`. NaN passes.
 *
 * Cost: 2 comparisons per parameter.
 *
 * @param limit - c > 0
 * @returns the transform
 * @throws AdError "domain" when the limit is not positive or not finite
 * @example
 * const transform = clipByValue(1);
 * transform.update(tensor([-3, 0.5]), transform.init([]), tensor([0, 0]))[0] // [-1, 0.5]
 */
export function clipByValue(limit: number): Optimizer<NoState> {
  checkNumbers("clipByValue", { limit }, { limit: "positive" });
  const bounds = { low: -limit, high: limit };
  return stateless("clipByValue", (grads) => mapTree("clipByValue", [grads], ([g]) => clamp(g, bounds)));
}
