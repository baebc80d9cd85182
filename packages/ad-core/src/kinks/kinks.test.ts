import { describe, expect, test } from "vitest";
import { errorOf, wrong } from "../../laws/refusals.ts";
import {
  abs,
  add,
  argmax,
  cast,
  checkpoint,
  clamp,
  compile,
  div,
  elementary,
  equal,
  exp,
  first,
  floor,
  grad,
  greater,
  isTrue,
  type KinkedInstruction,
  type KinkOptions,
  type KinkReport,
  kinks,
  leakyRelu,
  less,
  log,
  matmul,
  max,
  maximum,
  maxPool2d,
  min,
  minimum,
  mul,
  neg,
  norm1,
  norm2,
  normInf,
  pow,
  programFromJson,
  programToJson,
  reference,
  relu,
  relu6,
  sign,
  softmax,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  trace,
  watchKinks,
  where,
} from "../index.ts";

type Scalar = (x: Tensor) => Tensor;
const at = (f: Scalar, x: unknown, options: KinkOptions = {}): KinkReport =>
  kinks(f as never, [tensor(x as number)] as never, options as never);
const only = ({ kinks: list }: KinkReport): KinkedInstruction => {
  expect(list).toHaveLength(1);
  return list[0] as KinkedInstruction;
};

describe("ties", () => {
  test.each<[string, Scalar, unknown, string, number[], number[], number]>([
    ["relu", (x) => relu(x), [1, 0, -1], "relu", [1], [0, 0], 2],
    ["relu at -0", (x) => relu(x), [-0], "relu", [0], [0, -0], 2],
    ["leakyRelu", (x) => leakyRelu(x, 0.5), 0, "leakyRelu", [], [0, 0], 2],
    ["relu6 at 6", (x) => relu6(x), [6], "relu6.high", [0], [6, 6], 2],
    ["clamp at low", (x) => clamp(x, { low: -1, high: 3 }), [-1, 0], "clamp.low", [0], [-1, -1], 2],
    ["abs", (x) => abs(x), [[2], [0]], "abs", [1, 0], [-0, 0], 2],
    ["norm1", (x) => norm1(x), [3, 0], "norm1", [1], [-0, 0], 2],
    ["maximum", (x) => maximum(x, 4), [4, 5], "maximum", [0], [4, 4], 2],
    ["minimum", (x) => minimum(x, 4), [3, 4], "minimum", [1], [4, 4], 2],
    ["max", (x) => max(x), [3, 1, 3, 3], "max", [], [3, 1, 3, 3], 3],
    [
      "max along an axis",
      (x) => max(x, { axes: 1 }),
      [
        [1, 2],
        [5, 5],
      ],
      "max",
      [1],
      [5, 5],
      2,
    ],
    ["min", (x) => min(x), [3, 1, 1], "min", [], [3, 1, 1], 2],
    ["normInf", (x) => normInf(x), [3, -3, 1], "normInf", [], [-3, 3, -1, 3, -3, 1], 2],
  ])("of %s are found with their element and branches", (_says, f, x, name, index, branches, ties) => {
    const report = at(f, x);
    expect(report.status).toBe(1);
    expect(report.meaning).toMatch(/tie/);
    const { places, ...kink } = only(report);
    expect(kink).toMatchObject({ name, type: "tie", count: 1 });
    expect(places).toEqual([{ index, branches, ties }]);
  });

  test("of a pooling window do not count the padding", () => {
    const image = tensor([
      [
        [
          [-1, 2],
          [3, 3],
        ],
      ],
    ]);
    const pool = (x: Tensor): Tensor => maxPool2d(x, { window: 2, stride: 1, padding: 1 });
    const { places } = only(kinks(pool, [image]));
    // The windows below and to the right see fewer cells of the image: two of them see both threes.
    expect(places.map(({ index, ties }) => [index, ties])).toEqual([
      [[0, 0, 1, 1], 2],
      [[0, 0, 2, 1], 2],
    ]);
    expect(places[1]?.branches.filter((value) => value === 3)).toHaveLength(2);
  });

  test("carry the site and the number of the instruction", () => {
    const f = (x: Tensor): Tensor => relu(relu(mul(x, 2), { site: "a" }), { site: "b" });
    expect(at(f, 0).kinks.map(({ site, position }) => [site, position])).toEqual([
      ["a", 1],
      ["b", 2],
    ]);
  });

  test("are counted all and listed up to the limit", () => {
    const { count, places } = only(at((x) => relu(x), Array(250).fill(0)));
    expect([count, places.length]).toEqual([250, 100]);
    expect(only(at((x) => relu(x), Array(250).fill(0), { limit: 3 })).places).toHaveLength(3);
    expect(only(at((x) => relu(x), Array(250).fill(0), { limit: 0 })).places).toEqual([]);
  });

  test("of operations of one's own and inside checkpoint are found", () => {
    const hinge = elementary("me/hinge", {
      arity: 1,
      value: (m, a) => m.maximum(m.constant(0), m.sub(m.constant(1), a)),
      kink: {
        order: "max",
        default: first,
        branches: (m, a) => [m.constant(0), m.sub(m.constant(1), a)],
        partials: [(_m, mix) => mix(0, -1)],
      },
    });
    expect(only(at((x) => hinge(x), 1)).name).toBe("me/hinge");
    expect(only(at((x) => checkpoint((y: Tensor) => relu(y))(x), 0)).name).toBe("relu");
  });
});

describe("points and jumps", () => {
  test("a norm at 0 is a point", () => {
    expect(only(at((x) => norm2(x), [0, 0]))).toMatchObject({ type: "point", places: [{ branches: [0], ties: 0 }] });
    expect(at((x) => norm2(x), [0, 0]).status).toBe(1);
    expect(at((x) => norm2(x), [0, 1]).status).toBe(3);
  });

  test.each<[string, Scalar, unknown, string]>([
    ["sign", (x) => sign(x), 0, "sign"],
    ["floor", (x) => floor(x), 2, "floor"],
    ["floor of a large number", (x) => floor(x), 2 ** 52 + 1, "floor"],
    ["a comparison", (x) => where(greater(x, 1), x, 0), 1, "less"],
    ["less", (x) => cast(less(x, 1), "f64"), 1, "less"],
    ["equal", (x) => where(equal(x, 1), 5, x), 1, "equal"],
    ["argmax", (x) => cast(argmax(x, { axis: 0 }), "f64"), [4, 4], "argmax"],
    ["the derivative of a kink", grad((x: Tensor) => relu(x)), 0, "tieWeights"],
    ["the derivative of a maximum", grad((x: Tensor) => max(x)), [1, 1], "tieWeights"],
  ])("%s jumps", (_says, f, x, name) => {
    const report = at(f, x);
    expect(report.status).toBe(0);
    expect(report.kinks.filter(({ type }) => type === "jump").map((kink) => kink.name)).toEqual([name]);
  });

  test.each<[string, Scalar, unknown]>([
    ["sign", (x) => sign(x), 0.5],
    ["floor", (x) => floor(x), 2.5],
    ["floor just below", (x) => floor(x), 1.9999999],
    ["a comparison", (x) => where(greater(x, 1), x, 0), 2],
    ["argmax", (x) => cast(argmax(x, { axis: 0 }), "f64"), [4, 3]],
    ["a comparison of numbers", (x) => where(greater(tensor(0), 0), x, neg(x)), 2],
    ["a comparison of integers", (x) => where(equal(tensor(1, { dtype: "i32" }), 1), x, neg(x)), 2],
  ])("%s does not jump elsewhere", (_says, f, x) => {
    expect(at(f, x)).toMatchObject({ status: 3, kinks: [] });
  });
});

describe("what has no derivative", () => {
  test.each<[string, Scalar, unknown, string]>([
    ["a root at 0", (x) => sqrt(x), 0, "sqrt"],
    ["a logarithm at 0", (x) => log(x), [1, 0], "log"],
    ["a quotient by 0", (x) => div(1, x), 0, "div"],
    ["a power", (x) => pow(x, 0.5), 0, "pow"],
    ["a root inside of a square", (x) => square(sqrt(x)), 0, "sqrt"],
    ["an overflow", (x) => exp(x), 1000, "exp"],
  ])("%s", (_says, f, x, name) => {
    const report = at(f, x);
    expect(report.status).toBe(-2);
    expect(report.kinks.filter(({ type }) => type === "slope").map((kink) => kink.name)).toEqual([name]);
  });

  test("a result that is not finite", () => {
    expect(at((x) => add(x, Infinity), 1)).toMatchObject({ status: -2, kinks: [] });
    expect(at((x) => x, NaN).status).toBe(-2);
  });

  test("infinite numbers that only mask are no harm", () => {
    const mask = tensor([0, -Infinity, 0]);
    expect(at((x) => sum(mul(softmax(add(x, mask), { axis: 0 }), tensor([1, 2, 3]))), [1, 2, 3]).status).toBe(3);
  });
});

describe("the tolerance", () => {
  test("makes close branches tie, jumps and norms included", () => {
    const near = 1e-9;
    const cases: [Scalar, unknown][] = [
      [(x) => relu(x), near],
      [(x) => max(x), [1, 1 + near]],
      [(x) => norm2(x), [near, 0]],
      [(x) => floor(x), 3 - near],
      [(x) => floor(x), 3 + near],
      [(x) => sign(x), -near],
    ];
    for (const [f, x] of cases) {
      expect(at(f, x).status).toBe(3);
      expect(at(f, x, { tolerance: 1e-8 }).status).toBeLessThan(2);
    }
  });

  test.each([[{ tolerance: -1 }], [{ tolerance: NaN }], [{ limit: -1 }], [{ limit: 0.5 }], [{ tolerence: 1 }]])(
    "%j is refused",
    (options) => {
      expect(errorOf(() => at((x) => x, 1, wrong(options))).code).toBe("domain");
      expect(errorOf(() => watchKinks((x: Tensor) => x, [tensor(1)], wrong({ recordedAt: [1] }))).code).toBe("domain");
    },
  );
});

describe("against a recorded point", () => {
  const f = (x: Tensor): Tensor => relu(x);
  const branch = (x: Tensor): Tensor => (isTrue(greater(x, 0)) ? square(x) : neg(x));

  test("the same branches are 3, others are 2, ties are 1", () => {
    const status = (x: number): number => kinks(f, [tensor(x)], { recordedAt: [tensor(1)] }).status;
    expect([status(2), status(-2), status(0)]).toEqual([3, 2, 1]);
  });

  test("another winner among several is 2", () => {
    const pick = (x: Tensor): Tensor => max(x);
    const status = (x: number[]): number => kinks(pick, [tensor(x)], { recordedAt: [tensor([1, 2, 3])] }).status;
    expect([status([0, 0, 9]), status([9, 0, 0]), status([0, 9, 9])]).toEqual([3, 2, 1]);
  });

  test("a guard that differs is -1", () => {
    expect(kinks(branch, [tensor(-1)], { recordedAt: [tensor(1)] })).toMatchObject({ status: -1, kinks: [] });
    expect(kinks(branch, [tensor(2)], { recordedAt: [tensor(1)] }).status).toBe(3);
    // Without a recording the function is run where it is: no guard can differ.
    expect(kinks(branch, [tensor(-1)]).status).toBe(3);
  });

  test("a recorded program has guards, also when it was read from a file", () => {
    const program = trace(branch, [tensor(1)]);
    for (const recorded of [program, programFromJson(programToJson(program))])
      expect([
        kinks(recorded as never, [tensor(-1)] as never).status,
        kinks(recorded as never, [tensor(1)] as never).status,
      ]).toEqual([-1, 3]);
  });

  test("a guard on the edge is a jump", () => {
    expect(kinks(branch, [tensor(0)]).status).toBe(0);
  });

  test("other errors pass through", () => {
    expect(errorOf(() => kinks(f, [tensor([1])], { recordedAt: [tensor(1)] })).code).toBe("shape");
  });
});

describe("the report as a program", () => {
  const f = ({ w }: { w: Tensor }, x: Tensor): { y: Tensor } => ({
    y: sum(maxPool2d(relu(mul(w, x), { site: "act" }), { window: 2, padding: 1 })),
  });
  const x = tensor([
    [
      [
        [1, 1],
        [0, -2],
      ],
    ],
  ]);
  const w = tensor([
    [
      [
        [1, 1],
        [1, 1],
      ],
    ],
  ]);
  const args: [{ w: Tensor }, Tensor] = [{ w }, x];

  test("returns the value besides, and reads as the report", () => {
    const watched = watchKinks(f, args);
    const result = watched.program(...args);
    expect(result.value.y.data).toEqual(f(...args).y.data);
    expect(watched.report(result)).toEqual(kinks(f, args));
    expect(watched.report(result).kinks.map(({ name, count }) => [name, count])).toEqual([["relu", 1]]);
  });

  test("runs on a machine, and reads what it is given", () => {
    const watched = watchKinks((v: Tensor) => relu(v), [tensor([9, 9])]);
    const running = compile(watched.program, reference());
    const status = (v: number[]): number => watched.report(running.run([tensor(v)]) as never).status;
    expect([status([1, -1]), status([1, 0])]).toEqual([3, 1]);
  });
});

test("kinks of a matrix product are none, and of sums neither", () => {
  const report = kinks((a: Tensor, b: Tensor) => sum(matmul(a, b)), [tensor([[1, 2]]), tensor([[3], [4]])]);
  expect(report).toEqual({ status: 3, meaning: "smooth here", watched: 0, kinks: [] });
});

test("a report says how many instructions could have a kink", () => {
  expect(at((x) => relu(abs(sub(x, 1))), 5)).toMatchObject({ watched: 2, status: 3 });
});

test("inside a transform a report cannot be read", () => {
  const f = (x: Tensor): Tensor => {
    kinks((y: Tensor) => relu(y), [x]);
    return x;
  };
  expect(errorOf(() => grad(f)(tensor(0))).code).toBe("escaped");
});
