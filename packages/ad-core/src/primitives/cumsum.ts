// Running sums along an axis.
import { timesHistogram } from "../arithmetic/algebra.ts";
import { apply } from "../door/interpreter.ts";
import { numericDType, type Primitive } from "../door/primitive.ts";
import { checkSettings } from "../errors/messages.ts";
import { dropAxes, rowsAlong } from "../kernels/indices.ts";
import { sizeOf } from "../tensors/shape.ts";
import type { Tensor } from "../tensors/tensor.ts";
import type { SearchOptions } from "./extrema.ts";
import { axisOf } from "./options.ts";

export interface Running {
  readonly axis: number;
  /** Whether the sums run from the end. */
  readonly reverse: boolean;
}

export const cumsumPrimitive: Primitive<Running> = {
  name: "cumsum",
  dtype: (inputs) => numericDType("cumsum", inputs),
  shape: ([x]) => x.shape,
  forward(k, [x], { axis, reverse }) {
    const { starts, steps } = rowsAlong(x.shape, [axis]);
    const places = reverse ? steps.toReversed() : steps;
    const out = k.allocate(x.data.length);
    for (const start of starts) {
      places.forEach((step, i) => {
        const value = x.data[start + step] as (typeof out)[number];
        const before = out[start + (places[i - 1] ?? 0)] as (typeof out)[number];
        out[start + step] = i === 0 ? value : k.sum.add(before, value);
      });
    }
    return out;
  },
  // an element moves every sum from its own place on
  linearize: ({ params: { axis, reverse } }) => [
    () => ({
      jvp: (dx) => apply(cumsumPrimitive, [dx], { axis, reverse }),
      vjp: (gy) => apply(cumsumPrimitive, [gy], { axis, reverse: !reverse }),
    }),
  ],
  cost: ([x], { axis }) => timesHistogram(Math.max(0, sizeOf(x.shape) - sizeOf(dropAxes(x.shape, [axis]))), { add: 1 }),
};

/** Settings of {@link cumsum}. */
export interface CumsumOptions extends SearchOptions {
  /** Sums from each element to the last one. */
  readonly reverse?: boolean;
}

/**
 * Running sums along an axis, `y_i = x_1 + ... + x_i`; with `reverse`, `y_i = x_n + ... + x_i`. Terms are added one after
 * the other.
 *
 * Cost: n - 1 additions for n elements. In `f16` and `bf16` sums are kept in 32 bits and each is rounded once.
 *
 * @param x - numbers, rank 1 to 6; `i32` sums wrap around
 * @param options - `axis`, `reverse`, `site`
 * @returns the shape of `x`
 * @throws AdError "shape" when the axis does not exist; "dtype" for booleans; "domain" for a setting that it does not know
 * @example
 * cumsum(tensor([1, 2, 3]), { axis: 0 }) // [1, 3, 6]
 * grad((x) => sum(cumsum(x, { axis: 0 })))(tensor([1, 2, 3])) // [3, 2, 1]
 */
export function cumsum(x: Tensor, options: CumsumOptions): Tensor {
  const axis = axisOf("cumsum", x, options?.axis);
  checkSettings("cumsum", options, ["axis", "reverse", "site"]);
  return apply(cumsumPrimitive, [x], { axis, reverse: options.reverse ?? false }, options.site);
}
