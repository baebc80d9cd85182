import { describe, expect, test } from "vitest";
import {
  and,
  cast,
  equal,
  grad,
  greater,
  greaterEqual,
  isFinite,
  jvp,
  less,
  lessEqual,
  mul,
  not,
  notEqual,
  or,
  type Tensor,
  tensor,
} from "../index.ts";

const truths = (x: Tensor): boolean[] => Array.from(x.data, (v) => v !== 0);

const comparisons = { less, lessEqual, equal, notEqual, greater, greaterEqual };
type Name = keyof typeof comparisons;

describe("comparisons of a pair of numbers", () => {
  const cases: readonly (readonly [a: number, b: number, holding: readonly Name[]])[] = [
    [1, 2, ["less", "lessEqual", "notEqual"]],
    [2, 2, ["lessEqual", "equal", "greaterEqual"]],
    [3, 2, ["notEqual", "greater", "greaterEqual"]],
    [-0, 0, ["lessEqual", "equal", "greaterEqual"]],
    [-Infinity, Infinity, ["less", "lessEqual", "notEqual"]],
    [Infinity, Infinity, ["lessEqual", "equal", "greaterEqual"]],
    [NaN, 1, ["notEqual"]],
    [1, NaN, ["notEqual"]],
    [NaN, NaN, ["notEqual"]],
  ];
  test.each(cases)("%d and %d", (a, b, holding) => {
    for (const [name, compare] of Object.entries(comparisons)) {
      const found = compare(tensor([a]), tensor([b]));
      expect([name, found.dtype, truths(found)]).toEqual([name, "bool", [holding.includes(name as Name)]]);
    }
  });
});

test("operands broadcast, and numbers take the dtype of the other", () => {
  expect(less(tensor([[1], [2]]), tensor([1, 2, 3])).shape).toEqual([2, 3]);
  expect(truths(equal(tensor(0.1, { dtype: "f16" }), 0.1))).toEqual([true]);
  expect(truths(greater(tensor([2, 3], { dtype: "i32" }), 2))).toEqual([false, true]);
});

test("not, and and or are the tables of logic", () => {
  const [a, b] = [tensor([false, false, true, true]), tensor([false, true, false, true])];
  expect(truths(not(b))).toEqual([true, false, true, false]);
  expect(truths(and(a, b))).toEqual([false, false, false, true]);
  expect(truths(or(a, b))).toEqual([false, true, true, true]);
  expect([not(a), and(a, b), or(a, b)].map((x) => x.dtype)).toEqual(["bool", "bool", "bool"]);
  expect(truths(and(tensor([true, false]), tensor(true)))).toEqual([true, false]);
});

test("isFinite is false for infinities and NaN only", () => {
  expect(truths(isFinite(tensor([0, -1, 1e308, Infinity, -Infinity, NaN])))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(truths(isFinite(tensor([70000, 65504], { dtype: "f16" })))).toEqual([false, true]);
  expect(truths(isFinite(tensor([7], { dtype: "i32" })))).toEqual([true]);
});

test("a condition carries no derivative", () => {
  const f = (x: Tensor): Tensor => mul(x, cast(greater(x, 1), "f64"));
  expect(Array.from(grad(f)(tensor(3)).data)).toEqual([1]);
  const [condition, tangent] = jvp((x: Tensor) => less(x, 5), [tensor(3)], [tensor(1)]);
  expect([truths(condition), truths(tangent)]).toEqual([[true], [false]]);
});
