import { abs, add, max, mul, norm1, norm2, relu, sub, sum, type Tensor, tensor, zeros } from "@nonsmooth/ad-core";
import { expect, test } from "vitest";
import { directionalDerivative, minimumNormSubgradient } from "../index.ts";

const numbers = (x: unknown): number[] => Array.from((x as Tensor).data);

test("equal shares are the least element of a maximum", async () => {
  const { gradient, norm, mixture, complete, claim } = await minimumNormSubgradient(
    (x: Tensor) => max(x),
    [zeros([4])],
  );
  for (const v of numbers(gradient[0])) expect(v).toBeCloseTo(0.25, 14);
  expect(norm).toBeCloseTo(0.5, 14);
  expect([mixture.length, complete, claim]).toEqual([4, true, "the element of least norm, up to rounding"]);
});

test("at a stationary point it is 0", async () => {
  const { norm } = await minimumNormSubgradient((x: Tensor) => norm1(x), [zeros([3])]);
  expect(norm).toBeLessThan(1e-15);
});

test("elsewhere the function falls along its negative, at least as fast as its norm says", async () => {
  const f = (x: Tensor): Tensor => add(abs(sum(x)), sum(mul(relu(x), tensor([1, 2, -3]))));
  const { gradient, norm } = await minimumNormSubgradient(f, [zeros([3])]);
  expect(norm).toBeGreaterThan(0.1);
  const slope = directionalDerivative(f, [zeros([3])], [mul(gradient[0] as Tensor, -1)]);
  expect(slope.data[0]).toBeLessThanOrEqual(-norm * norm * (1 - 1e-12));
});

test("in a ball: the nearest element of one that does not hold 0", async () => {
  const f = (x: Tensor): Tensor => add(norm2(x), sum(mul(x, tensor([3, 4]))));
  const { gradient, norm, complete, reason } = await minimumNormSubgradient(f, [zeros([2])]);
  expect(norm).toBeCloseTo(4, 9);
  expect(numbers(gradient[0])[0]).toBeCloseTo(2.4, 9);
  expect([complete, reason]).toEqual([true, "ball"]);
});

test("where limits may be missing it is the least of those that were found", async () => {
  const cut = await minimumNormSubgradient((x: Tensor) => norm1(x), [zeros([12])], { limit: 40 });
  expect([cut.complete, cut.reason]).toEqual([false, "limit"]);
  expect(cut.claim).toContain("an element; some limits of gradients");
  const far = await minimumNormSubgradient((x: Tensor) => abs(sub(x, 0.3)), [tensor(0.1 + 0.2)], { tolerance: 1e-9 });
  expect(far.claim).toContain("nothing for this point");
});
