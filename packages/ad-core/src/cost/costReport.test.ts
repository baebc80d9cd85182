import { describe, expect, test } from "vitest";
import { errorOf, wrong } from "../../laws/refusals.ts";
import {
  add,
  atSite,
  type CostOptions,
  type CostReport,
  checkpoint,
  conv2d,
  cost,
  costReport,
  crossEntropy,
  customDerivative,
  exp,
  grad,
  greater,
  key,
  last,
  matmul,
  max,
  maximum,
  maxPool2d,
  mean,
  mul,
  prod,
  randomUniform,
  relu,
  sigmoid,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  tensor,
  trace,
  uniform,
  where,
  zeros,
} from "../index.ts";

type Scalar = (...args: Tensor[]) => Tensor;
const report = (f: Scalar, shapes: readonly (readonly number[])[], options: CostOptions = {}): CostReport =>
  costReport(
    f,
    shapes.map((shape) => zeros(shape)),
    options,
  );

describe("the model count", () => {
  test("of a sum of relu is by the formulas", () => {
    // 10 relu and 9 additions: Σ cost(gd) = 19, edges 10 + 18, joins 9.
    const { model, directions } = report((x = tensor(0)) => sum(relu(x)), [[10]]);
    expect(directions).toBe(10);
    expect(model).toEqual({
      evaluate: 19,
      backward: 19 + 2 * 28,
      forward: 19 + 28 + 9,
      forwardFull: { cost: 19 + 10 * (28 + 9), bound: 40, ratio: (19 + 10 * 37) / 19 },
      backwardRatio: 75 / 19,
      forwardRatio: 56 / 19,
      omegaB: 5,
      omegaF: 4,
    });
  });

  test("of a matrix product counts every real argument as input, and numbers as numbers", () => {
    const [n, m, k] = [3, 4, 5];
    const [products, sums] = [n * m * k, n * k * (m - 1) + n * k - 1];
    const both = report(
      (a = tensor(0), b = tensor(0)) => sum(matmul(a, b)),
      [
        [n, m],
        [m, k],
      ],
    ).model;
    expect([both.evaluate, both.backward]).toEqual([products + sums, 5 * (products + sums)]);
    const weights = zeros([m, k]);
    const one = report((a = tensor(0)) => sum(matmul(a, weights)), [[n, m]]).model;
    expect([one.evaluate, one.backward]).toEqual([products + sums, 3 * products + 5 * sums]);
  });

  test("does not depend on which argument the gradient is for; the number of tangents does", () => {
    const f: Scalar = (a = tensor(0), b = tensor(0)) => sum(matmul(a, b));
    const [first, second] = [
      report(f, [
        [2, 3],
        [3, 4],
      ]),
      report(
        f,
        [
          [2, 3],
          [3, 4],
        ],
        { wrt: [0, 1] },
      ),
    ];
    expect(first.model.backward).toBe(second.model.backward);
    expect([first.directions, second.directions]).toEqual([6, 18]);
    expect(first.engine.backward.total).toBeLessThan(second.engine.backward.total);
  });

  test.each<[string, Scalar, readonly (readonly number[])[], [number, number]]>([
    ["a maximum of k is k - 1 maxima", (x = tensor(0)) => max(x), [[7]], [6, 6 + 6 * 4]],
    ["a product with a number is a product", (x = tensor(0)) => sum(mul(x, 3)), [[4]], [7, 7 + 4 * 2 + 3 * 4]],
    ["a mean divides by a number once", (x = tensor(0)) => mean(x), [[8]], [8, 8 + 7 * 4 + 2]],
    ["sigmoid is one function", (x = tensor(0)) => sigmoid(x), [[]], [4, 6 + 2]],
    ["equal factors are two edges", (x = tensor(0)) => mul(x, x), [[]], [1, 5]],
    ["a square is one", (x = tensor(0)) => square(x), [[]], [1, 4]],
    ["a stopped derivative has a price", (x = tensor(0)) => add(x, exp(stopGradient(x))), [[]], [2, 2 + 2]],
    [
      "a selection passes the derivative twice",
      (x = tensor(0)) => where(greater(x, 0), x, mul(x, 2)),
      [[]],
      [3, 3 + 2 + 4],
    ],
    ["moving is free", (x = tensor(0)) => sum(conv2d(x, zeros([1, 1, 1, 1]))), [[1, 1, 2, 2]], [7, 4 * 3 + 3 * 5]],
  ])("%s", (_says, f, shapes, [evaluate, backward]) => {
    const { model } = report(f, shapes);
    expect([model.evaluate, model.backward]).toEqual([evaluate, backward]);
  });

  test("does not count the padding of a window", () => {
    const pool: Scalar = (x = tensor(0)) => sum(maxPool2d(x, { window: 2, stride: 2, padding: 1 }));
    // 4 windows that see 1 cell each, and 3 additions.
    expect(report(pool, [[1, 1, 2, 2]]).model.evaluate).toBe(3);
    const convolve: Scalar = (x = tensor(0), w = tensor(0)) => sum(conv2d(x, w, { padding: 1 }));
    // 9 outputs; 16 meetings of a pixel with the filter; so 16 products, 7 additions inside, 8 outside.
    expect(
      report(convolve, [
        [1, 1, 2, 2],
        [1, 1, 2, 2],
      ]).model.evaluate,
    ).toBe(16 + 7 + 8);
  });

  test("counts inside checkpoint and inside functions with a derivative of their own", () => {
    const f = (x: Tensor): Tensor => sum(exp(x));
    const plain = report(f as Scalar, [[5]]).model;
    expect(report(checkpoint(f) as Scalar, [[5]]).model).toEqual(plain);
    const rules = {
      vjp: ([x]: readonly Tensor[], _y: Tensor, gy: Tensor) => [mul(gy, exp(x as Tensor))],
      jvp: ([x]: readonly Tensor[], _y: Tensor, [dx]: readonly Tensor[]) => sum(mul(dx as Tensor, exp(x as Tensor))),
    };
    const own = customDerivative(f, rules as never);
    expect(report(own as unknown as Scalar, [[5]]).model.evaluate).toBe(plain.evaluate);
  });

  test("labels and keys are no inputs of a derivative, and what depends on them alone is still counted", () => {
    const labels = tensor([1, 0], { dtype: "i32" });
    const { directions, model } = costReport((x: Tensor, l: Tensor) => crossEntropy(x, l), [zeros([2, 3]), labels]);
    expect(directions).toBe(6);
    expect(model.backwardRatio).toBeLessThan(model.omegaB);
    const noisy = (x: Tensor, k: Tensor): Tensor => sum(mul(x, exp(randomUniform(k, [4]))));
    // 4 exponentials without edges, 4 products with one, 3 additions with two.
    const { model: drawn } = costReport(noisy, [zeros([4]), key(1)]);
    expect([drawn.evaluate, drawn.backward]).toEqual([11, 4 + 4 * 3 + 3 * 5]);
  });

  test("follows its prices", () => {
    const f: Scalar = (x = tensor(0)) => sum(relu(mul(x, x)));
    const { model, prices } = report(f, [[3]], { prices: { nonlinear: 10, mul: 2 } });
    expect(prices).toEqual({ add: 1, mul: 2, nonlinear: 10 });
    expect([model.evaluate, model.backward]).toEqual([3 * 12 + 2, 3 * (2 + 6) + 3 * (10 + 3) + 2 * (1 + 6)]);
  });
});

describe("the engine count", () => {
  test("adds up the simplified programs by class", () => {
    const { engine } = report((x = tensor(0)) => sum(relu(x)), [[10]]);
    const none = { mul: 0, add: 0, div: 0, cmp: 0, nonlinear: 0, move: 0 };
    expect(engine.evaluate).toEqual({ ...none, add: 9, cmp: 10, total: 19 });
    // relu, its weights from two branches, and the cotangents of 1 times them.
    expect(engine.backward).toEqual({ ...none, add: 9, cmp: 30, mul: 10, total: 49 });
    expect(engine.backwardRatio).toBe(49 / 19);
    expect(engine.forward.total).toBe(58);
  });

  test("counts equal parts once, and what nothing needs not at all", () => {
    const f: Scalar = (x = tensor(0)) => {
      exp(mul(x, 3));
      return sum(add(exp(x), exp(x)));
    };
    expect(report(f, [[2]]).engine.evaluate).toMatchObject({ nonlinear: 2, add: 3, mul: 0, total: 5 });
  });

  test("counts what is only moved apart", () => {
    const f: Scalar = (x = tensor(0)) => sum(relu(maxPool2d(x, { window: 2 })));
    const { evaluate, backward } = report(f, [[1, 1, 4, 4]]).engine;
    expect(evaluate.move).toBe(0);
    expect(backward.move).toBeGreaterThan(0);
    const { move, total, ...work } = backward;
    expect(Object.values(work).reduce((a, b) => a + b)).toBe(total);
    expect(move).toBeGreaterThan(0);
  });

  test("is the same for every selection without draws", () => {
    const f: Scalar = (x = tensor(0)) => sum(relu(x));
    const totals = [last, uniform].map((relu) => report(f, [[9]], { select: { relu } }).engine.backward.total);
    expect(new Set(totals).size).toBe(1);
  });
});

describe("the shares", () => {
  const f: Scalar = (x = tensor(0), w = tensor(0)) =>
    sum(atSite("block", () => relu(matmul(x, w, { site: "linear" }), { site: "act" })));

  test("add up to the whole", () => {
    const { rows, model, engine } = report(
      f,
      [
        [2, 3],
        [3, 4],
      ],
      { wrt: [0, 1] },
    );
    const total = (read: (row: CostReport["rows"][number]) => number): number =>
      rows.reduce((sofar, row) => sofar + read(row), 0);
    expect(total((row) => row.model.evaluate)).toBe(model.evaluate);
    expect(total((row) => row.model.backward)).toBe(model.backward);
    expect(total((row) => row.engine.evaluate.total)).toBe(engine.evaluate.total);
    expect(total((row) => row.engine.backward.total)).toBe(engine.backward.total);
  });

  test("know their operation and their site, backward too", () => {
    const { rows } = report(
      f,
      [
        [2, 3],
        [3, 4],
      ],
      { wrt: [0, 1] },
    );
    expect(rows.map(({ name, site }) => `${name}@${site}`)).toContain("matmul@block/linear");
    const weights = rows.find(({ name }) => name === "tieWeights");
    expect(weights).toMatchObject({ site: "block/act", model: { evaluate: 0, backward: 0 } });
    expect(weights?.engine.backward.cmp).toBe(16);
  });
});

describe("bad questions", () => {
  const f = (x: Tensor): Tensor => sum(x);
  test.each<[string, string, () => unknown]>([
    ["a result that is no scalar", "shape", () => costReport((x: Tensor) => relu(x), [zeros([2])])],
    ["an argument that does not exist", "domain", () => costReport(f, [zeros([2])], { wrt: 1 })],
    ["a free addition", "domain", () => costReport(f, [zeros([2])], { prices: { add: 0 } })],
    ["an infinite price", "domain", () => costReport(f, [zeros([2])], { prices: { mul: Infinity } })],
    ["a price of something unknown", "domain", () => costReport(f, [zeros([2])], { prices: wrong({ div: 1 }) })],
    ["an unknown option", "domain", () => costReport(f, [zeros([2])], wrong({ price: {} }))],
    ["no list of arguments", "data", () => costReport(f, wrong(zeros([2])))],
    ["an unknown selection", "selection", () => costReport(f, [zeros([2])], { select: { reluu: last } })],
  ])("%s", (_says, code, ask) => {
    expect(errorOf(ask).code).toBe(code);
  });
});

describe("cost", () => {
  test("is the histogram of what is recorded, derivatives included", () => {
    const f = (x: Tensor): Tensor => sum(maximum(x, sub(x, 1)));
    expect(cost(f, [zeros([5])])).toEqual({ sub: 5, maximum: 5, add: 4 });
    expect(cost(grad(f), [zeros([5])])).toEqual({ sub: 5, maximum: 5, equal: 20, add: 9, scaleBy: 10 });
  });

  test("of a product of n numbers is n - 1 products", () => {
    for (const n of [1, 2, 7]) expect(cost((x: Tensor) => prod(x), [zeros([n])]).mul ?? 0).toBe(n - 1);
  });

  test("of a program is that of its function", () => {
    const f = (x: Tensor): Tensor => sum(exp(x));
    expect(cost(trace(f, [zeros([3])]), [zeros([3])])).toEqual(cost(f, [zeros([3])]));
  });
});
