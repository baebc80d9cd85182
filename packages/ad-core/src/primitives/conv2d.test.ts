import { describe, expect, test } from "vitest";
import {
  conv2d,
  grad,
  hessianVector,
  jvp,
  mul,
  type Nested,
  ones,
  square,
  sum,
  type Tensor,
  tensor,
  zeros,
} from "../index.ts";

const numbers = (x: Tensor): number[] => Array.from(x.data, (v) => v + 0);
const plane = (rows: Nested): Tensor => tensor([[rows]] as Nested);

const image = plane([
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
]);
const filter = plane([
  [1, 2],
  [3, 4],
]);

describe("values", () => {
  test("each output sums image times filter over a window, without flipping", () => {
    const y = conv2d(image, filter);
    expect(y.shape).toEqual([1, 1, 2, 2]);
    expect(numbers(y)).toEqual([37, 47, 67, 77]);
  });

  test("with stride 2 and padding 1 the windows hang over the edge", () => {
    const y = conv2d(image, filter, { stride: 2, padding: 1 });
    expect(y.shape).toEqual([1, 1, 2, 2]);
    expect(numbers(y)).toEqual([4, 18, 36, 77]);
  });

  test("rows and columns have settings of their own", () => {
    expect(conv2d(image, filter, { stride: [2, 1], padding: [0, 1] }).shape).toEqual([1, 1, 1, 4]);
    expect(numbers(conv2d(image, plane([[1, 1]]), { stride: [2, 1] }))).toEqual([3, 5, 15, 17]);
  });

  test("input channels are summed, output channels and images stand side by side", () => {
    const images = tensor([1, 10, 2, 20], { shape: [2, 2, 1, 1] });
    const filters = tensor([1, 1, 3, 0, 0, 5], { shape: [3, 2, 1, 1] });
    const y = conv2d(images, filters);
    expect(y.shape).toEqual([2, 3, 1, 1]);
    expect(numbers(y)).toEqual([11, 3, 50, 22, 6, 100]);
  });

  test("a batch of nothing gives nothing", () => {
    expect(conv2d(zeros([0, 1, 3, 3]), filter).shape).toEqual([0, 1, 2, 2]);
  });
});

describe("derivatives by hand", () => {
  const weighted = (x: Tensor, w: Tensor): Tensor =>
    sum(
      mul(
        conv2d(x, w),
        plane([
          [1, 10],
          [100, 1000],
        ]),
      ),
    );

  test("in the image each output spreads its filter", () => {
    expect(numbers(grad(weighted)(image, filter))).toEqual([1, 12, 20, 103, 1234, 2040, 300, 3400, 4000]);
  });

  test("in the filter each output collects its window", () => {
    expect(numbers(grad(weighted, { wrt: 1 })(image, filter))).toEqual([5421, 6532, 8754, 9865]);
  });

  test("with stride 2 and padding 1", () => {
    const f = (x: Tensor, w: Tensor): Tensor => sum(conv2d(x, w, { stride: 2, padding: 1 }));
    expect(grad(f, { wrt: [0, 1] })(image, filter).map(numbers)).toEqual([
      [4, 3, 4, 2, 1, 2, 4, 3, 4],
      [5, 10, 10, 20],
    ]);
  });

  test("pixels and weights that meet nothing have derivative 0", () => {
    const f = (x: Tensor, w: Tensor): Tensor => sum(conv2d(x, w, { stride: 2 }));
    expect(numbers(grad(f)(image, filter))).toEqual([1, 2, 0, 3, 4, 0, 0, 0, 0]);
  });

  test("in forward mode obey the product rule", () => {
    const [, dy] = jvp(
      (x: Tensor, w: Tensor) => conv2d(x, w),
      [image, filter],
      [ones([1, 1, 3, 3]), ones([1, 1, 2, 2])],
    );
    expect(numbers(dy)).toEqual([10 + 12, 10 + 16, 10 + 24, 10 + 28]);
  });

  test("over a batch the filter's derivative sums the images", () => {
    const two = tensor([1, 2, 3, 4, 10, 20, 30, 40], { shape: [2, 1, 2, 2] });
    const f = (w: Tensor): Tensor => sum(conv2d(two, w));
    expect(numbers(grad(f)(filter))).toEqual([11, 22, 33, 44]);
  });
});

describe("second derivatives", () => {
  const options = { stride: 2, padding: 1 } as const;
  const energy = (x: Tensor, w: Tensor): Tensor => sum(square(conv2d(x, w, options)));

  test("of a quadratic in the image: H v is twice the transposed convolution of the convolution", () => {
    // windows see 1; 2, 3; 4, 7; 5, 6, 8, 9, and v is 1 everywhere, so conv(v) = [4, 7, 6, 10]
    const found = hessianVector(energy, [image, filter], [ones([1, 1, 3, 3]), zeros([1, 1, 2, 2])]);
    expect(numbers(found)).toEqual([32, 42, 56, 24, 20, 40, 48, 60, 80]);
  });

  test("of a quadratic in the filter", () => {
    // conv(image, ones) = [1, 5, 11, 28]; H v = 2 (windows)ᵀ that
    const gradient = (w: Tensor): Tensor => sum(grad(energy, { wrt: 1 })(image, w));
    expect(numbers(grad(gradient)(filter))).toEqual([
      2 * 28 * 5,
      2 * (11 * 4 + 28 * 6),
      2 * (5 * 2 + 28 * 8),
      2 * (1 * 1 + 5 * 3 + 11 * 7 + 28 * 9),
    ]);
  });

  test("mixed: grad in the filter of grad in the image is a convolution of ones", () => {
    const inImage = (x: Tensor, w: Tensor): Tensor => sum(grad((v: Tensor) => sum(conv2d(v, w, options)))(x));
    expect(numbers(grad(inImage, { wrt: 1 })(image, filter))).toEqual([1, 2, 2, 4]);
    expect(numbers(grad(inImage)(image, filter))).toEqual(Array(9).fill(0));
  });

  test("mixed in the other order is the same", () => {
    const inFilter = (x: Tensor, w: Tensor): Tensor => sum(grad((v: Tensor) => sum(conv2d(x, v, options)))(w));
    expect(numbers(grad(inFilter)(image, filter))).toEqual(Array(9).fill(1));
  });

  test("third derivatives pass through all three records", () => {
    const cubic = (x: Tensor): Tensor => sum(conv2d(conv2d(x, x, { padding: 1 }), x, { padding: 1 }));
    const x = plane([[2]]);
    const thrice = grad((a: Tensor) => sum(grad((b: Tensor) => sum(grad(cubic)(b)))(a)));
    expect([cubic(x), grad(cubic)(x), thrice(x)].map(numbers)).toEqual([[8], [12], [6]]);
  });
});
