// Keys of random numbers as kernels read them.
import type { Tensor } from "@nonsmooth/ad-core";
import { scheduleOf } from "@nonsmooth/ad-core/machines";

/** The three words of the schedule of a key, each in halves of 16 bits, the upper one first. */
export function keyNumbers({ data: [first, second] }: Tensor): Float32Array {
  const words = scheduleOf(first as number, second as number);
  return Float32Array.from(Array.from(words).flatMap((word) => [word >>> 16, word & 0xffff]));
}
