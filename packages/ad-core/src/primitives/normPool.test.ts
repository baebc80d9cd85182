import { describe, expect, test } from "vitest";
import { gradient, numbers } from "../../laws/bothModes.ts";
import {
  atZero,
  compile,
  grad,
  hessian,
  kinks,
  mul,
  type Nested,
  norm2,
  normPool2d,
  programFromJson,
  programToJson,
  reference,
  reshape,
  type Select,
  square,
  sum,
  type Tensor,
  tensor,
  trace,
  zeros,
} from "../index.ts";

const image = (rows: Nested): Tensor => tensor([[rows]] as Nested);
const pool = (x: Tensor): Tensor => sum(normPool2d(x, { window: 2 }));

describe("values", () => {
  const x = image([
    [2, 4, 0, 0],
    [5, 6, 0, -7],
  ]);

  test("are the norms of windows, which move by their size unless a stride is given", () => {
    expect(numbers(normPool2d(x, { window: 2 }))).toEqual([9, 7]);
    expect(numbers(normPool2d(x, { window: [1, 2], stride: [1, 3] }))).toEqual([Math.sqrt(20), Math.sqrt(61)]);
    expect(numbers(normPool2d(x, { window: 1 }))).toEqual([2, 4, 0, 0, 5, 6, 0, 7]);
  });

  test("count the padding as zeros", () => {
    expect(numbers(normPool2d(image([[3, -4]]), { window: 2, padding: 1 }))).toEqual([3, 4]);
    expect(numbers(normPool2d(image([[3, -4]]), { window: [1, 2], padding: [0, 1], stride: 1 }))).toEqual([3, 5, 4]);
  });

  test("belong to each image and channel, also to none", () => {
    const stacked = tensor([3, 4, 5, 12, 8, 15, 0, 1], { shape: [2, 2, 1, 2] });
    expect(numbers(normPool2d(stacked, { window: [1, 2] }))).toEqual([5, 13, 17, 1]);
    expect(normPool2d(zeros([0, 2, 4, 4]), { window: 2 }).shape).toEqual([0, 2, 2, 2]);
    expect(grad(pool)(zeros([0, 2, 4, 4])).shape).toEqual([0, 2, 4, 4]);
  });

  test("of NaN are NaN, and of infinity infinite", () => {
    expect(numbers(normPool2d(image([[NaN, 1, -Infinity, 1]]), { window: [1, 2] }))).toEqual([NaN, Infinity]);
  });

  test("in 16 bits the squares are summed in 32 bits", () => {
    for (const dtype of ["f16", "bf16"] as const) {
      const x = tensor([[[[300, 400]]]], { dtype });
      expect(numbers(normPool2d(x, { window: [1, 2] }))).toEqual([500]);
    }
  });
});

describe("at a window of zeros", () => {
  const at = image([
    [0, -0, 3, 4],
    [0, 0, 0, 0],
  ]);
  const beside = [0.6, 0.8];
  test.each<[string, Select, number[]]>([
    ["default", {}, [0, 0, 0, 0]],
    ["atZero(zero)", { normPool2d: atZero("zero") }, [0, 0, 0, 0]],
    ["atZero(ones)", { normPool2d: atZero("ones") }, [1, 1, 1, 1]],
    ["atZero(fn), in row-major order", { normPool2d: atZero((n) => [1, 2, 3, n]) }, [1, 2, 3, 4]],
    ["a selection of norm2, which does not concern it", { norm2: atZero("ones") }, [0, 0, 0, 0]],
  ])("%s", (_says, select, [a, b, c, d]) => {
    expect(gradient(pool, at, select)).toEqual([a, b, ...beside, c, d, 0, 0]);
  });

  test("a selection may name one site", () => {
    const f = (x: Tensor): Tensor =>
      sum(mul(normPool2d(x, { window: 2, site: "a" }), normPool2d(x, { window: 2, site: "b" })));
    expect(gradient(f, at, { "normPool2d@a": atZero("ones") })).toEqual([0, 0, 6, 8, 0, 0, 0, 0]);
    const g = (x: Tensor): Tensor => sum(normPool2d(x, { window: 2, site: "a" }));
    expect(gradient(g, zeros([1, 1, 2, 2]), { "normPool2d@a": atZero("ones") })).toEqual([1, 1, 1, 1]);
  });

  test("cells of the padding keep their share to themselves", () => {
    const f = (x: Tensor): Tensor => sum(normPool2d(x, { window: 2, padding: 1 }));
    const select = { normPool2d: atZero((n) => Array.from({ length: n }, (_, i) => i + 1)) };
    expect(gradient(f, zeros([1, 1, 2, 2]), select)).toEqual([4, 3, 2, 1]);
  });

  test("windows that overlap add their vectors", () => {
    const f = (x: Tensor): Tensor => sum(normPool2d(x, { window: 2, stride: 1 }));
    const select = { normPool2d: atZero("ones") };
    expect(gradient(f, zeros([1, 1, 3, 3]), select)).toEqual([1, 2, 1, 2, 4, 2, 1, 2, 1]);
  });

  test("the second derivative is 0, for every vector", () => {
    const f = (x: Tensor): Tensor => pool(reshape(x, [1, 1, 2, 2]));
    for (const vector of ["zero", "ones"] as const) {
      const options = { select: { normPool2d: atZero(vector) } };
      expect(numbers(hessian(f, [tensor([0, 0, 0, 0])], options))).toEqual(Array(16).fill(0));
    }
  });

  test("the square of the norm has gradient 0 and never NaN", () => {
    const f = (x: Tensor): Tensor => sum(square(normPool2d(x, { window: 2 })));
    expect(gradient(f, zeros([1, 1, 2, 2]), { normPool2d: atZero("ones") })).toEqual([0, 0, 0, 0]);
  });

  test("is what norm2 of the window has", () => {
    const options = { select: { normPool2d: atZero("ones"), norm2: atZero("ones") } };
    for (const x of [tensor([3, -1, 2, 5]), tensor([0, 0, 0, 0])]) {
      const whole = grad((v: Tensor) => pool(reshape(v, [1, 1, 2, 2])), options)(x);
      expect(numbers(whole)).toEqual(numbers(grad((v: Tensor) => norm2(v), options)(x)));
    }
  });
});

describe("away from zeros", () => {
  test("each window passes its own cotangent along its unit vector", () => {
    const f = (x: Tensor): Tensor => sum(mul(normPool2d(x, { window: [1, 2] }), tensor([10, 100])));
    expect(gradient(f, image([[3, 4, -8, 6]]))).toEqual([6, 8, -80, 60]);
  });

  test("the second derivative is the projection across the window, divided by its norm", () => {
    const f = (x: Tensor): Tensor => sum(normPool2d(reshape(x, [1, 1, 1, 2]), { window: [1, 2] }));
    const found = numbers(hessian(f, [tensor([3, 4])]));
    [16 / 125, -12 / 125, -12 / 125, 9 / 125].forEach((expected, i) => {
      expect(found[i]).toBeCloseTo(expected, 14);
    });
  });
});

describe("reports and programs", () => {
  const f = (x: Tensor): Tensor => sum(normPool2d(x, { window: [1, 2], site: "pool" }));
  const x = image([[0, 0, 3, 4, 1e-9, 0]]);

  test("a kink report names windows of zeros, and small ones when asked", () => {
    const { status, kinks: list } = kinks(f, [x]);
    expect(status).toBe(1);
    expect(list).toMatchObject([{ name: "normPool2d", site: "pool", type: "point", count: 1 }]);
    expect(list[0]?.places).toEqual([{ index: [0, 0, 0, 0], branches: [0], ties: 0 }]);
    expect(kinks(f, [x], { tolerance: 1e-6 }).kinks[0]?.count).toBe(2);
    expect(kinks(f, [image([[3, 4]])]).status).toBe(3);
  });

  test("a recorded gradient keeps its vector through JSON", () => {
    const gradientOf = grad(f, { select: { normPool2d: atZero("ones") } });
    const again = programFromJson(programToJson(trace(gradientOf, [x])));
    expect(numbers(compile(again, reference()).run([x]) as Tensor)).toEqual([1, 1, 0.6, 0.8, 1, 0]);
    expect(numbers(gradientOf(x))).toEqual([1, 1, 0.6, 0.8, 1, 0]);
  });
});
