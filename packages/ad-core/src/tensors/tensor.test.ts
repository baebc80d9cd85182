import { describe, expect, test } from "vitest";
import { errorOf } from "../../laws/refusals.ts";
import { type Data, type DType, dtypes } from "../dtypes/dtype.ts";
import type { AdErrorCode } from "../errors/adError.ts";
import { isTensor, type Nested, type TensorOptions, tensor } from "./tensor.ts";

/** 1, 2, ..., nested as deep as the shape says. */
function nested(shape: readonly number[], counter = { next: 1 }): Nested {
  if (shape.length === 0) return counter.next++ % 2 === 1;
  return Array.from({ length: shape[0] as number }, () => nested(shape.slice(1), counter));
}

describe("the shape", () => {
  test("is found from the nesting", () => {
    const cases: readonly (readonly [Nested, number[]])[] = [
      [5, []],
      [true, []],
      [[], [0]],
      [
        [[], []],
        [2, 0],
      ],
      [[1, 2, 3], [3]],
      [
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
        [3, 2],
      ],
      [
        [[[1]], [[2]]],
        [2, 1, 1],
      ],
    ];
    expect(cases.map(([data]) => tensor(data).shape)).toEqual(cases.map(([, shape]) => shape));
  });

  test("may be given, for lists and typed arrays of as many elements", () => {
    expect(tensor([1, 2, 3, 4], { shape: [2, 2] }).shape).toEqual([2, 2]);
    expect(tensor(7, { shape: [1, 1, 1] }).shape).toEqual([1, 1, 1]);
    expect(tensor([7], { shape: [] }).shape).toEqual([]);
    expect(tensor(new Float32Array(6), { shape: [3, 2] }).shape).toEqual([3, 2]);
    expect(tensor([], { shape: [4, 0, 2] }).shape).toEqual([4, 0, 2]);
    expect(tensor(new Int32Array(3)).shape).toEqual([3]);
  });

  test("is copied", () => {
    const shape = [2, 1];
    const x = tensor([1, 2], { shape });
    shape[0] = 9;
    expect(x.shape).toEqual([2, 1]);
  });

  const refused: readonly (readonly [string, () => unknown, AdErrorCode])[] = [
    ["a row that is shorter", () => tensor([[1, 2], [3]]), "shape"],
    ["a row that is longer", () => tensor([[1], [2, 3]]), "shape"],
    ["a number among rows", () => tensor([[1], 2]), "shape"],
    ["a row among numbers", () => tensor([1, [2]]), "shape"],
    ["a deeper row", () => tensor([[1], [[2]]]), "shape"],
    ["seven axes", () => tensor([[[[[[[1]]]]]]]), "shape"],
    ["a given shape of seven axes", () => tensor([1], { shape: [1, 1, 1, 1, 1, 1, 1] }), "shape"],
    ["a shape of too many elements", () => tensor([1, 2, 3], { shape: [2, 2] }), "shape"],
    ["a shape of too few elements", () => tensor([1, 2, 3], { shape: [2] }), "shape"],
    ["a negative size", () => tensor([1, 2], { shape: [-1, -2] }), "shape"],
    ["half a size", () => tensor([1, 2], { shape: [0.5, 4] }), "shape"],
    ["a string", () => tensor("1" as never), "data"],
    ["null", () => tensor(null as never), "data"],
    ["undefined", () => tensor(undefined as never), "data"],
    ["an object", () => tensor({ length: 1 } as never), "data"],
    ["a bigint among numbers", () => tensor([1, 2n] as never), "data"],
    ["a tensor among numbers", () => tensor([1, tensor(2)] as never), "data"],
    ["a promise", () => tensor(Promise.resolve(1) as never), "data"],
    ["an unknown dtype", () => tensor([1], { dtype: "f8" as DType }), "dtype"],
    ["a dtype that is a property of every object", () => tensor([1], { dtype: "valueOf" as DType }), "dtype"],
  ];
  test.each(refused)("%s is refused", (_says, body, code) => {
    expect(errorOf(body)).toMatchObject({ code, where: "tensor" });
  });

  test("errors carry the shape and the number of elements", () => {
    expect(errorOf(() => tensor([1, 2, 3], { shape: [2, 2] })).details).toMatchObject({
      expected: "3 elements",
      shapes: [[2, 2]],
    });
    expect(errorOf(() => tensor([1, "2"] as never)).details).toMatchObject({ got: "string at position 1" });
  });
});

describe("the numbers", () => {
  test("are in row-major order", () => {
    expect(
      Array.from(
        tensor([
          [1, 2],
          [3, 4],
        ]).data,
      ),
    ).toEqual([1, 2, 3, 4]);
  });

  test("are copied from lists and from typed arrays of the same kind", () => {
    const list = [1, 2];
    const arrays: Data[] = [
      new Float64Array([1, 2]),
      new Float32Array([1, 2]),
      new Int32Array([1, 2]),
      new Uint8Array([1, 2]),
    ];
    const options: TensorOptions[] = [{}, { dtype: "f32" }, { dtype: "i32" }, { dtype: "f64" }];
    const made = [tensor(list), ...arrays.map((array, i) => tensor(array, options[i]))];
    list[0] = 9;
    for (const array of arrays) array[0] = 9;
    expect(made.map((x) => Array.from(x.data))).toEqual(Array(5).fill([1, 2]));
  });

  test("are f64 unless a dtype is given, and conditions when the first is a boolean", () => {
    expect(tensor(1).dtype).toBe("f64");
    expect(tensor(new Float32Array(1)).dtype).toBe("f64");
    expect(tensor([true, false]).dtype).toBe("bool");
    expect(tensor([[false]]).dtype).toBe("bool");
    expect(tensor([]).dtype).toBe("f64");
    expect([tensor(true, { dtype: "f16" }).dtype, Array.from(tensor(true, { dtype: "f16" }).data)]).toEqual([
      "f16",
      [1],
    ]);
  });

  test("are rounded once to the dtype", () => {
    const given = [0.1, 2049, NaN, -0];
    const found = dtypes.map((dtype) => Array.from(tensor(given, { dtype }).data));
    expect(found).toEqual([
      [0.1, 2049, NaN, -0],
      [Math.fround(0.1), 2049, NaN, -0],
      [0.0999755859375, 2048, NaN, -0],
      [0.10009765625, 2048, NaN, -0],
      [0, 2049, 0, 0],
      [1, 1, 1, 0],
    ]);
  });
});

describe("rank 0 to 6 in all dtypes", () => {
  const shapes = [[], [2], [2, 3], [2, 1, 3], [1, 2, 1, 2], [2, 1, 1, 2, 1], [1, 2, 1, 1, 2, 1]];
  const cases = shapes.flatMap((shape) => dtypes.map((dtype) => [shape, dtype] as const));
  test.each(cases)("shape [%s] in %s", (shape, dtype) => {
    const x = tensor(nested(shape), { dtype });
    const size = shape.reduce((a, b) => a * b, 1);
    expect([x.shape, x.dtype]).toEqual([shape, dtype]);
    expect(Array.from(x.data)).toEqual(Array.from({ length: size }, (_, i) => (i + 1) % 2));
  });
});

test("prints dtype, shape and numbers", () => {
  expect(String(tensor([[1, 2]], { dtype: "f16" }))).toBe("f16[1, 2] 1 2");
});

test("only tensors are tensors", () => {
  expect(isTensor("me", tensor(1))).toBe(true);
  const others = [
    1,
    null,
    undefined,
    "x",
    [1],
    {},
    { shape: [], dtype: "f64", data: [1] },
    { brand: "mine" },
    new Float64Array(1),
  ];
  expect(others.map((value) => isTensor("me", value))).toEqual(others.map(() => false));
});
