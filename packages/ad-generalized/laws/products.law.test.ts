// Directional derivatives are programs: their gradients in the direction read off a product of matrices, which is why many
// directions cannot be had at the price of a few.
import { add, grad, matmul, mul, relu, reshape, slice, sum, type Tensor, tensor } from "@nonsmooth/ad-core";
import { fc } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { directionalDerivative } from "../src/index.ts";

const n = 3;
const matrix = fc
  .array(fc.integer({ min: -3, max: 3 }), { minLength: n * n, maxLength: n * n })
  .map((data) => tensor(Float64Array.from(data), { shape: [n, n] }));

test("the sum of n directional derivatives of relu(A B x + z) at 0 has the gradient (A B)' in the directions", () => {
  fc.assert(
    fc.property(matrix, matrix, matrix, (a, b, d) => {
      const f = (x: Tensor, z: Tensor): Tensor => sum(relu(add(matmul(a, matmul(b, x)), z)));
      const zero = tensor([[0], [0], [0]]);
      const far = 1000;
      const total = (directions: Tensor): Tensor =>
        [0, 1, 2]
          .map((j) => {
            const column = slice(directions, [0, j], [n, j + 1]);
            const lift = tensor([0, 1, 2].map((i) => [i === j ? far : -far]));
            return directionalDerivative(f, [zero, zero], [column, lift]);
          })
          .reduce((sumSoFar, next) => add(sumSoFar, next));
      const product = matmul(a, b);
      const trace = sum(
        mul(
          matmul(product, d),
          tensor([
            [1, 0, 0],
            [0, 1, 0],
            [0, 0, 1],
          ]),
        ),
      );
      expect(total(d).data[0]).toBe((trace.data[0] as number) + n * far);
      const read = grad(total)(d);
      const transposed = [0, 1, 2].flatMap((i) =>
        [0, 1, 2].map((j) => reshape(product, [-1]).data[j * n + i] as number),
      );
      expect(Array.from(read.data, (v) => v + 0)).toEqual(transposed.map((v) => v + 0));
    }),
  );
});
