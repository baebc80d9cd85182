import { add, div, exp, log, mul, relu, sub, sum, type Tensor, tensor, trace } from "@nonsmooth/ad-core";
import { expect, test } from "vitest";
import { firstNonFinite } from "./firstNonFinite.ts";

test.each<[string, (x: Tensor) => Tensor, number[], object | null]>([
  [
    "a logarithm of 0",
    (x) => sum(log(relu(x), { site: "loss" })),
    [1, -1],
    { operation: "log", site: "loss", position: 1 },
  ],
  [
    "the first of several",
    (x) => sum(div(exp(mul(x, 1000)), sub(x, x))),
    [1, 1],
    { operation: "exp", site: "", position: 1 },
  ],
  ["an overflow of a sum", (x) => sum(x), [1e308, 1e308], { operation: "sum", site: "", position: 0 }],
  ["none", (x) => sum(exp(x)), [1, 2], null],
  ["inputs that are not finite", (x) => sum(x), [NaN, 1], null],
])("%s", (_says, f, at, expected) => {
  expect(firstNonFinite(trace(f, [tensor([1, 2])]), [tensor(at)])).toEqual(expected);
});

test("infinite constants that only mask are no culprits", () => {
  const mask = tensor([0, -Infinity]);
  const program = trace((x: Tensor) => sum(exp(add(x, mask))), [tensor([1, 2])]);
  expect(firstNonFinite(program, [tensor([1, 2])])).toBeNull();
});
