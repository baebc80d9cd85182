// The lower triangle of matrices.
import { apply } from "../door/interpreter.ts";
import type { Primitive } from "../door/primitive.ts";
import { domainError, shapeError } from "../errors/messages.ts";
import { moveCells } from "../kernels/scatter.ts";
import { checkOperand, type Tensor } from "../tensors/tensor.ts";
import { symmetric } from "./maps.ts";

export const trilPrimitive: Primitive<number> = {
  name: "tril",
  shape: ([x]) => x.shape,
  forward(k, [x], diagonal) {
    const [height, width] = x.shape.slice(-2) as [number, number];
    const isKept = (i: number): boolean => (i % width) - (Math.floor(i / width) % height) <= diagonal;
    return moveCells(
      k,
      x,
      Int32Array.from({ length: x.data.length }, (_, i) => (isKept(i) ? i : -1)),
    );
  },
  // what is kept moves, what is 0 stays: a diagonal matrix
  linearize: ({ params: diagonal }) => [() => symmetric((v) => apply(trilPrimitive, [v], diagonal))],
  cost: () => ({}),
};

/**
 * The lower triangle of matrices: elements whose column is at most their row plus `k`, and exact zeros elsewhere,
 * whatever stands there.
 *
 * Linear, and its own transpose.
 * Cost: no arithmetic.
 *
 * @param x - rank 2 to 6; the last two axes are rows and columns
 * @param k - the last diagonal that is kept: 0 the main one, above 0 to its right; 0 when absent
 * @returns the shape of `x`
 * @throws AdError "shape" when the rank is below 2; "domain" when `k` is not whole
 * @example
 * tril(tensor([[1, 2], [3, 4]])) // [[1, 0], [3, 4]]
 * tril(tensor([[1, 2], [3, 4]]), -1) // [[0, 0], [3, 0]]
 */
export function tril(x: Tensor, k = 0): Tensor {
  checkOperand("tril", x);
  if (!Number.isSafeInteger(k)) throw domainError("tril", "k", "a whole number", k, "it counts diagonals");
  if (x.shape.length >= 2) return apply(trilPrimitive, [x], k);
  throw shapeError("tril", "no matrix", "rank 2 or more", [x.shape], "reshape it to rows and columns");
}
