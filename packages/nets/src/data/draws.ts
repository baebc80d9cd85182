// Random numbers for a purpose in an epoch: functions of the seed, the purpose and the epoch, and of nothing else.
import { apply, type Data, key, randomUniform, splitPrimitive, type Tensor } from "@nonsmooth/ad-core";
import { checkWhole } from "./checks.ts";

/** What numbers are drawn for. High numbers of children: `split` gives out the low ones, and a seed may be used elsewhere too. */
const purposes = { split: 0xda7a0000, order: 0xda7a0001, placement: 0xda7a0002, windows: 0xda7a0003 } as const;

/** One pass over the data. */
export interface Pass {
  /** A whole number from 0 to 2^53 - 1. */
  readonly seed: number;
  /** A whole number below 2^32, the first epoch is 0. */
  readonly epoch: number;
}

const child = (parent: Tensor, number: number): Tensor => apply(splitPrimitive, [parent], number);

/** `count` uniform numbers in [0, 1); number `i` does not depend on `count`. */
export function drawsFor(where: string, purpose: keyof typeof purposes, { seed, epoch }: Pass, count: number): Data {
  const root = key(checkWhole(where, "seed", seed, 0));
  const place = checkWhole(where, "epoch", epoch, 0);
  return randomUniform(child(child(root, purposes[purpose]), place), [count]).data;
}
