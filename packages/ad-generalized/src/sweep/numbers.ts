// Numbers under values that a transform may be following.
import type { Tensor } from "@nonsmooth/ad-core";
import { DenseTensor } from "@nonsmooth/ad-core/machines";
import { escaped, Traced } from "@nonsmooth/ad-core/transforms";

/** The numbers of a value, whoever follows it; a recording without numbers has none. */
export function numbersOf(where: string, x: Tensor): DenseTensor {
  if (x instanceof DenseTensor) return x;
  if (x instanceof Traced) return numbersOf(where, x.primal);
  throw escaped(where, "the point has a type but no numbers", "call it with tensors, outside of trace and cost");
}

/** A value with numbers of its own, which no transform follows. */
export function denseOf(where: string, x: Tensor): DenseTensor {
  if (x instanceof DenseTensor) return x;
  throw escaped(
    where,
    "it is asked inside a transform, which would lose its derivative",
    "call it outside, with tensors",
  );
}

/** Where a number stands in a tensor of this shape. */
export function indexOf(element: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let left = element;
  for (const size of shape.toReversed()) {
    index.unshift(left % size);
    left = Math.floor(left / size);
  }
  return index;
}
