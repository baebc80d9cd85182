// Between lists of tensors and one list of all entries that carry derivatives.
import { type Tensor, tensor } from "@nonsmooth/ad-core";
import { filled, isReal } from "@nonsmooth/ad-core/transforms";
import { numbersOf } from "../sweep/numbers.ts";

const sizeOf = ({ shape }: Tensor): number => shape.reduce((n, m) => n * m, 1);

/** The entries of the tensors that carry derivatives, one after the other. */
export const entriesOf = (where: string, tensors: readonly Tensor[]): Float64Array =>
  Float64Array.from(tensors.flatMap((x) => (isReal(x.dtype) ? Array.from(numbersOf(where, x).data) : [])));

/** Tensors like others from their entries; 0 where no derivatives are carried. */
export function tensorsOf(like: readonly Tensor[], entries: Float64Array): Tensor[] {
  let start = 0;
  return like.map((x) => {
    if (!isReal(x.dtype)) return filled(null, x);
    const part = entries.subarray(start, start + sizeOf(x));
    start += part.length;
    return tensor(Float64Array.from(part), { shape: x.shape, dtype: x.dtype });
  });
}

/** The tensors with something added to their entries; what carries no derivative stays. */
export function movedBy(where: string, x: readonly Tensor[], step: Float64Array): Tensor[] {
  const moved = entriesOf(where, x).map((v, i) => v + (step[i] as number));
  return tensorsOf(x, moved).map((y, i) => (isReal(y.dtype) ? y : (x[i] as Tensor)));
}
