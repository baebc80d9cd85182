// Difference quotients along a ray, from long steps to short ones.
import { grad, type Select, type Tensor, tensor } from "@nonsmooth/ad-core";
import { fail, inner } from "../tools/compare.ts";
import { along } from "../tools/draws.ts";
import type { Flat } from "../tools/flat.ts";
import { isReal, type RealDType, type Tolerance, tolerances } from "../tools/tolerances.ts";

/** A scalar function of flat lists at one place, with what it takes to compare. */
export interface Field {
  readonly flat: Flat;
  readonly value: number;
  readonly tolerance: Tolerance;
  readonly valueAt: (x: readonly Tensor[]) => number;
  /** The gradient in all arguments that carry a derivative, zeros in the others. */
  readonly gradientAt: (x: readonly Tensor[], select?: Select) => Tensor[];
}

/** The narrowest dtype that carries derivatives decides how closely numbers can agree. */
function narrowest(tensors: readonly Tensor[]): RealDType {
  const order: readonly RealDType[] = ["bf16", "f16", "f32", "f64"];
  return order.find((dtype) => tensors.some((x) => x.dtype === dtype)) ?? "f64";
}

/** A scalar function as a field of gradients under a selection. */
export function fieldOf(where: string, flat: Flat, select: Select): Field {
  const scalar = (...leaves: Tensor[]): Tensor => {
    const [y] = flat.f(...leaves);
    return y as Tensor;
  };
  const wrt = flat.args.map((_, i) => i).filter((i) => isReal((flat.args[i] as Tensor).dtype));
  if (wrt.length === 0) fail(`${where}: no argument carries a derivative`);
  const valueAt = (x: readonly Tensor[]): number => scalar(...x).data[0] as number;
  const gradientAt = (x: readonly Tensor[], choice: Select = select): Tensor[] => {
    const found = grad(scalar as (...leaves: Tensor[]) => Tensor, { wrt, select: choice })(...x) as Tensor[];
    return x.map(({ shape, dtype, data }, i) =>
      wrt.includes(i) ? (found[wrt.indexOf(i)] as Tensor) : tensor(new Float64Array(data.length), { shape, dtype }),
    );
  };
  const value = valueAt(flat.args);
  if (!Number.isFinite(value)) fail(`${where}: the value is ${value}; check where it is finite`);
  return { flat, value, tolerance: tolerances[narrowest(flat.args)], valueAt, gradientAt };
}

/** One rung of a ladder of steps: a slope of values, and what derivatives say of it. */
export interface Rung {
  readonly step: number;
  readonly slope: number;
  readonly expected: number;
}

const dot = (a: readonly Tensor[], b: readonly Tensor[]): number => inner(a, b).value;

/** Slopes `(f(x + t d) - f(x)) / t` and the derivative in the middle of that step, `<grad f(x + t d / 2), d>`. */
export function oneSided({ flat, value, tolerance, valueAt, gradientAt }: Field, d: readonly Tensor[]): Rung[] {
  return tolerance.steps.map((step) => ({
    step,
    slope: (valueAt(along(flat.args, d, step)) - value) / step,
    expected: dot(gradientAt(along(flat.args, d, step / 2)), d),
  }));
}

/** Slopes `(f(x + t d) - f(x - t d)) / 2t` and the derivative at `x`. */
export function twoSided({ flat, tolerance, valueAt, gradientAt }: Field, d: readonly Tensor[]): Rung[] {
  const expected = dot(gradientAt(flat.args), d);
  return tolerance.steps.map((step) => {
    const rise = valueAt(along(flat.args, d, step)) - valueAt(along(flat.args, d, -step));
    return { step, slope: rise / (2 * step), expected };
  });
}

/** Whether slope and derivative agree at two steps that follow each other. */
export function agrees(rungs: readonly Rung[], { quotients }: Tolerance): boolean {
  const close = rungs.map(({ slope, expected }) => Math.abs(slope - expected) <= quotients * (1 + Math.abs(expected)));
  return close.some((isClose, i) => isClose && (close[i + 1] ?? false));
}

/** The rungs in lines, for messages. */
export const printRungs = (rungs: readonly Rung[]): string =>
  rungs.map(({ step, slope, expected }) => `  step ${step}: slope ${slope}, gradient ${expected}`).join("\n");
