// A tensor as rows along some of its axes, and the linear maps that sum over them.
import type { LinearMap } from "../door/primitive.ts";
import { shapeError } from "../errors/messages.ts";
import { dropAxes } from "../kernels/indices.ts";
import type { Shape } from "../tensors/shape.ts";
import type { Tensor, TensorType } from "../tensors/tensor.ts";
import { scaled } from "./elementary.ts";
import { reshape } from "./reshape.ts";
import { spread, sum } from "./sum.ts";
import { transpose } from "./transpose.ts";

const keptAxes = (shape: Shape, axes: readonly number[]): number[] =>
  shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));

/** The same elements with the reduced axes joined into one, which stands last. */
export function rowsLast(x: Tensor, axes: readonly number[]): Tensor {
  const kept = keptAxes(x.shape, axes);
  const length = axes.reduce((n, axis) => n * (x.shape[axis] as number), 1);
  return reshape(transpose(x, [...kept, ...axes]), [...dropAxes(x.shape, axes), length]);
}

/** Undoes {@link rowsLast}. */
export function rowsBack(rows: Tensor, shape: Shape, axes: readonly number[]): Tensor {
  const order = [...keptAxes(shape, axes), ...axes];
  const split = reshape(
    rows,
    order.map((axis) => shape[axis] as number),
  );
  return transpose(
    split,
    shape.map((_, axis) => order.indexOf(axis)),
  );
}

/** The shape of a reduction that needs at least one element. */
export function reducedShape(name: string, x: TensorType, axes: readonly number[]): number[] {
  if (axes.every((axis) => x.shape[axis] !== 0)) return dropAxes(x.shape, axes);
  throw shapeError(name, "nothing to reduce", "at least one element", [x.shape], "check for emptiness first");
}

/** The map `dx -> Σ residual dx` along axes: how a reduction moves when each element has a residual of its own. */
export const weightedSum = (residual: Tensor, axes: readonly number[]): LinearMap => ({
  jvp: (dx) => sum(scaled(residual, dx), { axes }),
  vjp: (gy) => scaled(residual, spread(gy, residual.shape, axes)),
});
