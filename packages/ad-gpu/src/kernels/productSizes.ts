// Sizes of a product of matrices as kernels need them.
import type { Task } from "./kernel.ts";

/** Which operands lie in memory with their last two axes exchanged. */
export interface Exchanged {
  readonly a: boolean;
  readonly b: boolean;
}

/** Sizes of a product, and how far neighbours of both operands lie from each other. */
export interface ProductSizes {
  readonly batch: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly a: { readonly row: number; readonly inner: number };
  readonly b: { readonly inner: number; readonly column: number };
}

/** An operand that was exchanged is known by its own type, of any rank. */
export function productSizes(
  { inputs: [a], output }: Pick<Task, "inputs" | "output">,
  exchanged: Exchanged,
): ProductSizes {
  const [batch, rows, columns] = output.shape as [number, number, number];
  const inner = a.shape.at(exchanged.a ? -2 : -1) as number;
  return {
    ...{ batch, rows, inner, columns },
    a: exchanged.a ? { row: 1, inner: rows } : { row: inner, inner: 1 },
    b: exchanged.b ? { inner: 1, column: inner } : { inner: columns, column: 1 },
  };
}
