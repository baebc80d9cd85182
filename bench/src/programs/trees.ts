/** Trees of tensors, leaf by leaf. */
import type { Tensor } from "@nonsmooth/ad-core";
import { flattenTree } from "@nonsmooth/ad-core/machines";

/** All leaves, in the order of a program's inputs. */
export const leavesOf = (tree: unknown): readonly Tensor[] => flattenTree("bench", tree).leaves;

/** A tree of the same form, with other leaves. */
export function mapLeaves<T>(tree: T, change: (x: Tensor, index: number) => Tensor): T {
  const { leaves, form } = flattenTree("bench", tree);
  return form.build(leaves.map(change)) as T;
}
