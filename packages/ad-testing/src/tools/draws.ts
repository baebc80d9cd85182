// Directions from seeds: drawn when the shapes are known, equal for equal seeds.
import { type Tensor, tensor } from "@nonsmooth/ad-core";
import { isReal } from "./tolerances.ts";

/** Uniform numbers in [0, 1), equal for equal seeds. */
export function drawsFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    const once = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    const twice = Math.imul(once ^ (once >>> 15), 0x735a2d97);
    return ((twice ^ (twice >>> 15)) >>> 0) / 4294967296;
  };
}

/** Tensors like these filled with small whole numbers from -3 to 3; zeros where there is no derivative. */
export function wholeLike(tensors: readonly Tensor[], seed: number): Tensor[] {
  const draw = drawsFrom(seed);
  return tensors.map((x) => filledLike(x, () => (isReal(x.dtype) ? Math.floor(draw() * 7) - 3 : 0)));
}

/** Tensors like these filled with numbers between -1 and 1; zeros where there is no derivative. */
export function unitLike(tensors: readonly Tensor[], seed: number): Tensor[] {
  const draw = drawsFrom(seed);
  return tensors.map((x) => filledLike(x, () => (isReal(x.dtype) ? 2 * draw() - 1 : 0)));
}

/** A tensor like this one, with a number of its own at each place. */
export const filledLike = ({ shape, dtype, data }: Tensor, at: (i: number) => number): Tensor =>
  tensor(
    Float64Array.from(data, (_, i) => at(i)),
    { shape, dtype },
  );

/** `x + t d` for lists of tensors, each rounded once to its dtype. */
export const along = (x: readonly Tensor[], d: readonly Tensor[], t: number): Tensor[] =>
  x.map((v, k) => (isReal(v.dtype) ? filledLike(v, (i) => (v.data[i] as number) + t * (d[k]?.data[i] as number)) : v));
