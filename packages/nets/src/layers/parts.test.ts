import {
  abs,
  first,
  grad,
  key,
  kinks,
  last,
  listing,
  ones,
  randomNormal,
  type Select,
  slice,
  sum,
  type Tensor,
  type Tree,
  tensor,
  trace,
} from "@nonsmooth/ad-core";
import { expect, test } from "vitest";
import { leakyRelu, relu } from "./activations.ts";
import { attention } from "./attention.ts";
import { dropout } from "./dropout.ts";
import { linear } from "./linear.ts";
import { concatenation, residual } from "./residual.ts";
import { sequential } from "./sequential.ts";

const none = { params: {}, state: {} };
const context = { training: true, key: null };

/** Three relus at a kink, in a row: the derivative says which of them let it pass. */
const net = sequential({
  block1: sequential({ relu: relu(), leaky: leakyRelu() }),
  block2: residual({ relu: relu() }),
});

const slope = (select: Select): number =>
  grad((x: Tensor) => net.apply(none, x, context).y, { select })(tensor(0)).data[0] as number;

test("a selection names a layer by its path, a group of layers, or all of a kind", () => {
  expect(slope({})).toBe(0);
  expect(slope({ "relu@block1": last })).toBe(0.01);
  expect(slope({ "relu@block1/relu": last, leakyRelu: last })).toBe(1);
  expect(slope({ relu: last, leakyRelu: last })).toBe(2);
  expect(slope({ relu: last, "relu@block2": first, leakyRelu: last })).toBe(1);
  expect(() => slope({ "relu@block3": last })).toThrowError(/block3/);
});

test("reports of kinks speak of the same sites", () => {
  const report = kinks((x: Tensor) => net.apply(none, x, context).y, [tensor(0)]);
  expect(JSON.stringify(report)).toContain("block1/relu");
});

test("operations of a network are recorded at their sites", () => {
  const layer = sequential({ attend: residual({ attention: attention({ heads: 1 }) }) });
  const variables = layer.init(key(1), [2, 2]);
  const text = String(listing(trace((x: Tensor) => layer.apply(variables, x, context).y, [ones([1, 2, 2])])));
  expect(text).toContain("attend/attention/input");
});

test("a part that is added at the end changes the variables of none before it", () => {
  const parts = { a: linear(3), relu: relu(), b: linear(3) };
  const { c, ...rest } = sequential({ ...parts, c: linear(3) }).init(key(1), [2]).params as Record<string, Tree>;
  expect(rest).toEqual(sequential(parts).init(key(1), [2]).params);
  expect(c).not.toEqual(rest.b);
});

test("trees name only what has variables", () => {
  const { params, state } = sequential({ relu: relu(), a: linear(1), drop: dropout(0.1) }).init(key(1), [2]);
  expect([Object.keys(params), state]).toEqual([["a"], {}]);
});

test("a residual adds its shortcut, a concatenation puts its input in front", () => {
  const twice = linear(1, { bias: false });
  const params = { twice: { weight: tensor([[2]]) }, shortcut: { weight: tensor([[10]]) } };
  const x = tensor([[1], [3]]);
  expect(residual({ twice }, { shortcut: twice }).apply({ params, state: {} }, x, context).y).toEqual(
    tensor([[12], [36]]),
  );
  expect(concatenation({ twice }).apply({ params, state: {} }, x, context).y).toEqual(
    tensor([
      [1, 2],
      [3, 6],
    ]),
  );
});

test("attention sees no later time, and every earlier one", () => {
  const layer = attention({ heads: 2 });
  const variables = layer.init(key(1), [4, 4]);
  const times = [0, 1, 2, 3];
  const at = (time: number) => (x: Tensor) =>
    sum(slice(layer.apply(variables, x, context).y, [0, time, 0], [1, time + 1, 4]));
  const seen = times.map((time) => {
    const gradient = grad(at(time))(randomNormal(key(2), [1, 4, 4]));
    return Array.from(sum(abs(gradient), { axes: [0, 2] }).data, (v) => v > 0);
  });
  expect(seen).toEqual(times.map((time) => times.map((from) => from <= time)));
});
