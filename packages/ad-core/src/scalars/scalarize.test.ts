import { describe, expect, test } from "vitest";
import { errorOf, refuses } from "../../laws/refusals.ts";
import { isTrue } from "../door/interpreter.ts";
import { scalarKinks } from "../kinks/scalarKinks.ts";
import * as ad from "../primitives/index.ts";
import { trace } from "../programs/trace.ts";
import { arange, ones } from "../tensors/create.ts";
import { type Tensor, tensor } from "../tensors/tensor.ts";
import { checkpoint, customDerivative } from "../transforms/operations.ts";
import { grad } from "../transforms/reverse.ts";
import { flatten } from "./flatten.ts";
import { instructionsOf } from "./instructions.ts";
import { scalarize } from "./scalarize.ts";

const { add, argmax, cast, conv2d, greater, matmul, maxPool2d, mul, relu, reshape, softmax, square, sum } = ad;

const tally = (f: (...args: Tensor[]) => unknown, args: Tensor[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { name } of instructionsOf(scalarize(f, args))) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

/** Numbers that neither tie nor repeat. */
const spread = (...shape: number[]): Tensor =>
  reshape(tensor(Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => ((i * 37) % 23) / 7 - 1.3)), shape);

const kernels: readonly [string, (...x: Tensor[]) => Tensor, Tensor[], Record<string, number>][] = [
  ["sum", (x) => sum(x), [spread(5)], { add: 4 }],
  ["matmul", (x, y) => matmul(x, y), [spread(2, 3), spread(3, 2)], { mul: 12, add: 8 }],
  ["conv2d without padding", (x, y) => conv2d(x, y), [spread(1, 1, 3, 3), spread(1, 1, 2, 2)], { mul: 16, add: 12 }],
  [
    "conv2d with padding, which leaves nothing",
    (x, y) => conv2d(x, y, { padding: 1 }),
    [spread(1, 1, 2, 2), spread(1, 1, 3, 3)],
    { mul: 16, add: 12 },
  ],
  ["maxPool2d", (x) => maxPool2d(x, { window: 2 }), [spread(1, 1, 4, 4)], { maximum: 12 }],
  ["relu", (x) => relu(x), [spread(3)], { relu: 3 }],
];

describe.each(kernels)("%s", (_name, f, args, counts) => {
  const program = scalarize(f, args);

  test("becomes the instructions that its cost counts", () => {
    expect(tally(f, args)).toEqual(counts);
  });

  test("has the values and the gradient of the engine, here and elsewhere", () => {
    const y = f(...args);
    const row = add(arange(y.data.length), 1);
    const weighted = (...x: Tensor[]): Tensor => sum(mul(f(...x), reshape(row, y.shape)));
    const wrt = args.map((_, i) => i);
    for (const scale of [1, -2]) {
      const place = args.map((x) => mul(x, scale));
      const point = program.at(place.flatMap((x) => [...x.data]));
      expect([...point.outputs]).toEqual([...f(...place).data]);
      const expected = (grad(weighted, { wrt })(...place) as readonly Tensor[]).flatMap((g) => [...g.data]);
      const found = point.reverse(Array.from(point.outputs, (_, i) => i + 1));
      for (const [i, g] of found.entries()) expect(g).toBeCloseTo(expected[i] as number, 12);
    }
  });
});

test("softmax has the engine's values and gradient", () => {
  const x = spread(4);
  const f = (y: Tensor): Tensor => sum(mul(softmax(y), tensor([1, -2, 3, 5])));
  const point = scalarize(f, [x]).recorded;
  expect(point.outputs[0]).toBe(f(x).data[0]);
  for (const [i, g] of point.reverse().entries()) expect(g).toBeCloseTo(grad(f)(x).data[i] as number, 12);
});

describe("what does not depend on the arguments", () => {
  test("is computed, and leaves a constant only where it is used", () => {
    const program = scalarize((x: Tensor) => add(x, sum(square(tensor([1, 2])))), [tensor(1)]);
    expect([...instructionsOf(program)].map(({ name, isConstant }) => [name, isConstant])).toEqual([
      ["add", [false, true]],
    ]);
    expect(program.constants.length).toBe(1);
  });

  test("includes integer and bool arguments, and outputs may be constants", () => {
    const labels = tensor([1, 0], { dtype: "i32" });
    const program = scalarize((x: Tensor, y: Tensor) => [mul(x, cast(y, "f64")), tensor(7)], [tensor([3, 4]), labels]);
    expect(program.inputs.length).toBe(2);
    expect([...program.recorded.outputs]).toEqual([3, 0, 7]);
  });
});

test("a branch leaves a guard", () => {
  const program = scalarize((x: Tensor) => (isTrue(greater(x, 0)) ? square(x) : x), [tensor(3)]);
  expect(program.at([5]).reverse()[0]).toBe(10);
  expect(errorOf(() => program.at([-1])).code).toBe("guard");
});

describe("a kernel that looks at numbers", () => {
  const sorted = scalarize((x: Tensor, y: Tensor) => mul(ad.sort(x), y), [tensor([3, 1, 2]), tensor([1, 2, 3])]);

  test("records what it did, and may be differentiated there", () => {
    expect([...sorted.recorded.outputs]).toEqual([1, 4, 9]);
    expect([...sorted.recorded.reverse([1, 1, 1])]).toEqual([3, 1, 2, 1, 2, 3]);
  });

  test("stops a run at other numbers, and no run at other arguments that it did not look at", () => {
    expect([...sorted.at([3, 1, 2, 5, 5, 5]).outputs]).toEqual([5, 10, 15]);
    expect(() => sorted.at([1, 2, 3, 1, 2, 3])).toThrow(expect.objectContaining({ code: "guard" }));
    expect(() => flatten(sorted).at([1, 2, 3, 1, 2, 3])).toThrow("a number that a kernel looked at");
    expect(scalarKinks(sorted, [1, 2, 3, 1, 2, 3]).status).toBe(-1);
  });

  test("that chooses by them does so too", () => {
    const program = scalarize((x: Tensor) => mul(x, cast(argmax(x, { axis: 0 }), "f64")), [tensor([1, 9, 3])]);
    expect([...program.at([1, 9, 3]).outputs]).toEqual([1, 9, 3]);
    expect(() => program.at([9, 1, 3])).toThrow(expect.objectContaining({ code: "guard" }));
  });
});

test("conditions are 0 and 1, whatever they were made of", () => {
  const program = scalarize((x: Tensor) => cast(ad.and(cast(x, "bool"), greater(x, -5)), "f64"), [tensor([3, 0, -2])]);
  expect([...program.recorded.outputs]).toEqual([1, 0, 1]);
});

test("sites are kept, also by kernels", () => {
  const program = scalarize((x: Tensor) => relu(sum(x, { site: "total" }), { site: "end" }), [ones([3])]);
  expect([...instructionsOf(program)].map(({ site }) => site)).toEqual(["total", "total", "end"]);
});

test("stopGradient stops, and a checkpoint is what it contains", () => {
  const program = scalarize(
    (x: Tensor) => mul(checkpoint((y: Tensor) => square(y))(x), ad.stopGradient(x)),
    [tensor(3)],
  );
  expect([program.at([2]).outputs[0], program.at([2]).reverse()[0]]).toEqual([8, 8]);
});

describe("refusals", () => {
  const levelInside = (x: Tensor): number => scalarize((y: Tensor) => mul(x, y), [tensor(1)]).level;
  const custom = customDerivative((x: Tensor) => square(x), { vjp: () => (gy: Tensor) => [gy] } as never);
  refuses("dtype", [
    ["an argument of 32 bits", "scalarize", () => scalarize((x: Tensor) => x, [tensor(1, { dtype: "f32" })])],
    ["a cast to 32 bits inside", "scalarize", () => scalarize((x: Tensor) => cast(x, "f32"), [tensor(1)])],
  ]);
  refuses("escaped", [
    ["reading numbers", "data", () => scalarize((x: Tensor) => x.data[0] as never, [tensor(1)])],
    ["an outer tensor", "scalarize", () => grad((x: Tensor) => mul(x, levelInside(x)))(tensor(1))],
  ]);
  test("a derivative of one's own", () => {
    const recorded = trace((x: Tensor) => custom(x) as Tensor, [tensor(1)]);
    for (const f of [custom, recorded] as ((x: Tensor) => unknown)[])
      expect(errorOf(() => scalarize(f, [tensor(1)])).code).toBe("unsupported");
  });
});
