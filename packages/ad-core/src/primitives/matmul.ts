// Products of matrices.
import { addHistograms, timesHistogram } from "../arithmetic/algebra.ts";
import { apply } from "../door/interpreter.ts";
import { type Inputs, numericDType, type Primitive } from "../door/primitive.ts";
import { shapeError } from "../errors/messages.ts";
import { multiplyMatrices } from "../kernels/contract.ts";
import { broadcastShapes, type Shape } from "../tensors/shape.ts";
import { checkOperand, type Tensor, type TensorType } from "../tensors/tensor.ts";
import { mul } from "./arithmetic.ts";
import type { SiteOptions } from "./options.ts";
import { reshape } from "./reshape.ts";
import { broadcastTo, sum } from "./sum.ts";
import { transpose } from "./transpose.ts";

type Sizes = readonly [batch: number, rows: number, inner: number];

const flip = (x: Tensor): Tensor => transpose(x, [0, 2, 1]);

function productShape([a, b]: Inputs<TensorType>): number[] {
  const [[batch, rows, inner], [batches, inside, columns]] = [a.shape as Sizes, b.shape as Sizes];
  if (a.shape.length === 3 && b.shape.length === 3 && batch === batches && inner === inside)
    return [batch, rows, columns];
  const expected = "[batch, rows, inner] and [batch, inner, columns]";
  throw shapeError("matmul", "sizes do not fit", expected, [a.shape, b.shape], "transpose or reshape an operand");
}

/** Batches of matrices; everything else is brought to this form by the operation. */
export const matmulPrimitive: Primitive<null> = {
  name: "matmul",
  dtype: (inputs) => numericDType("matmul", inputs),
  shape: productShape,
  forward: (k, [a, b]) => multiplyMatrices(k, a, b),
  // dY = dA B + A dB
  linearize: ({ inputs: [a, b] }) => [
    () => ({ jvp: (da) => multiply(da, b), vjp: (gy) => multiply(gy, flip(b)) }),
    () => ({ jvp: (db) => multiply(a, db), vjp: (gy) => multiply(flip(a), gy) }),
  ],
  cost(inputs) {
    const [batch, rows, columns] = productShape(inputs) as [number, number, number];
    const inner = inputs[0].shape[2] as number;
    const sums = batch * rows * columns;
    return addHistograms(
      timesHistogram(sums * inner, { mul: 1 }),
      timesHistogram(sums * Math.max(0, inner - 1), { add: 1 }),
    );
  },
  sums: () => [{ inputs: [2, 1] }],
};

const multiply = (a: Tensor, b: Tensor, site = ""): Tensor => apply(matmulPrimitive, [a, b], null, site);

/** As NumPy does: a vector on the left is a row, on the right a column. */
function asMatrices(x: Tensor, side: "left" | "right"): Shape {
  if (x.shape.length === 0) {
    throw shapeError("matmul", "a scalar is no matrix", "rank 1 to 6", [x.shape], "use mul");
  }
  if (x.shape.length > 1) return x.shape;
  return side === "left" ? [1, ...x.shape] : [...x.shape, 1];
}

function batched(x: Tensor, matrix: Shape, batch: Shape): Tensor {
  const sizes = matrix.slice(-2);
  return reshape(broadcastTo(reshape(x, matrix), [...batch, ...sizes]), [
    batch.reduce((n, size) => n * size, 1),
    ...sizes,
  ]);
}

/**
 * Matrix product, `Y_ij = Σ_k A_ik B_kj`, for vectors, matrices and batches of them as NumPy's `matmul`.
 *
 * Cost: rows · inner · columns multiplications and rows · (inner - 1) · columns additions for each product.
 * Each sum runs over the inner index in ascending order. Contractions multiply plainly: an infinite factor and a zero
 * one give NaN here, unlike in the rules of scalar functions.
 *
 * @param a - `[..., rows, inner]` or `[inner]`
 * @param b - `[..., inner, columns]` or `[inner]`, of the same dtype; leading axes broadcast
 * @param options - `site`
 * @returns `[..., rows, columns]`, without the axis that a vector stood for
 * @throws AdError "shape" when sizes do not fit; "dtype" for mixed dtypes
 * @example
 * matmul(tensor([[1, 2], [3, 4]]), tensor([1, 1])) // [3, 7]
 */
export function matmul(a: Tensor, b: Tensor, options: SiteOptions = {}): Tensor {
  for (const x of [a, b]) checkOperand("matmul", x);
  const [left, right] = [asMatrices(a, "left"), asMatrices(b, "right")];
  const batch = broadcastShapes("matmul", [left.slice(0, -2), right.slice(0, -2)]);
  if (left.at(-1) !== right.at(-2)) {
    const expected = "[..., rows, inner] and [..., inner, columns]";
    throw shapeError("matmul", "inner sizes differ", expected, [a.shape, b.shape], "transpose or reshape an operand");
  }
  const y = multiply(batched(a, left, batch), batched(b, right, batch), options.site);
  const rows = a.shape.length > 1 ? [left.at(-2) as number] : [];
  const columns = b.shape.length > 1 ? [right.at(-1) as number] : [];
  return reshape(y, [...batch, ...rows, ...columns]);
}

/**
 * Inner product of two vectors, `y = Σ a_i b_i`.
 *
 * Cost: n multiplications and n - 1 additions.
 *
 * @param a - `[n]`
 * @param b - `[n]`, of the same dtype
 * @param options - `site`
 * @returns a scalar
 * @throws AdError "shape" unless both are vectors of one length; "dtype" for mixed dtypes
 * @example
 * dot(tensor([1, 2]), tensor([3, 4])) // 11
 */
export function dot(a: Tensor, b: Tensor, options: SiteOptions = {}): Tensor {
  for (const x of [a, b]) checkOperand("dot", x);
  if (a.shape.length !== 1 || b.shape.length !== 1 || a.shape[0] !== b.shape[0]) {
    throw shapeError("dot", "vectors differ", "two vectors of one length", [a.shape, b.shape], "reshape them to [n]");
  }
  return sum(mul(a, b, options), options);
}

/**
 * Outer product of two vectors, `Y_ij = a_i b_j`.
 *
 * Cost: n · m multiplications.
 *
 * @param a - `[n]`
 * @param b - `[m]`, of the same dtype
 * @param options - `site`
 * @returns `[n, m]`
 * @throws AdError "shape" unless both are vectors; "dtype" for mixed dtypes
 * @example
 * outer(tensor([1, 2]), tensor([3, 4])) // [[3, 4], [6, 8]]
 */
export function outer(a: Tensor, b: Tensor, options: SiteOptions = {}): Tensor {
  for (const x of [a, b]) checkOperand("outer", x);
  if (a.shape.length !== 1 || b.shape.length !== 1) {
    throw shapeError("outer", "not vectors", "two vectors", [a.shape, b.shape], "reshape them to [n]");
  }
  return mul(reshape(a, [...a.shape, 1]), b, options);
}
