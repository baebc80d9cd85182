import {
  abs,
  add,
  clamp,
  exp,
  max,
  maximum,
  maxPool2d,
  median,
  minimum,
  mul,
  norm2,
  relu,
  reshape,
  slice,
  sort,
  square,
  squeeze,
  sub,
  sum,
  type Tensor,
  tensor,
  zeros,
} from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { type AbsNormalForm, absNormalForm, activeJacobian, evaluateAbsNormal, signatureOf } from "../index.ts";

const entry = (x: Tensor, i: number): Tensor => squeeze(slice(x, [i], [i + 1]));
const rows = (matrix: readonly Float64Array[]): number[][] => matrix.map((row) => Array.from(row, (v) => v + 0));
const matrices = ({ c, b, Z, L, J, Y }: AbsNormalForm) => ({
  ...{ c: [...c], b: [...b], Z: rows(Z), L: rows(L), J: rows(J), Y: rows(Y) },
});

describe("published examples", () => {
  test("f = x1 + x2 - |x1| - |x2| at (1, -2)", () => {
    const f = (x: Tensor): Tensor => sub(sum(x), add(abs(entry(x, 0)), abs(entry(x, 1))));
    const form = absNormalForm(f, [tensor([1, -2])]);
    expect([[...form.y], [...form.z]]).toEqual([[-4], [1, -2]]);
    expect(matrices(form)).toEqual({
      ...{
        c: [0, 0],
        b: [0],
        Z: [
          [1, 0],
          [0, 1],
        ],
        L: [
          [0, 0],
          [0, 0],
        ],
        J: [[1, 1]],
        Y: [[-1, -1]],
      },
    });
  });

  test("the half pipe, max(0, x2^2 - max(0, x1)), at (-1, 1)", () => {
    const halfPipe = (x: Tensor): Tensor => relu(sub(square(entry(x, 1)), relu(entry(x, 0))));
    const form = absNormalForm(halfPipe, [tensor([-1, 1])]);
    // z1 = x1; z2 = (2 x2 - 1) - (x1 + |x1|) / 2; y = (z2 + |z2|) / 2
    expect(matrices(form)).toEqual({
      c: [0, -1],
      b: [-0.5],
      Z: [
        [1, 0],
        [-0.5, 2],
      ],
      L: [
        [0, 0],
        [-0.5, 0],
      ],
      J: [[-0.25, 1]],
      Y: [[-0.25, 0.5]],
    });
  });

  test("||x| - 1|: one absolute value of another", () => {
    const form = absNormalForm((x: Tensor) => abs(sub(abs(x), 1)), [tensor(0)]);
    expect(matrices(form)).toEqual({
      ...{
        c: [0, -1],
        b: [0],
        Z: [[1], [0]],
        L: [
          [0, 0],
          [1, 0],
        ],
        J: [[0]],
        Y: [[0, 1]],
      },
    });
    expect([...signatureOf(form, [3])]).toEqual([1, 1]);
    expect([...signatureOf(form, [0])]).toEqual([0, -1]);
    expect(rows(activeJacobian(form, [-1, 1]))).toEqual([[-1]]);
  });
});

describe("orders of several branches", () => {
  test.each<[string, (x: Tensor) => Tensor, number]>([
    ["max of four", (x) => max(x), 3],
    ["min of two and two", (x) => add(minimum(entry(x, 0), entry(x, 1)), minimum(entry(x, 2), entry(x, 3))), 2],
    ["a sorted row", (x) => sort(x), 6],
    ["a median of four", (x) => median(x), 6],
    ["a pooling", (x) => maxPool2d(reshape(x, [1, 1, 2, 2]), { window: [1, 2], stride: 1 }), 2],
    ["two bounds", (x) => clamp(x, { low: -1, high: 1 }), 8],
  ])("%s", (_, f, count) => {
    const form = absNormalForm(f, [tensor([3, -1, 4, 1])]);
    expect(form.switching).toHaveLength(count);
    for (const at of [
      [3, -1, 4, 1],
      [0, 0, 0, 0],
      [-5, 2, 2, 0.5],
      [1, 2, 3, 4],
    ]) {
      const { y } = evaluateAbsNormal(form, at);
      expect(Array.from(y)).toEqual(Array.from(f(tensor(at)).data));
    }
  });

  test("a median of three takes the middle of the sorted row", () => {
    const form = absNormalForm((x: Tensor) => median(x), [tensor([1, 2, 3])]);
    expect([...evaluateAbsNormal(form, [7, -1, 5]).y]).toEqual([5]);
  });
});

describe("smooth parts are replaced by their tangents", () => {
  const f = (x: Tensor): Tensor => maximum(exp(entry(x, 0)), square(entry(x, 1)));

  test("the error falls with the square of the distance", () => {
    const form = absNormalForm(f, [tensor([0, 1])]);
    const error = (t: number): number =>
      Math.abs((evaluateAbsNormal(form, [t, 1 + t]).y[0] as number) - (f(tensor([t, 1 + t])).data[0] as number));
    expect(error(2 ** -10) / error(2 ** -11)).toBeCloseTo(4, 1);
    expect(error(0)).toBe(0);
  });

  test("trees, several results, and what each absolute value comes from", () => {
    const g = ({ w }: { w: Tensor }, b: Tensor) => [relu(add(w, b), { site: "unit" }), mul(b, 2)];
    const form = absNormalForm(g, [{ w: tensor([1, -1]) }, tensor(0.5)]);
    expect([form.y.length, form.x.length, form.switching.length]).toEqual([3, 3, 2]);
    expect(form.switching[1]).toEqual({ name: "relu", site: "unit", position: 2, index: [1] });
  });
});

test("refusals", () => {
  const form = absNormalForm((x: Tensor) => abs(x), [tensor(0)]);
  expect(() => evaluateAbsNormal(form, [1, 2])).toThrow(/the point has another length/);
  expect(() => activeJacobian(form, [2])).toThrow(/numbers from -1 to 1/);
  expect(() => activeJacobian(form, [])).toThrow(/the signature has another length/);
  expect(() => absNormalForm((x: Tensor) => norm2(x), [zeros([2])])).toThrow(/norm2 is 0 here/);
});
