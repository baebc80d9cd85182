// What an operation of a random program is drawn from: whole numbers, and the values before it.
import { cast, type DType, dtypes, reshape, type Shape, slice, sum, type Tensor, tensor } from "@nonsmooth/ad-core";

export const sizeOf = (shape: Shape): number => shape.reduce((product, n) => product * n, 1);

/** Tensors of more elements than this are not made: the reference machine would be at it for long. */
export const largest = 6000;

/** Sizes of axes: none, one, and those that leave remainders in every loop. */
export const sizes = [0, 1, 1, 2, 3, 4, 5, 7, 17, 33] as const;

const reals: readonly DType[] = ["f64", "f32", "f16", "bf16"];

/** Numbers that are met at kinks, at the ends of formats, and in between. */
const special = [0, -0, 1, -1, 0.5, 2, 3, -2.5, 1e-8, 70000, -3e38, 1e-40, Infinity, -Infinity, Number.NaN];

/** Reals with many ties, special ones, or spread ones; whole numbers are small or, seldom, large. */
export function numbersLike({ shape, dtype }: Pick<Tensor, "shape" | "dtype">, seed: number): Tensor {
  let state = seed | 1;
  const next = (below: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
  const sort = next(4);
  const real = (): number => {
    if (sort === 0) return next(5) - 2;
    if (sort === 1 && next(6) === 0) return special[next(special.length)] as number;
    return (next(4001) - 2000) / 800;
  };
  const whole = (): number => (sort === 1 && next(9) === 0 ? next(2 ** 31) * (next(2) * 2 - 1) : next(7) - 1);
  const draw = dtype === "bool" ? () => next(2) : dtype === "i32" ? whole : real;
  return tensor(Float64Array.from({ length: sizeOf(shape) }, draw), { shape, dtype });
}

/** A hand of drawn numbers, played against the values so far. */
export class Hand {
  readonly values: readonly Tensor[];
  private readonly draws: readonly number[];
  private at = 0;

  constructor(values: readonly Tensor[], draws: readonly number[]) {
    this.values = values;
    this.draws = draws;
  }

  /** A whole number from 0 to below. */
  number(below: number): number {
    const drawn = this.draws[this.at++ % this.draws.length] as number;
    // Later numbers of a short hand differ from the first ones.
    return (drawn + Math.floor(this.at / this.draws.length) * 7) % below;
  }

  /** The same numbers against the last values and one more. */
  with(value: Tensor): Hand {
    return new Hand([...this.values.slice(-2), value, value], this.draws);
  }

  one<T>(list: readonly T[]): T {
    return list[this.number(list.length)] as T;
  }

  /** One of the values, the last ones more often, so that programs are deep. */
  any(): Tensor {
    const { values } = this;
    return this.number(3) === 0 ? this.one(values) : this.one(values.slice(-4));
  }

  /** A value of reals, converted if need be. */
  real(): Tensor {
    const x = this.any();
    return reals.includes(x.dtype) ? x : cast(x, "f32");
  }

  /** A value of some rank, by a change of shape. */
  ofRank(rank: number, x: Tensor): Tensor {
    if (x.shape.length === rank) return x;
    if (x.shape.length < rank) return reshape(x, [...Array<number>(rank - x.shape.length).fill(1), ...x.shape]);
    const joined = x.shape.length - rank + 1;
    return reshape(x, [sizeOf(x.shape.slice(0, joined)), ...x.shape.slice(joined)]);
  }

  /** A value that can be broadcast with another: one of those there are, a slice of one, or a sum. */
  beside({ shape, dtype }: Tensor): Tensor {
    const sizeBeside = (x: Tensor): number =>
      sizeOf(shape) * sizeOf(x.shape.filter((_, i) => (shape[i - x.shape.length + shape.length] ?? 1) === 1));
    const fits = (x: Tensor): boolean =>
      x.dtype === dtype &&
      sizeBeside(x) <= largest &&
      x.shape.every((n, i) => [1, n].includes(shape[i - x.shape.length + shape.length] ?? n) || n === 1);
    const fitting = this.values.filter(fits);
    if (fitting.length > 0 && this.number(4) !== 0) return this.one(fitting);
    const x = this.any();
    const ends = x.shape.map((n, i) => Math.min(n, shape[i - x.shape.length + shape.length] ?? 1));
    const same = x.dtype === dtype ? x : cast(x, dtype);
    return this.number(3) === 0
      ? sum(same)
      : slice(
          same,
          x.shape.map(() => 0),
          ends,
        );
  }

  dtype(): DType {
    return this.one(dtypes);
  }

  axis({ shape }: Tensor): number {
    return this.number(Math.max(1, shape.length));
  }

  /** Some axes, or all. */
  axes({ shape }: Tensor): { axes?: number[]; keepDims: boolean } {
    const bits = this.number(16);
    const axes = shape.flatMap((_, i) => ((bits >> i) & 1 ? [i] : []));
    const keepDims = this.number(2) === 0;
    return axes.length === 0 ? { keepDims } : { axes, keepDims };
  }

  /** A shape with as many elements. */
  factors(size: number): number[] {
    const shape: number[] = [];
    let rest = size;
    while (shape.length < 3 && this.number(3) !== 0) {
      const factor = this.one([1, 2, 3, 4, 5, 7, 11, 17, 33].filter((n) => rest % n === 0));
      shape.push(factor);
      rest /= factor;
    }
    return [...shape, rest];
  }

  /** Numbers that the program has from its recording. */
  constant(shape: Shape, dtype: DType): Tensor {
    const seed = this.number(1 << 20);
    return this.number(3) === 0
      ? cast(
          tensor(
            Float64Array.from({ length: sizeOf(shape) }, () => (seed % 5) - 1),
            { shape },
          ),
          dtype,
        )
      : numbersLike({ shape, dtype }, seed);
  }
}
