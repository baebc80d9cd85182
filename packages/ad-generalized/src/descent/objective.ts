// A scalar function of trees of tensors, seen as a function of one list of numbers.
import { type Tensor, tensor, valueAndGrad } from "@nonsmooth/ad-core";
import { domainError, dtypeError, shapeError } from "@nonsmooth/ad-core/transforms";
import type { Question } from "../derivatives/asked.ts";
import { denseOf } from "../sweep/numbers.ts";

/** A function of a point, and its gradient where it has one. */
export interface Objective {
  readonly start: Float64Array;
  value(point: Float64Array): number;
  gradient(point: Float64Array): Float64Array;
  /** The arguments that a point stands for. */
  argsAt(point: Float64Array): readonly unknown[];
}

function checkLeaves(where: string, leaves: readonly Tensor[]): void {
  const odd = leaves.find(({ dtype }) => dtype !== "f64");
  if (odd) throw dtypeError(where, "arguments of dtype f64", [odd.dtype], "cast them, or close over them");
}

/** The numbers of tensors, one after the other. */
function joined(where: string, tensors: readonly Tensor[]): Float64Array {
  const parts = tensors.map((x) => denseOf(where, x).data);
  const all = new Float64Array(parts.reduce((total, part) => total + part.length, 0));
  let next = 0;
  for (const part of parts) {
    all.set(part as Float64Array, next);
    next += part.length;
  }
  return all;
}

/** Tensors like others, with numbers from a list. */
function parted(like: readonly Tensor[], numbers: Float64Array): Tensor[] {
  let next = 0;
  return like.map(({ shape }) => {
    const from = next;
    next += shape.reduce((product, size) => product * size, 1);
    return tensor(numbers.slice(from, next), { shape });
  });
}

function numberOf(where: string, outputs: readonly Tensor[]): number {
  const [y] = outputs;
  const shapes = outputs.map(({ shape }) => shape);
  if (outputs.length !== 1 || y?.shape.length !== 0)
    throw shapeError(
      where,
      "the function is not scalar",
      "one tensor of shape []",
      shapes,
      "reduce it with sum or mean",
    );
  return denseOf(where, y).data[0] as number;
}

function checkFinite(where: string, what: string, values: Float64Array): void {
  const odd = values.find((v) => !Number.isFinite(v));
  if (odd !== undefined)
    throw domainError(where, what, "finite numbers", odd, "start elsewhere, or with a smaller radius");
}

/** Reads a question as an objective, which is finite at its start. */
export function objectiveOf({ where, run, form, leaves }: Question): Objective {
  checkLeaves(where, leaves);
  const start = joined(where, leaves);
  const value = (point: Float64Array): number => numberOf(where, run(parted(leaves, point)));
  const differentiated = valueAndGrad((...inputs: Tensor[]) => run(inputs)[0] as Tensor, {
    wrt: leaves.map((_, i) => i),
  });
  const gradient = (point: Float64Array): Float64Array => {
    const [, found] = differentiated(...parted(leaves, point));
    const numbers = joined(where, found as readonly Tensor[]);
    checkFinite(where, "the gradient at a sample", numbers);
    return numbers;
  };
  checkFinite(where, "the value at the start", Float64Array.of(value(start)));
  return { start, value, gradient, argsAt: (point) => form.build(parted(leaves, point)) as readonly unknown[] };
}
