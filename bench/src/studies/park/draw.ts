/** Draws for random networks: each call takes a new key. */
import { randomUniform, split, type Tensor, tensor } from "@nonsmooth/ad-core";
import { integersFrom } from "../integers.ts";

/** A source of draws. */
export interface Draw {
  /** Whole numbers from `-largest` to `largest`. */
  readonly integers: (shape: readonly number[], largest: number) => Tensor;
  /** One of a list. */
  readonly among: <T>(list: readonly T[]) => T;
  /** Whole numbers from -2 to 2, none of them 0. */
  readonly weights: (shape: readonly number[]) => Tensor;
}

/** The draws that follow from a key. */
export function drawFrom(key: Tensor): Draw {
  let left = key;
  const next = (): Tensor => {
    const [one, rest] = split(left) as [Tensor, Tensor];
    left = rest;
    return one;
  };
  const among = <T>(list: readonly T[]): T =>
    list[Math.floor((randomUniform(next(), []).data[0] as number) * list.length)] as T;
  return {
    among,
    integers: (shape, largest) => integersFrom(next(), shape, largest),
    weights: (shape) => {
      const size = shape.reduce((n, m) => n * m, 1);
      return tensor(
        Float64Array.from({ length: size }, () => among([-2, -1, 1, 2])),
        { shape },
      );
    },
  };
}
