import { describe, expect, test } from "vitest";
import { gradient, numbers } from "../../laws/bothModes.ts";
import {
  avgPool2d,
  blend,
  first,
  full,
  grad,
  hessian,
  last,
  maxPool2d,
  mul,
  type Nested,
  random,
  reshape,
  square,
  sum,
  type Tensor,
  type TieSelection,
  tensor,
  uniform,
  weights,
  zeros,
} from "../index.ts";

const image = (rows: Nested): Tensor => tensor([[rows]] as Nested);

describe("values", () => {
  const x = image([
    [1, 2, 5, 4],
    [3, 0, 6, 8],
    [9, 7, 2, 2],
    [1, 1, 2, 2],
  ]);

  test("a window moves by its own size unless a stride is given", () => {
    expect(maxPool2d(x, { window: 2 }).shape).toEqual([1, 1, 2, 2]);
    expect(numbers(maxPool2d(x, { window: 2 }))).toEqual([3, 8, 9, 2]);
    expect(numbers(maxPool2d(x, { window: 2, stride: 1 }))).toEqual([3, 6, 8, 9, 7, 8, 9, 7, 2]);
    expect(numbers(maxPool2d(x, { window: [1, 4] }))).toEqual([5, 8, 9, 2]);
    expect(numbers(maxPool2d(x, { window: [4, 1], stride: [1, 2] }))).toEqual([9, 6]);
  });

  test("rows and columns that no window reaches are left out", () => {
    expect(maxPool2d(zeros([1, 1, 5, 5]), { window: 2 }).shape).toEqual([1, 1, 2, 2]);
  });

  test("the padding never wins", () => {
    expect(
      numbers(
        maxPool2d(
          image([
            [-1, -2],
            [-3, -4],
          ]),
          { window: 2, padding: 1 },
        ),
      ),
    ).toEqual([-1, -2, -3, -4]);
    expect(numbers(maxPool2d(full([1, 1, 2, 2], -Infinity), { window: 2, padding: 1 }))).toEqual(
      Array(4).fill(-Infinity),
    );
  });

  test("every image and every channel is pooled by itself", () => {
    const stacked = tensor([1, 2, 3, 4, 5, 6, 7, 8], { shape: [2, 2, 1, 2] });
    expect(numbers(maxPool2d(stacked, { window: [1, 2] }))).toEqual([2, 4, 6, 8]);
  });

  test("NaN wins", () => {
    expect(
      numbers(
        maxPool2d(
          image([
            [1, NaN],
            [9, 2],
          ]),
          { window: 2 },
        ),
      ),
    ).toEqual([NaN]);
  });

  test("avgPool2d counts the padding as zeros", () => {
    expect(numbers(avgPool2d(x, { window: 2 }))).toEqual([1.5, 5.75, 4.5, 2]);
    expect(numbers(avgPool2d(image([[4, 8]]), { window: 2, padding: 1 }))).toEqual([1, 2]);
  });
});

const named: Readonly<Record<string, TieSelection | null>> = {
  default: null,
  first,
  last,
  uniform,
  "blend(first, uniform, 10)": blend(first, uniform, 10),
  weights: weights((ties) => Array.from({ length: ties }, (_, i) => 2 ** -Math.min(i + 1, ties - 1))),
};

const gradients = (f: (x: Tensor) => Tensor, x: Tensor): number[][] =>
  Object.values(named).map((selection) => gradient(f, x, selection ? { maxPool2d: selection } : {}));

describe("every tie with every named selection, in both modes", () => {
  test("a window whose four cells tie", () => {
    expect(gradients((x) => sum(maxPool2d(x, { window: 2 })), zeros([1, 1, 2, 2]))).toEqual([
      [1, 0, 0, 0],
      [1, 0, 0, 0],
      [0, 0, 0, 1],
      [0.25, 0.25, 0.25, 0.25],
      [-6.5, 2.5, 2.5, 2.5],
      [0.5, 0.25, 0.125, 0.125],
    ]);
  });

  test("two ties in a window of four", () => {
    expect(
      gradients(
        (x) => sum(maxPool2d(x, { window: 2 })),
        image([
          [1, 3],
          [3, 2],
        ]),
      ),
    ).toEqual([
      [0, 1, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0.5, 0.5, 0],
      [0, -4, 5, 0],
      [0, 0.5, 0.5, 0],
    ]);
  });

  test("overlapping windows over nine equal pixels", () => {
    const found = gradients((x) => sum(maxPool2d(x, { window: 2, stride: 1 })), zeros([1, 1, 3, 3]));
    expect(found).toEqual([
      [1, 1, 0, 1, 1, 0, 0, 0, 0],
      [1, 1, 0, 1, 1, 0, 0, 0, 0],
      [0, 0, 0, 0, 1, 1, 0, 1, 1],
      [0.25, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.5, 0.25],
      [-6.5, -4, 2.5, -4, 1, 5, 2.5, 5, 2.5],
      [0.5, 0.75, 0.25, 0.625, 1, 0.375, 0.125, 0.25, 0.125],
    ]);
    for (const shares of found) expect(shares.reduce((total, share) => total + share, 0)).toBe(4);
  });

  test("overlapping windows whose common pixel is the largest", () => {
    const x = image([
      [0, 0, 0],
      [0, 1, 0],
      [0, 0, 0],
    ]);
    for (const shares of gradients((v) => sum(maxPool2d(v, { window: 2, stride: 1 })), x)) {
      expect(shares).toEqual([0, 0, 0, 0, 4, 0, 0, 0, 0]);
    }
  });

  test("windows that hang over the edge see only pixels", () => {
    const f = (x: Tensor): Tensor => sum(maxPool2d(x, { window: 2, stride: 1, padding: 1 }));
    const [byDefault, , byLast, byUniform] = gradients(f, zeros([1, 1, 2, 2]));
    expect([byDefault, byLast, byUniform]).toEqual([
      [4, 2, 2, 1],
      [1, 2, 2, 4],
      [2.25, 2.25, 2.25, 2.25],
    ]);
  });

  test("pixels of -Infinity do not share with the padding", () => {
    const f = (x: Tensor): Tensor => sum(maxPool2d(x, { window: 2, padding: 1 }));
    for (const shares of gradients(f, full([1, 1, 2, 2], -Infinity))) expect(shares).toEqual([1, 1, 1, 1]);
  });

  test("+0 and -0 tie, and so do two NaN", () => {
    const f = (x: Tensor): Tensor => sum(maxPool2d(x, { window: 2 }));
    expect(
      gradients(
        f,
        image([
          [-0, 0],
          [-1, -1],
        ]),
      ).slice(1, 4),
    ).toEqual([
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0.5, 0.5, 0, 0],
    ]);
    expect(
      gradients(
        f,
        image([
          [NaN, 9],
          [NaN, 2],
        ]),
      ).slice(1, 4),
    ).toEqual([
      [1, 0, 0, 0],
      [0, 0, 1, 0],
      [0.5, 0, 0.5, 0],
    ]);
  });

  test("random draws one cell for each window, and the same again", () => {
    const f = (x: Tensor): Tensor => sum(maxPool2d(x, { window: 2 }));
    const draw = (seed: number): number[] => gradient(f, zeros([1, 1, 4, 4]), { maxPool2d: random(seed) });
    for (let seed = 0; seed < 4; seed++) {
      expect(draw(seed).toSorted()).toEqual([...Array(12).fill(0), 1, 1, 1, 1]);
      expect(draw(seed)).toEqual(draw(seed));
    }
    const reverse = (seed: number): number[] =>
      numbers(grad(f, { select: { maxPool2d: random(seed) } })(zeros([1, 1, 2, 2])));
    const corners = Array.from({ length: 32 }, (_, seed) => reverse(seed).indexOf(1));
    expect([...new Set(corners)].toSorted()).toEqual([0, 1, 2, 3]);
  });
});

describe("derivatives of higher order and of poolings with weights", () => {
  test("each window passes its own cotangent", () => {
    const f = (x: Tensor): Tensor => sum(mul(maxPool2d(x, { window: [1, 2] }), tensor([10, 100])));
    expect(gradient(f, image([[1, 2, 4, 3]]))).toEqual([0, 10, 100, 0]);
  });

  test("the square of a tied maximum has a second derivative made of the weights", () => {
    const f = (x: Tensor): Tensor => sum(square(maxPool2d(reshape(x, [1, 1, 1, 2]), { window: [1, 2] })));
    const at = tensor([3, 3]);
    expect(numbers(hessian(f, [at]))).toEqual([2, 0, 0, 0]);
    expect(numbers(hessian(f, [at], { select: { maxPool2d: uniform } }))).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  test("avgPool2d shares equally among all cells of a window", () => {
    const f = (x: Tensor): Tensor => sum(avgPool2d(x, { window: 2, stride: 1 }));
    expect(gradient(f, zeros([1, 1, 3, 3]))).toEqual([0.25, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.5, 0.25]);
  });
});
