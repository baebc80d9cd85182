// The order of an epoch.
import { checkWhole } from "./checks.ts";
import { drawsFor, type Pass } from "./draws.ts";

/** The numbers 0 to n - 1 in an order made of n draws in [0, 1): the shuffle of Fisher and Yates. */
export function permutation(draws: ArrayLike<number>): Int32Array {
  const order = Int32Array.from(draws, (_, i) => i);
  for (let i = order.length - 1; i > 0; i--) {
    // The product is below i + 1 even when rounded, because a draw is at most 1 - 2^-53.
    const j = Math.floor((draws[i] as number) * (i + 1));
    const moved = order[i] as number;
    order[i] = order[j] as number;
    order[j] = moved;
  }
  return order;
}

/**
 * The order of an epoch: the numbers 0 to `count - 1`, shuffled.
 *
 * It is a function of the seed, the epoch and the count, so that a run that stops in epoch 7 goes on in epoch 7, and has
 * the same bits on every host. Call it outside of transforms and recordings.
 *
 * Cost: one random number and one exchange for each place.
 *
 * @param count - how many, a whole number
 * @param pass - `seed`, and `epoch` from 0 on
 * @returns `[count]`, each number once
 * @throws AdError "domain" when a number is not whole or negative
 * @example
 * shuffledOrder(5, { seed: 1, epoch: 0 }) // [4, 3, 1, 0, 2]
 * shuffledOrder(5, { seed: 1, epoch: 1 }) // [3, 0, 1, 4, 2]
 */
export function shuffledOrder(count: number, pass: Pass): Int32Array {
  const size = checkWhole("shuffledOrder", "count", count, 0);
  return permutation(drawsFor("shuffledOrder", "order", pass, size));
}
