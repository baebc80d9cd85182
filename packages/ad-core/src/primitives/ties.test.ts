import { describe, expect, test } from "vitest";
import { first, last, random, type TieSelection, uniform } from "../selections/selection.ts";
import { type Nested, type Tensor, tensor } from "../tensors/tensor.ts";
import { records } from "./records.ts";
import { type TieParams, tieWeights, tieWeightsPrimitive } from "./ties.ts";

const params = (selection: TieSelection): Omit<TieParams, "masked"> => ({
  order: "max",
  along: true,
  coefficients: [1],
  selection,
  kink: 0,
});

const numbers = (x: Tensor): number[] => Array.from(x.data);
const row = (data: Nested): Tensor => tensor(data);

describe("weights along the last axis", () => {
  test.each([
    ["first", first, [0, 1, 0, 0]],
    ["last", last, [0, 0, 0, 1]],
    ["uniform", uniform, [0, 0.5, 0, 0.5]],
  ])("%s shares among the tied branches only", (_name, selection, expected) => {
    expect(numbers(tieWeights([row([[1, 3, 2, 3]])], null, params(selection)))).toEqual(expected);
  });

  test("the smallest branches tie when the order is min", () => {
    const smallest = { ...params(uniform), order: "min" as const };
    expect(numbers(tieWeights([row([[1, 3, 1]])], null, smallest))).toEqual([0.5, 0, 0.5]);
  });

  test("a place that is masked is no branch, whatever stands there", () => {
    const mask = tensor([[false, true, true, false]]);
    const branches = row([[9, -Infinity, -Infinity, NaN]]);
    expect(numbers(tieWeights([branches], mask, params(first)))).toEqual([0, 1, 0, 0]);
    expect(numbers(tieWeights([branches], mask, params(uniform)))).toEqual([0, 0.5, 0.5, 0]);
  });

  test("draws depend on seed, kink and position, and on nothing else", () => {
    const rows = row(Array.from({ length: 64 }, () => [1, 1]));
    const draw = (seed: number, kink: number): number[] =>
      numbers(tieWeights([rows], null, { ...params(random(seed)), kink }));
    expect(draw(7, 1)).toEqual(draw(7, 1));
    expect(draw(7, 1)).not.toEqual(draw(8, 1));
    expect(draw(7, 1)).not.toEqual(draw(7, 2));
    const firsts = draw(7, 1).filter((_, i) => i % 2 === 0);
    expect(new Set(firsts)).toEqual(new Set([0, 1]));
  });
});

describe("weights of branches in tensors of their own", () => {
  const branches = [row([1, 5, 2]), row([4, 5, 0])];
  const mix = (selection: TieSelection, ...coefficients: number[]): number[] =>
    numbers(tieWeights(branches, null, { ...params(selection), along: false, coefficients }));

  test("where one branch is extreme alone its coefficient comes out as it is", () => {
    expect(mix(uniform, 0.1, 0.3)).toEqual([0.3, 0.2, 0.1]);
  });

  test.each([
    ["first", first, -1],
    ["last", last, 1],
    ["uniform", uniform, 0],
  ])("%s mixes the coefficients of those that tie", (_name, selection, expected) => {
    expect(mix(selection, -1, 1)).toEqual([1, expected, -1]);
  });
});

describe("prices of kernels that look at values, which cannot be counted by running them", () => {
  const type = (shape: number[], dtype: "f64" | "i32" | "bool" = "f64") => ({ shape, dtype });

  test("weights take one comparison for each branch, and none for the mask", () => {
    const inputs = [type([4, 3]), type([4, 3]), type([4, 3], "bool")] as const;
    expect(tieWeightsPrimitive.cost(inputs, { ...params(first), masked: true })).toEqual({ equal: 24 });
    expect(tieWeightsPrimitive.cost(inputs, { ...params(first), masked: false })).toEqual({ equal: 36 });
  });

  test.each(["argmax", "argmin"])("%s takes n - 1 comparisons for each row", (name) => {
    const x = type([4, 3]);
    expect(records.get(name)?.cost([x, x, x], 1)).toEqual({ less: 8 });
  });

  test("oneHot takes none", () => {
    const labels = type([4], "i32");
    expect(records.get("oneHot")?.cost([labels, labels, labels], { classes: 3, dtype: "f64" })).toEqual({});
  });
});
