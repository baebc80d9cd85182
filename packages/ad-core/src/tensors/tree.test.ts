import { describe, expect, test } from "vitest";
import { AdError } from "../errors/adError.ts";
import { type Tensor, tensor } from "./tensor.ts";
import { checkForm, flattenTree } from "./tree.ts";

const leaves = (tree: unknown): number[] => flattenTree("me", tree).leaves.map((x) => x.data[0] as number);

const errorOf = (body: () => unknown): unknown => {
  try {
    return body();
  } catch (error) {
    return error instanceof AdError ? { code: error.code, where: error.where, got: error.details.got } : error;
  }
};

describe("taking a tree apart", () => {
  test("lists leaves in the order of arrays and of sorted keys", () => {
    expect(leaves({ b: 1, a: [2, 3], C: { z: 4, y: 5 } })).toEqual([5, 4, 2, 3, 1]);
    expect(leaves({ x10: 1, x9: 2 })).toEqual([1, 2]);
    expect(leaves([[], {}, 7])).toEqual([7]);
    expect(leaves(tensor(3))).toEqual([3]);
  });

  test("does not depend on the order in which keys were written", () => {
    expect(flattenTree("me", { a: 1, b: 2 }).form.text).toBe(flattenTree("me", { b: 2, a: 1 }).form.text);
  });

  test("makes scalars of plain numbers and keeps tensors as they are", () => {
    const x = tensor([1, 2], { dtype: "f16" });
    const found = flattenTree("me", [x, 5, -0]).leaves;
    expect(found[0]).toBe(x);
    expect(found.slice(1).map(({ shape, dtype }) => [shape, dtype])).toEqual([
      [[], "f64"],
      [[], "f64"],
    ]);
  });

  test("takes objects without prototype", () => {
    expect(leaves(Object.assign(Object.create(null), { b: 1, a: 2 }))).toEqual([2, 1]);
  });

  const bad: readonly (readonly [string, unknown, string])[] = [
    ["a string", "x", "string"],
    ["a boolean", true, "boolean"],
    ["undefined", undefined, "undefined"],
    ["null", null, "null"],
    ["a function", () => 1, "function"],
    ["a bigint", 1n, "bigint"],
    ["a typed array", new Float64Array(2), "Float64Array"],
    ["a map", new Map(), "Map"],
    ["a date", new Date(0), "Date"],
    ["an instance of a class", new (class Mine {})(), "Mine"],
  ];
  test.each(bad)("%s is no leaf, wherever it stands", (_says, value, got) => {
    for (const tree of [value, [1, value], { a: { b: value } }]) {
      expect(errorOf(() => flattenTree("me", tree))).toEqual({ code: "data", where: "me", got });
    }
  });

  test("a promise is no leaf, and the error says what to await", () => {
    expect(errorOf(() => flattenTree("me", { a: Promise.resolve(1) }))).toEqual({
      code: "unsupported",
      where: "me",
      got: "a promise",
    });
  });

  test("a hole in a list is no leaf", () => {
    expect(errorOf(() => flattenTree("me", [1, undefined, 2]))).toMatchObject({ code: "data" });
  });
});

describe("putting a tree together", () => {
  test("gives the same nesting around other leaves", () => {
    const { form } = flattenTree("me", { b: [1, { c: 2 }], a: 3, none: [], empty: {} });
    expect(form.size).toBe(3);
    expect(form.build(["x", "y", "z"])).toEqual({ a: "x", b: ["y", { c: "z" }], none: [], empty: {} });
  });

  test("gives back the tree itself from its own leaves", () => {
    const tree = { w: [tensor(1), tensor(2)], b: tensor(3) };
    const { form, leaves: found } = flattenTree("me", tree);
    const again = form.build(found) as { w: Tensor[]; b: Tensor };
    expect([again.w[0] === tree.w[0], again.w[1] === tree.w[1], again.b === tree.b]).toEqual([true, true, true]);
  });

  test("prints the form, with keys in quotes", () => {
    expect(flattenTree("me", { 'a"b': [1, 2], c: {} }).form.text).toBe('{"a\\"b":[*,*],"c":{}}');
    expect([[], {}, 1].map((tree) => flattenTree("me", tree).form.text)).toEqual(["[]", "{}", "*"]);
  });
});

describe("forms", () => {
  const check = (expected: unknown, got: unknown): unknown =>
    errorOf(() => checkForm("me", "the tangent", flattenTree("me", expected).form, flattenTree("me", got).form));

  test("are equal for the same keys and lengths", () => {
    expect(check({ a: 1, b: [2, 3] }, { b: [0, 0], a: 0 })).toBeUndefined();
  });

  test("differ for another key, length, nesting or kind", () => {
    const pairs = [
      [{ a: 1 }, { b: 1 }],
      [{ a: 1 }, { a: 1, b: 1 }],
      [[1, 2], [1]],
      [1, [1]],
      [[], {}],
      [{ 0: 1 }, [1]],
      [{ "a,b": 1 }, { a: 1, b: 1 }],
    ];
    for (const [expected, got] of pairs) expect(check(expected, got)).toMatchObject({ code: "data", where: "me" });
  });
});
