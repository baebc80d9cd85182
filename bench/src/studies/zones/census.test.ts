import {
  add,
  avgPool2d,
  cast,
  conv2d,
  type DType,
  first,
  grad,
  last,
  maxPool2d,
  mul,
  reference,
  relu,
  reshape,
  sum,
  type Tensor,
  type Tree,
  tensor,
  trace,
} from "@nonsmooth/ad-core";
import { stepAt } from "@nonsmooth/ad-core/machines";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Counts, causeOf, censusOf, noCounts } from "./census.ts";
import type { KinkedStep } from "./forward.ts";
import { stepsCalled } from "./patches.ts";

type Net = (args: readonly [Tensor, Tensor, Tensor]) => Tensor;

/** A convolution, a bias, a relu, a pooling. */
const small: Net = ([weight, bias, x]) =>
  maxPool2d(relu(add(conv2d(x, weight), reshape(bias, [1, 1, 1, 1]))), { window: 2 });

function censusFor(net: Net, args: readonly [Tensor, Tensor, Tensor], isFlatAtZero = true): Counts[] {
  const wide = args.map((x) => cast(x, "f64")) as unknown as readonly [Tensor, Tensor, Tensor];
  const [program, wideProgram] = [args, wide].map((at) =>
    trace((...leaves: Tensor[]) => sum(net(leaves as never)), [...at]),
  );
  const of = (one: typeof program): KinkedStep[] =>
    stepsCalled(one as never, "maxPool2d").map((index) => ({
      index,
      name: "maxPool2d",
      site: "",
      form: "row" as const,
    }));
  const settings = { kinks: of(program), wideKinks: of(wideProgram), isFlatAtZero, machine: reference(), x: 2 };
  const census = censusOf({
    ...settings,
    ...{ program: program as never, wideProgram: wideProgram as never, args: args as never, wideArgs: wide as never },
  });
  return census(args as unknown as readonly Tree[], wide as unknown as readonly Tree[], wide[2]);
}

const image = (rows: readonly (readonly number[])[], dtype: DType = "f64"): Tensor =>
  tensor(rows.flat(), { shape: [1, 1, rows.length, rows[0]?.length ?? 0], dtype });
const kernel = (cells: readonly number[], dtype: DType = "f64"): Tensor =>
  tensor([...cells], { shape: [1, 1, 1, cells.length], dtype });
const number = (value: number, dtype: DType = "f64"): Tensor => tensor([value], { dtype });

const counts = (changes: Partial<Counts>): Counts => ({ ...noCounts(), elements: 1, ...changes });

describe("a window of four cells, each made of two pixels", () => {
  test.each<[string, number[][], number[], number, Partial<Counts>]>([
    [
      "none tie",
      [
        [0, 1, 2],
        [0, 0, 0],
      ],
      [1, 1],
      0,
      {},
    ],
    [
      "all are off",
      [
        [1, 2, 1],
        [1, 2, 1],
      ],
      [-1, -1],
      0,
      { zero: 1 },
    ],
    [
      "two are made of the same pixels",
      [
        [1, 1, 1],
        [0, 0, 0],
      ],
      [1, 3],
      0,
      { identical: 1 },
    ],
    [
      "two are equal by chance",
      [
        [1, 2, 1],
        [0, 0, 0],
      ],
      [1, 1],
      0,
      { candidate: 1 },
    ],
    [
      "two of three are the same, one is equal by chance",
      [
        [1, 2, 1],
        [1, 2, 0],
      ],
      [1, 1],
      0,
      { candidate: 1 },
    ],
  ])("%s", (_says, rows, weights, bias, expected) => {
    expect(censusFor(small, [kernel(weights), number(bias), image(rows)])).toEqual([counts(expected)]);
  });

  test("two that 16 bits cannot tell apart are undecided", () => {
    const rows = [
      [1, 0, 1.0009765625],
      [0, 0, 0],
    ];
    const args = [kernel([0.5, 0.5], "f16"), number(64, "f16"), image(rows, "f16")] as const;
    expect(censusFor(small, args)).toEqual([counts({ undecided: 1 })]);
  });

  test("zeros are harmless only where nothing passes through the relu", () => {
    const args = [
      kernel([-1, -1]),
      number(0),
      image([
        [0, 0, 0],
        [0, 0, 0],
      ]),
    ] as const;
    expect(censusFor(small, args)).toEqual([counts({ zero: 1 })]);
    expect(censusFor(small, args, false)).toEqual([counts({ identical: 1 })]);
    const others = [
      kernel([1, 1]),
      number(0),
      image([
        [0, 0, 0],
        [1, -1, 1],
      ]),
    ] as const;
    expect(censusFor(small, others, false)).toEqual([counts({ candidate: 1 })]);
  });
});

describe("cells deep inside", () => {
  const pixels = [
    [2, 0, 2, 1],
    [0, 0, 0, 0],
  ];
  const twice =
    (pool: (x: Tensor) => Tensor): Net =>
    ([weight, bias, x]) =>
      maxPool2d(add(mul(pool(x), bias), mul(pool(x), reshape(weight, [1, 1, 1, 1]))), { window: [1, 2] });

  test("two poolings are the same when their largest cells are, whatever the smaller ones are", () => {
    const args = [number(3), tensor(1), image(pixels)] as const;
    expect(
      censusFor(
        twice((x) => maxPool2d(x, { window: 2 })),
        args,
      )[2],
    ).toEqual(counts({ identical: 1 }));
  });

  test("what is not understood is never the same", () => {
    const same = [
      [2, 0, 2, 0],
      [0, 0, 0, 0],
    ];
    expect(
      censusFor(
        twice((x) => avgPool2d(x, { window: 2 })),
        [number(3), tensor(1), image(same)],
      ),
    ).toEqual([counts({ candidate: 1 })]);
  });

  test("a border makes cells different that are made of equal pixels", () => {
    const padded: Net = ([weight, , x]) => maxPool2d(conv2d(x, weight, { padding: [0, 1] }), { window: [1, 5] });
    const args = [kernel([1, 1]), number(0), image([[1, 0, 0, 1]])] as const;
    expect(censusFor(padded, args)).toEqual([counts({ candidate: 1 })]);
    const inside = [kernel([1, 1]), number(0), image([[1, 1, 1, 1]])] as const;
    expect(censusFor(padded, inside)).toEqual([counts({ identical: 1 })]);
  });
});

test("where all ties are harmless, the first and the last largest cell give the same gradient, exactly", () => {
  const few = fc.integer({ min: -1, max: 1 });
  const cells = (count: number) => fc.array(few, { minLength: count, maxLength: count });
  const net: Net = ([weight, bias, x]) => {
    const inner = maxPool2d(relu(add(conv2d(x, weight), reshape(bias, [1, 1, 1, 1]))), { window: 2 });
    return maxPool2d(relu(conv2d(inner, weight)), { window: [1, 2] });
  };
  let [harmless, different] = [0, 0];
  fc.assert(
    fc.property(cells(2), few, cells(4 * 11), (weights, bias, pixels) => {
      const x = tensor(pixels, { shape: [1, 1, 4, 11], dtype: "f64" });
      const args = [kernel(weights), number(bias), x] as const;
      const found = censusFor(net, args);
      const gradients = [first, last].map((choice) =>
        grad((w: Tensor, b: Tensor) => sum(net([w, b, x])), { wrt: [0, 1], select: { maxPool2d: choice } })(
          args[0],
          args[1],
        ),
      );
      const isHarmless = found.every(({ candidate, undecided }) => candidate + undecided === 0);
      const isSame = JSON.stringify(gradients[0]) === JSON.stringify(gradients[1]);
      if (isHarmless) harmless++;
      if (!isSame) different++;
      return !isHarmless || isSame;
    }),
  );
  expect(Math.min(harmless, different)).toBeGreaterThan(0);
});

test.each([
  ["none", false, counts({ candidate: 3 })],
  ["rounding", true, counts({ zero: 3, identical: 1 })],
  ["candidate", true, counts({ candidate: 1, undecided: 5 })],
  ["undecided", true, counts({ undecided: 1 })],
] as const)("the cause %s", (cause, differs, count) => {
  expect(causeOf(differs, [noCounts(), count])).toBe(cause);
});

test("steps are those of one name", () => {
  const program = trace((x: Tensor) => relu(add(relu(x), 1)), [number(1)]);
  expect(stepsCalled(program, "relu").map((i) => stepAt(program, i).primitive.name)).toEqual(["relu", "relu"]);
});
