// Inputs for the laws of what moves along rows and slices: running sums, triangles, indices, orders.
import { first, last, random, type Shape, type Tensor, tensor } from "@nonsmooth/ad-core";
import type { Case, Cases } from "@nonsmooth/ad-testing";
import { anyShape, fc, kinkyTensor, smoothTensors } from "@nonsmooth/ad-testing";
import { casesOf } from "./cases.ts";

const size = fc.integer({ min: 1, max: 3 });

/** A tensor, one of its axes, and the direction of running sums along it. */
export const runningSums = (): Cases =>
  casesOf(
    fc
      .tuple(fc.array(fc.nat(4), { minLength: 1, maxLength: 3 }), fc.nat(2), fc.boolean())
      .map(([shape, at, reverse]) => ({ shapes: [shape], params: { axis: at % shape.length, reverse } as unknown })),
  );

/** Matrices, and a diagonal. */
export const triangles = (): Cases =>
  casesOf(
    fc
      .tuple(fc.array(fc.nat(3), { minLength: 2, maxLength: 3 }), fc.integer({ min: -3, max: 3 }))
      .map(([shape, params]) => ({ shapes: [shape], params: params as unknown })),
  );

/** A tensor, an axis of it, and numbers of slices along it, some of them more than once. */
const slices = fc
  .tuple(fc.array(size, { minLength: 1, maxLength: 3 }), fc.nat(2), anyShape({ maxRank: 2, minSize: 0 }))
  .chain(([shape, at, counts]) => {
    const axis = at % shape.length;
    const length = counts.reduce((product, n) => product * n, 1);
    const index = fc.nat((shape[axis] as number) - 1);
    return fc.array(index, { minLength: length, maxLength: length }).map((list) => {
      const indices = tensor(list, { shape: counts, dtype: "i32" });
      return { shape, axis, indices, taken: [...shape.slice(0, axis), ...counts, ...shape.slice(axis + 1)] };
    });
  });

/** Puts indices behind the first input. */
const withIndices = (real: (shape: Shape, taken: Shape) => readonly Shape[]): Cases => {
  const from = (source: (shapes: readonly Shape[]) => fc.Arbitrary<readonly Tensor[]>): fc.Arbitrary<Case> =>
    slices.chain(({ shape, axis, indices, taken }) =>
      source(real(shape, taken)).map(([x, ...others]) => ({ inputs: [x as Tensor, indices, ...others], params: axis })),
    );
  return {
    kinky: from((shapes) => fc.tuple(...shapes.map((shape) => kinkyTensor({ shape })))),
    smooth: from((shapes) => smoothTensors(shapes)),
  };
};

/** A tensor, numbers of slices, and the axis along which they count. */
export const gathered = (): Cases => withIndices((shape) => [shape]);

/** A tensor, numbers of slices, what is added to these, and the axis. */
export const scattered = (): Cases => withIndices((shape, taken) => [shape, taken]);

/** Rows, and a selection that picks one of the elements that tie. */
export const rankedRows = (): Cases =>
  casesOf(
    fc
      .tuple(anyShape({ maxRank: 2, minSize: 0 }), fc.nat(5), fc.constantFrom(first, last, random(3)))
      .map(([shape, width, selection]) => ({ shapes: [[...shape, width]], params: { selection, kink: 3 } as unknown })),
  );
