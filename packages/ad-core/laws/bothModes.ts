/** Gradients for tests: what one mode says, the other must say too. */
import { expect } from "vitest";
import { grad, jvp, type Select, type Tensor, tensor } from "../src/index.ts";

/** The numbers of a tensor; -0 counts as 0. */
export const numbers = (x: Tensor): number[] => Array.from(x.data, (v) => v + 0);

/** The gradient of a scalar function which both modes must agree on. */
export function gradient(f: (x: Tensor) => Tensor, x: Tensor, select: Select = {}): number[] {
  const reverse = numbers(grad(f, { select })(x));
  const forward = reverse.map((_, i) => {
    const unit = tensor(
      reverse.map((_other, j) => (i === j ? 1 : 0)),
      { shape: x.shape },
    );
    return numbers(jvp(f, [x], [unit], { select })[1])[0];
  });
  expect(forward).toEqual(reverse);
  return reverse;
}
