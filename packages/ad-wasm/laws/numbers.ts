// Numbers for comparisons bit by bit: they do not repeat early, and some of them are special.
import { type DType, type Tensor, tensor } from "@nonsmooth/ad-core";

/** What numbers there are besides ordinary ones between -2 and 2; or only ones that are 0 or below. */
export type Special = "none" | "zeros" | "all" | "zero" | "negative";

const specials: Readonly<Record<Special, readonly number[]>> = {
  none: [],
  zeros: [0, -0],
  zero: [0],
  negative: [-1, -0.5],
  all: [0, -0, 0, -0, Infinity, -Infinity, NaN, 1e-45, -1e-45, 3e38],
};

/** A tensor of numbers that follow from the seed; of special ones, where wanted, there are as many as of others. */
export function numbers(shape: readonly number[], dtype: DType, seed: number, special: Special = "none"): Tensor {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
  const among = specials[special];
  const data = Array.from({ length: shape.reduce((n, m) => n * m, 1) }, () => {
    if (dtype === "i32") return Math.floor((next() - 0.5) * 2 ** 32);
    const ordinary = (next() - 0.5) * 4;
    const share = special === "zero" || special === "negative" ? 1 : among.length > 0 ? 0.5 : 0;
    return next() < share ? (among[Math.floor(next() * among.length)] as number) : ordinary;
  });
  return tensor(data, { shape, dtype });
}
