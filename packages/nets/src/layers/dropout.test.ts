import { grad, key, ones, sum, type Tensor, trace } from "@nonsmooth/ad-core";
import { expect, test } from "vitest";
import { dropout } from "./dropout.ts";
import { identity } from "./flatten.ts";
import { sequential } from "./sequential.ts";

const none = { params: {}, state: {} };
const drop = (rate: number, x: Tensor, from: Tensor): Tensor =>
  dropout(rate).apply(none, x, { training: true, key: from }).y;

test("drops with its rate and keeps the mean", () => {
  const n = 40_000;
  const { data } = drop(0.3, ones([n]), key(1));
  const dropped = Array.from(data).filter((v) => v === 0).length;
  expect(Math.abs(dropped / n - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / n));
  expect(new Set(data)).toEqual(new Set([0, 1 / 0.7]));
});

test("drops the same for the same key, in every dtype, and other numbers for another key", () => {
  const pattern = (from: Tensor, dtype: "f64" | "f16"): boolean[] =>
    Array.from(drop(0.5, ones([64], { dtype }), from).data, (v) => v === 0);
  expect(pattern(key(1), "f16")).toEqual(pattern(key(1), "f64"));
  expect(pattern(key(2), "f64")).not.toEqual(pattern(key(1), "f64"));
});

test("drops the derivative where it drops the number, and a recorded program takes a new key", () => {
  const gradient = grad((x: Tensor, from: Tensor) => sum(drop(0.5, x, from)));
  expect(gradient(ones([64]), key(1))).toEqual(drop(0.5, ones([64]), key(1)));
  const program = trace(gradient, [ones([64]), key(1)]);
  expect(program(ones([64]), key(7))).toEqual(gradient(ones([64]), key(7)));
});

test("two dropouts of one network drop different numbers, in evaluation none", () => {
  const net = sequential({ a: dropout(0.5), b: identity(), c: dropout(0.5) });
  const { y } = net.apply(none, ones([64]), { training: true, key: key(1) });
  expect(new Set(y.data)).toEqual(new Set([0, 4]));
  expect(Array.from(y.data).filter((v) => v === 4).length).toBeLessThan(32);
  expect(net.apply(none, ones([64]), { training: false, key: key(1) }).y).toEqual(ones([64]));
});

test("needs a key in training", () => {
  expect(() => dropout(0.5).apply(none, ones([2]), { training: true, key: null })).toThrowErrorMatchingInlineSnapshot(
    `[AdError: dropout: no key: expected one in the context, to draw from it, got none; pass { training: true, key: key(seed) }, and another key for each step]`,
  );
  expect(dropout(0).apply(none, ones([2]), { training: true, key: null }).y).toEqual(ones([2]));
});
