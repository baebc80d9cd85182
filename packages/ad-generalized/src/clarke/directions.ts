// Random directions whose entries have few digits, so that whole numbers move along them without rounding.
import { add, cast, type DType, floor, key, mul, randomUniform, split, type Tensor, zeros } from "@nonsmooth/ad-core";
import { isReal } from "@nonsmooth/ad-core/transforms";

/** Binary digits of an entry: few beside those of the format, and enough that a draw rarely hits a given hyperplane. */
const digits: Readonly<Partial<Record<DType, number>>> = { f64: 20, f32: 12, f16: 10, bf16: 7 };

/** Of how many entries one is drawn: a given hyperplane is hit by at most one in so many directions. */
export const entriesOf = (leaves: readonly Tensor[]): number =>
  2 ** Math.min(...leaves.filter(({ dtype }) => isReal(dtype)).map(({ dtype }) => digits[dtype] as number));

/** Odd multiples of `2^-digits` between -1 and 1, so that no entry is 0. */
function draw(word: Tensor, { shape, dtype }: Tensor): Tensor {
  if (!isReal(dtype)) return zeros(shape, { dtype });
  const count = 2 ** (digits[dtype] as number);
  const steps = floor(mul(randomUniform(word, shape), count));
  return cast(add(mul(steps, 2 / count), 1 / count - 1), dtype);
}

/** Directions like the arguments, the same for the same seed. */
export function drawDirections(seed: number, leaves: readonly Tensor[], count: number): readonly Tensor[][] {
  return split(key(seed), count).map((word) => {
    const words = split(word, leaves.length);
    return leaves.map((x, i) => draw(words[i] as Tensor, x));
  });
}
