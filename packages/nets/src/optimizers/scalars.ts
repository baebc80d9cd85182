// Counts and rates: scalars in double precision, which meet tensors of any dtype.
import { AdError, add, cast, mul, pow, sub, type Tensor, type Tree, tensor, zeros } from "@nonsmooth/ad-core";
import { rangeError } from "./checks.ts";
import { leavesOf, mapTree } from "./tree.ts";

/** A count before the first step. */
export const noSteps = (): Tensor => tensor(0);

/** One step more. */
export const nextCount = (count: Tensor): Tensor => add(count, 1);

/** `x` times a number, or times a scalar that is rounded to the dtype of `x` first. */
export const scaled = (x: Tensor, by: Tensor | number): Tensor =>
  mul(x, typeof by === "number" ? by : cast(by, x.dtype));

/** `1 - beta^t`: what an average that started at 0 has seen so far. `t` counts from 1. */
export const seenBy = (beta: number, t: Tensor): Tensor => sub(1, pow(beta, t));

/** Zeros in the form of a tree. */
export const zerosLike = (where: string, params: Tree): Tree =>
  mapTree(where, [params], ([p]) => zeros(p.shape, { dtype: p.dtype }));

/** `m + (1 - beta) (x - m)`, a running average. In short formats `beta m` would lose what this form keeps: 0.999 is 1 in `bf16`. */
export const averaged = (m: Tensor, x: Tensor, beta: number): Tensor => add(m, mul(sub(x, m), 1 - beta));

/** Refuses a stabiliser that is 0 in the dtype of a parameter: a gradient of 0 would then give 0 / 0. */
export function checkEpsilon(where: string, epsilon: number, params: Tree): void {
  if (epsilon === 0) return;
  for (const { path, tensor: p } of leavesOf(where, params)) {
    if (tensor(epsilon, { dtype: p.dtype }).data[0] !== 0) continue;
    const least = `a number that is not 0 in ${p.dtype}, the dtype of "${path}"`;
    throw rangeError(where, "epsilon", least, epsilon);
  }
}

/** Checks that a rule returned one number per call. */
export function checkScalar(where: string, what: string, value: Tensor): Tensor {
  const shape = (value as Partial<Tensor> | undefined)?.shape;
  if (shape?.length === 0) return cast(value, "f64");
  const got = shape === undefined ? String(value) : `[${shape.join(", ")}]`;
  throw new AdError({
    code: "shape",
    where,
    problem: `${what} is not one number`,
    expected: "a tensor of shape []",
    got,
    remedy: "compute it from the count by operations, such as mul(0.1, count)",
  });
}
