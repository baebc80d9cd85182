// The two forms of a derivative are transposes of each other.
import type { Select } from "@nonsmooth/ad-core";
import { expectTranspose, flatten } from "../tools/flat.ts";

/** Settings of checks at one place. */
export interface PlaceOptions {
  /** Choices at kinks; the defaults when absent. */
  readonly select?: Select;
  /** From which directions are drawn; 1 when absent. */
  readonly seed?: number;
}

/**
 * Checks at one place, for one pair of directions, that the pullback of a function is the transpose of its
 * pushforward: `<gy, J dx> = <Jᵀ gy, dx>`. It holds at kinks too, for every selection.
 *
 * Not checked: that `J` is the derivative; and nothing where `J` has entries that are infinite or NaN.
 *
 * @param f - a function of trees of tensors
 * @param args - the arguments, in a list
 * @param options - `select`, `seed`
 * @throws Error with both numbers when they differ
 * @example
 * checkTranspose((x, y) => maximum(x, y), [tensor([0, 1]), tensor([0, 2])], { select: { maximum: random(3) } })
 */
export function checkTranspose<Args extends readonly unknown[]>(
  f: (...args: Args) => unknown,
  args: readonly [...Args],
  { select = {}, seed = 1 }: PlaceOptions = {},
): void {
  expectTranspose("checkTranspose", flatten(f as (...args: never[]) => unknown, args), { select, seed });
}
