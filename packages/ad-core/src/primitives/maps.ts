// The linear maps that most derivative rules are made of.
import type { LinearMap } from "../door/primitive.ts";
import type { Tensor } from "../tensors/tensor.ts";

/** The map that changes nothing. */
export const identity: LinearMap = { jvp: (dx) => dx, vjp: (gy) => gy };

/** A map that is its own transpose, such as a product with a diagonal: the two directions cannot disagree. */
export const symmetric = (map: (v: Tensor) => Tensor): LinearMap => ({ jvp: map, vjp: map });

/** A value that is computed when it is first needed, and once. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
