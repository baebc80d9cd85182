// Sums of products: each sum runs in order, one term after the other, beginning with the first product.
import type { Arithmetic } from "../arithmetic/algebra.ts";
import type { Cells } from "../door/primitive.ts";

/**
 * Products of matrices, one for each batch: `[batch, rows, inner]` times `[batch, inner, columns]`.
 * Every element sums its `inner` products in ascending order; an empty sum is 0.
 */
export function multiplyMatrices<N>(k: Arithmetic<N>, a: Cells<N>, b: Cells<N>): ArrayLike<N> {
  const [batch, rows, inner] = a.shape as [number, number, number];
  const columns = b.shape[2] as number;
  const { add, mul, constant } = k.sum;
  const out = k.allocate(batch * rows * columns);
  for (let row = 0; row < batch * rows; row++) {
    const bStart = Math.floor(row / rows) * inner * columns;
    for (let column = 0; column < columns; column++) {
      let total = constant(0);
      for (let i = 0; i < inner; i++) {
        const product = mul(a.data[row * inner + i] as N, b.data[bStart + i * columns + column] as N);
        total = i === 0 ? product : add(total, product);
      }
      out[row * columns + column] = total;
    }
  }
  return out;
}
