import { describe, expect, test } from "vitest";
import {
  abs,
  clamp,
  conventions,
  grad,
  hardtanh,
  leakyRelu,
  max,
  maximum,
  maxPool2d,
  norm1,
  norm2,
  relu,
  relu6,
  sum,
  type Tensor,
  tensor,
} from "../index.ts";

type Peer = keyof typeof conventions;

/** The derivative of a scalar function of one tensor under a peer's convention. */
function derivative(peer: Peer, f: (x: Tensor) => Tensor, at: number[]): number[] {
  const gradient = grad((x) => sum(f(x)), { select: conventions[peer].select });
  return Array.from(gradient(tensor(at)).data);
}

/** Both shares of `maximum(x, x)`. */
function shares(peer: Peer): number[] {
  const gradient = grad((x, y) => sum(maximum(x, y)), { select: conventions[peer].select, wrt: [0, 1] });
  return gradient(tensor([2]), tensor([2])).flatMap((part) => Array.from((part as Tensor).data));
}

function poolShares(peer: Peer): number[] {
  const gradient = grad((x) => sum(maxPool2d(x, { window: 2 })), { select: conventions[peer].select });
  return Array.from(
    gradient(
      tensor([
        [
          [
            [1, 1],
            [1, 1],
          ],
        ],
      ]),
    ).data,
  );
}

const unit = (x: Tensor): Tensor => clamp(x, { low: 0, high: 1 });

describe("each convention gives what was established for its peer", () => {
  test.each<[Peer, number, number[], number[], number[]]>([
    ["pytorch", 0, [0.5, 0.5], [0], [0, 0]],
    ["jax", 0, [0.5, 0.5], [1], [0.5, 0.5]],
    ["tfjs", 0, [1, 0], [-1], [1, 1]],
    ["jaxjs", 1, [1, 0], [1], [1, 1]],
  ])("%s: relu %d, maximum %j, abs %j, clamp at both bounds %j", (peer, atRelu, atMaximum, atAbs, atClamp) => {
    expect(derivative(peer, relu, [0])).toEqual([atRelu]);
    expect(shares(peer)).toEqual(atMaximum);
    expect(derivative(peer, abs, [0])).toEqual(atAbs);
    expect(derivative(peer, unit, [0, 1])).toEqual(atClamp);
  });

  test.each<[Peer, number[]]>([
    ["pytorch", [0, 0]],
    ["jax", [0, 0]],
    ["tfjs", [0, 1]],
    ["jaxjs", [1, 1]],
  ])("%s: relu6 at 0 and 6 is %j", (peer, expected) => {
    expect(derivative(peer, relu6, [0, 6])).toEqual(expected);
  });

  test.each<Peer>(["pytorch", "jax", "jaxjs"])("%s: the maximum of a list shares evenly", (peer) => {
    expect(derivative(peer, max, [3, 3])).toEqual([0.5, 0.5]);
  });

  test.each<[Peer, number[]]>([
    ["pytorch", [1, 0, 0, 0]],
    ["jax", [1, 0, 0, 0]],
    ["tfjs", [1, 0, 0, 0]],
    ["jaxjs", [0.25, 0.25, 0.25, 0.25]],
  ])("%s: max-pool of equal cells is %j", (peer, expected) => {
    expect(poolShares(peer)).toEqual(expected);
  });

  test.each<[Peer, number, number[], number]>([
    ["pytorch", 0.5, [0, 0], 0],
    ["jax", 1, [1, 1], 1],
    ["tfjs", 0.5, [0, 0], -1],
    ["jaxjs", 1, [1, 1], 0],
  ])("%s: leakyRelu of slope 1/2 %d, hardtanh %j, norm1 %d", (peer, atLeaky, atHardtanh, atNorm) => {
    expect(derivative(peer, (x) => leakyRelu(x, 0.5), [0])).toEqual([atLeaky]);
    expect(derivative(peer, hardtanh, [-1, 1])).toEqual(atHardtanh);
    expect(derivative(peer, norm1, [0])).toEqual([atNorm]);
  });

  test("pytorch: the Euclidean norm has derivative 0 at 0", () => {
    expect(derivative("pytorch", norm2, [0, 0])).toEqual([0, 0]);
  });
});

test("what no selection gives is said, with the peer's value and the reason", () => {
  const said = Object.entries(conventions).map(([peer, { notReproduced }]) => [
    peer,
    notReproduced.map(({ name }) => name),
  ]);
  expect(Object.fromEntries(said)).toEqual({
    pytorch: [
      "clamp before July 2026, and with a tensor bound",
      "max along one axis with indices",
      "median along one axis with indices",
    ],
    jax: ["norm2 at 0", "median at ties", "clamp as lax.clamp"],
    tfjs: ["max at ties", "min at ties", "norm2 at 0"],
    jaxjs: ["norm1 at 0"],
  });
  for (const { version, source } of Object.values(conventions)) expect(`${version}${source}`).toMatch(/\d/);
});
