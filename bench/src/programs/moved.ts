/** The part of a program that its gradient is for, and the program at another point. */
import { AdError, type Tensor, tensor } from "@nonsmooth/ad-core";
import { flattenTree } from "@nonsmooth/ad-core/machines";
import { isReal } from "@nonsmooth/ad-core/transforms";
import type { BuiltProgram } from "./types.ts";

/** A scalar function of some arguments. */
export type Loss = (...args: unknown[]) => Tensor;

/** The function of the arguments that the gradient is for; the others stay. */
export interface MovingPart {
  readonly g: Loss;
  readonly at: readonly unknown[];
}

/** Leaves out the arguments that stay. */
export function movingPart({ f, args, wrt }: BuiltProgram): MovingPart {
  const moving = [wrt].flat() as number[];
  const among = (moved: readonly unknown[]): unknown[] =>
    args.map((arg, i) => (moving.includes(i) ? moved[moving.indexOf(i)] : arg));
  return { g: (...moved) => (f as unknown as Loss)(...among(moved)), at: moving.map((i) => args[i]) };
}

/** All entries of a tree that carry derivatives, one after the other. */
export const entriesOf = (tree: unknown): number[] =>
  flattenTree("clarke", tree).leaves.flatMap(({ data, dtype }) =>
    isReal(dtype) ? Array.from(data as ArrayLike<number>) : [],
  );

/** A tree like another one from its entries. */
function likeFrom(where: string, tree: unknown, entries: readonly number[]): unknown {
  const { form, leaves } = flattenTree(where, tree);
  let start = 0;
  const taken = (x: Tensor): Tensor => {
    const size = x.data.length;
    start += size;
    return tensor(Float64Array.from(entries.slice(start - size, start)), { shape: x.shape, dtype: x.dtype });
  };
  return form.build(leaves.map((x) => (isReal(x.dtype) ? taken(x) : x)));
}

/** Numbers for all entries of a tree; one number is for all of them. */
export function pointFrom(option: string, tree: unknown, numbers: readonly number[]): unknown {
  const { length } = entriesOf(tree);
  if (numbers.length === length) return likeFrom(option, tree, numbers);
  if (numbers.length === 1) return likeFrom(option, tree, Array<number>(length).fill(numbers[0] as number));
  throw new AdError({
    code: "shape",
    where: option,
    problem: "another number of entries",
    expected: `${length} numbers, as many as the gradient has entries, or one for all of them`,
    got: `${numbers.length}`,
    remedy: "separate them by commas",
  });
}
