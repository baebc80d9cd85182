import { describe, expect, test } from "vitest";
import {
  cos,
  erf,
  exp,
  expm1,
  grad,
  jvp,
  log,
  log1p,
  type Operand,
  sin,
  sqrt,
  square,
  type Tensor,
  tanh,
  tensor,
} from "../index.ts";

/** The numbers of a tensor; -0 counts as 0. */
const numbers = (x: Tensor): number[] => Array.from(x.data, (v) => v + 0);

/** The derivative at a number, which the two modes must agree on. */
function slope(f: (x: Tensor) => Tensor, x: number): number {
  const [reverse] = numbers(grad(f)(tensor(x)));
  expect(numbers(jvp(f, [tensor(x)], [tensor(1)])[1])).toEqual([reverse]);
  return reverse as number;
}

const second = (f: (x: Tensor) => Tensor, x: number): number => slope(grad(f), x);

type Row = readonly [name: string, f: (x: Operand) => Tensor, at: number, value: number, first: number, second: number];

const rows: readonly Row[] = [
  ["sqrt", sqrt, 4, 2, 0.25, -0.03125],
  ["sqrt", sqrt, 0, 0, Infinity, -Infinity],
  ["sqrt", sqrt, Infinity, Infinity, 0, 0],
  ["sqrt", sqrt, -1, NaN, NaN, NaN],
  ["exp", exp, 0, 1, 1, 1],
  ["exp", exp, -Infinity, 0, 0, 0],
  ["exp", exp, Infinity, Infinity, Infinity, Infinity],
  ["expm1", expm1, 0, 0, 1, 1],
  ["expm1", expm1, -Infinity, -1, 0, 0],
  ["log", log, 1, 0, 1, -1],
  ["log", log, 2, Math.LN2, 0.5, -0.25],
  ["log", log, 0, -Infinity, Infinity, -Infinity],
  ["log", log, -1, NaN, -1, -1],
  ["log1p", log1p, 0, 0, 1, -1],
  ["log1p", log1p, -1, -Infinity, Infinity, -Infinity],
  ["log1p", log1p, 1, Math.LN2, 0.5, -0.25],
  ["sin", sin, 0, 0, 1, 0],
  ["cos", cos, 0, 1, 0, -1],
  ["sin", sin, Infinity, NaN, NaN, NaN],
  ["tanh", tanh, 0, 0, 1, 0],
  ["tanh", tanh, Infinity, 1, 0, 0],
  ["tanh", tanh, -Infinity, -1, 0, 0],
  ["erf", erf, 0, 0, 2 / Math.sqrt(Math.PI), 0],
  ["erf", erf, Infinity, 1, 0, 0],
  ["erf", erf, -Infinity, -1, 0, 0],
];

describe("value, first and second derivative, in both modes", () => {
  test.each(rows)("%s at %d", (_name, f, at, value, firstDerivative, secondDerivative) => {
    expect(numbers(f(at))).toEqual([value]);
    expect(slope((x) => f(x), at)).toBe(firstDerivative);
    expect(second((x) => f(x), at)).toBe(secondDerivative);
  });

  test.each([sqrt, exp, expm1, log, log1p, sin, cos, tanh, erf].map((f) => [f.name, f] as const))(
    "%s passes NaN",
    (_name, f) => {
      expect(numbers(f(NaN))).toEqual([NaN]);
      expect(slope((x) => f(x), NaN)).toBe(NaN);
    },
  );
});

test("sqrt after square at 0 has derivative 0, not NaN", () => {
  expect(slope((x) => sqrt(square(x)), 0)).toBe(0);
});

test("four derivatives of the sine come back to it", () => {
  const fourth = grad(grad(grad(grad((x: Tensor) => sin(x)))));
  expect(numbers(fourth(tensor(1)))).toEqual(numbers(sin(1)));
});

test("results are rounded once to the dtype of the argument", () => {
  expect(exp(tensor(1, { dtype: "f16" })).dtype).toBe("f16");
  expect(numbers(exp(tensor(1, { dtype: "f16" })))).toEqual([2.71875]);
  expect(numbers(exp(tensor(1, { dtype: "bf16" })))).toEqual([2.71875]);
  expect(numbers(exp(tensor(1, { dtype: "f32" })))).toEqual([Math.fround(Math.E)]);
});
