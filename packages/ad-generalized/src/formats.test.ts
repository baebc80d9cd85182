// The same answers in every format that carries derivatives, and at the edges of shapes.
import {
  abs,
  type DType,
  max,
  maxPool2d,
  median,
  minimum,
  norm2,
  relu,
  reshape,
  sort,
  sum,
  type Tensor,
  tensor,
  zeros,
} from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { clarkeElement, directionalDerivative, lDerivative, lexicographicDerivative } from "./index.ts";

describe.each<DType>(["f64", "f32", "f16", "bf16"])("%s", (dtype) => {
  const at = (data: number[]): Tensor => tensor(data, { dtype });
  const along = (f: (x: Tensor) => Tensor, x: number[], d: number[]): number[] => {
    const slope = directionalDerivative(f, [at(x)], [at(d)]);
    expect(slope.dtype).toBe(dtype);
    return Array.from(slope.data);
  };

  test("kinks of all kinds", () => {
    expect(along((x) => relu(x), [0, 0, 1], [2, -2, 4])).toEqual([2, 0, 4]);
    expect(along((x) => max(x), [1, 1, 0], [2, 3, 9])).toEqual([3]);
    expect(along((x) => sort(x), [1, 1, 0], [3, 2, 9])).toEqual([9, 2, 3]);
    expect(along((x) => median(x), [1, 1, 1], [3, 2, 9])).toEqual([3]);
    expect(along((x) => norm2(x), [0, 0], [3, 4])[0]).toBeCloseTo(5, 1);
    const pool = (x: Tensor): Tensor => sum(maxPool2d(reshape(x, [1, 1, 2, 2]), { window: 2, stride: 1, padding: 1 }));
    expect(along(pool, [0, 0, 0, 0], [1, 2, 3, 4])).toEqual([1 + 2 + 2 + 3 + 4 + 4 + 3 + 4 + 4]);
  });

  test("elements", () => {
    const { value, gradient, certificate } = clarkeElement((x: Tensor) => sum(abs(x)), [at([0, -2])]);
    expect([value.dtype, gradient[0].dtype]).toEqual([dtype, dtype]);
    expect(Math.abs(gradient[0].data[0] as number)).toBe(1);
    expect(gradient[0].data[1]).toBe(-1);
    expect(certificate.product).toBeCloseTo(certificate.slope, 1);
  });
});

describe("edges", () => {
  test("nothing, and functions of nothing", () => {
    const empty = zeros([0]);
    expect(directionalDerivative((x: Tensor) => sum(relu(x)), [empty], [empty]).data[0]).toBe(0);
    expect(Array.from(directionalDerivative((x: Tensor) => sort(x), [empty], [empty]).data)).toEqual([]);
    expect(clarkeElement((x: Tensor) => sum(abs(x)), [empty]).certificate.claim).toMatch(/^an element/);
  });

  test("constants and arguments as results", () => {
    const x = tensor([1, 2]);
    expect(directionalDerivative((_: Tensor) => tensor(3), [x], [x]).data[0]).toBe(0);
    expect(Array.from(directionalDerivative((v: Tensor) => v, [x], [x]).data)).toEqual([1, 2]);
    expect(Array.from(clarkeElement((_: Tensor) => tensor(3), [x]).gradient[0].data)).toEqual([0, 0]);
    expect(Array.from(lDerivative((_: Tensor) => tensor(3), [tensor([1])], [[tensor([1])]])[0].data)).toEqual([0]);
  });

  test("one branch, and one element", () => {
    expect(directionalDerivative((x: Tensor) => max(x), [tensor([4])], [tensor([-3])]).data[0]).toBe(-3);
    expect(directionalDerivative((x: Tensor) => median(x), [tensor([4])], [tensor([-3])]).data[0]).toBe(-3);
    const { certificate } = clarkeElement((x: Tensor) => max(x), [tensor([4])]);
    expect(certificate.locked).toEqual([]);
  });

  test("directions that stand still", () => {
    const [first, second] = lexicographicDerivative(
      (x: Tensor) => norm2(x),
      [tensor([0, 0])],
      [[tensor([0, 0])], [tensor([3, 4])]],
    );
    expect([first?.data[0], second?.data[0]]).toEqual([0, 5]);
    expect(directionalDerivative((x: Tensor) => sum(minimum(x, 0)), [tensor([0, 0])], [tensor([0, -1])]).data[0]).toBe(
      -1,
    );
  });
});
