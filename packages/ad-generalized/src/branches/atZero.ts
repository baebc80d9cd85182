// The direction of a vector that is 0 and moves: what stands for x / |x| at a norm's kink.
import { div, equal, norm2, type Tensor, where } from "@nonsmooth/ad-core";

/** Each row divided by its length; a row of zeros stays as it is. */
function unit(rows: Tensor): Tensor {
  const length = norm2(rows, { axes: -1, keepDims: true });
  return div(rows, where(equal(length, 0), 1, length));
}

/** The unit vector of the first tangent of each row that is not 0; 0 where none is. */
export function firstDirection(tangents: readonly Tensor[]): Tensor {
  const [first, ...others] = tangents.map(unit) as [Tensor, ...Tensor[]];
  return others.reduce((chosen, next) => {
    const isZero = equal(norm2(chosen, { axes: -1, keepDims: true }), 0);
    return where(isZero, next, chosen);
  }, first);
}
