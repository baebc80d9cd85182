// What a chooser of another package is given, and what it may give back.
import { describe, expect, test } from "vitest";
import type { Choice, Chooser, KinkCall } from "../door/chooser.ts";
import { noKink } from "../door/linearize.ts";
import type { PointKink } from "../door/primitive.ts";
import { norm2, normPool2d, records, relu, type Tensor, tensor } from "../index.ts";
import { forwardFlat, linearizeFlat } from "./flat.ts";

/** A chooser that gives each row of a norm a vector of its own, and keeps its calls. */
class PerRow implements Chooser {
  readonly vectors: Tensor;
  readonly calls: KinkCall[] = [];

  constructor(vectors: Tensor) {
    this.vectors = vectors;
  }

  choose(call: KinkCall): Choice {
    this.calls.push(call);
    return { ...noKink, vectorAtZero: () => this.vectors, weights: () => tensor(1) };
  }

  meet(): void {
    // nothing to note
  }

  fork(): PerRow {
    return this;
  }
}

const zeros = (...shape: number[]): Tensor => tensor(new Float64Array(shape.reduce((a, b) => a * b, 1)), { shape });

describe("a vector for each row of a norm", () => {
  const vectors = tensor([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);

  test("stands where the record's rows stand, along any axis", () => {
    const columns = linearizeFlat(
      ([x]) => [norm2(x as Tensor, { axes: 0 })],
      [zeros(2, 3)],
      new PerRow(vectors),
      () => true,
    );
    const [gradient] = columns.vjp([tensor([1, 10, 100])]);
    expect(Array.from(gradient?.data ?? [])).toEqual([1, 30, 500, 2, 40, 600]);
    const [rise] = columns.jvp([
      tensor([
        [1, 0, 1],
        [0, 1, 1],
      ]),
    ]);
    expect(Array.from(rise?.data ?? [])).toEqual([1, 4, 11]);
  });

  test("is not used where a row is not 0", () => {
    const x = tensor([
      [0, 0],
      [3, 4],
      [0, 0],
    ]);
    const { vjp } = linearizeFlat(
      ([v]) => [norm2(v as Tensor, { axes: 1 })],
      [x],
      new PerRow(vectors),
      () => true,
    );
    expect(Array.from(vjp([tensor([1, 1, 1])])[0]?.data ?? [])).toEqual([1, 2, 0.6, 0.8, 5, 6]);
  });

  test.each(["norm2", "normPool2d"])("%s says which rows those are", (name) => {
    const kink = records.get(name)?.kink as PointKink;
    const x = tensor([
      [
        [1, 2],
        [3, 4],
      ],
    ]);
    expect(kink.rows([x, x, x], [1]).shape).toEqual([1, 2, 2]);
    expect(Array.from(kink.rows([x, x, x], [1]).data)).toEqual([1, 3, 2, 4]);
  });

  test("windows are rows", () => {
    const chooser = new PerRow(tensor([[[[[1, 2, 3, 4]]]]]));
    const pool = ([x]: readonly Tensor[]): Tensor[] => [normPool2d(x as Tensor, { window: 2 })];
    const { vjp } = linearizeFlat(pool, [zeros(1, 1, 2, 2)], chooser, () => true);
    expect(Array.from(vjp([tensor([[[[1]]]])])[0]?.data ?? [])).toEqual([1, 2, 3, 4]);
  });
});

test("forward mode shows a chooser the one direction that it follows, reverse mode none", () => {
  const chooser = new PerRow(tensor([1]));
  const f = ([x]: readonly Tensor[]): Tensor[] => [relu(x as Tensor)];
  forwardFlat(f, [tensor(0)], [tensor(7)], chooser);
  linearizeFlat(f, [tensor(0)], chooser, () => true);
  const [forward, reverse] = chooser.calls as [KinkCall, KinkCall];
  expect(forward.tangents?.map((list) => list.map((dx) => dx?.data[0]))).toEqual([[7]]);
  expect(reverse.tangents).toBeUndefined();
});
