/** How far two gradients are apart. */
import type { Tensor, Tree } from "@nonsmooth/ad-core";
import { toPaths } from "@nonsmooth/nets";

/** Distances of the gradients of one mini-batch; null where they are not finite. */
export interface Distance {
  /** Sum of absolute values over all parameters. */
  readonly d1: number | null;
  /** Sum over the tensors of parameters of the largest absolute value. */
  readonly dInf: number | null;
  /** The Euclidean distance over the Euclidean norm of the first gradient. */
  readonly relative: number | null;
  /** For each tensor of parameters by path, its largest absolute value; infinite where it is not a number. */
  readonly layers: ReadonlyMap<string, number>;
}

/** Two equal gradients. */
export const noDistance: Distance = { d1: 0, dInf: 0, relative: 0, layers: new Map() };

/** The distance of two gradients, computed in f64. */
export function distanceOf(one: Tree, other: Tree): Distance {
  const [a, b] = [toPaths(one), toPaths(other)];
  const layers = new Map<string, number>();
  let [d1, dInf, squares, norm] = [0, 0, 0, 0];
  for (const [path, x] of Object.entries(a)) {
    const found = tensorDistance(x, b[path] as Tensor);
    layers.set(path, Number.isNaN(found.largest) ? Infinity : found.largest);
    d1 += found.sum;
    dInf += found.largest;
    squares += found.squares;
    norm += found.norm;
  }
  const relative = squares === 0 ? 0 : Math.sqrt(squares / norm);
  return { d1: finite(d1), dInf: finite(dInf), relative: finite(relative), layers };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** A NaN on one side, or on both, makes the distance NaN: `Math.max` keeps it. */
function tensorDistance(x: Tensor, y: Tensor) {
  const [a, b] = [x.data as Float64Array, y.data as Float64Array];
  let [sum, largest, squares, norm] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [value, other] = [a[i] as number, b[i] as number];
    const distance = Math.abs(value - other);
    sum += distance;
    largest = Math.max(largest, distance);
    squares += distance * distance;
    norm += value * value;
  }
  return { sum, largest, squares, norm };
}
