// Inputs for the laws of primitives: each source lands on kinks, and has a partner that stays clear of them.
import { type DType, greater, type Shape, type Tensor, tensor } from "@nonsmooth/ad-core";
import type { Case, Cases } from "@nonsmooth/ad-testing";
import { anySelection, anyShape, fc, kinkyTensor, smoothTensors } from "@nonsmooth/ad-testing";

/** Shapes of the inputs, and the settings that go with them. */
interface Plan<P> {
  readonly shapes: readonly Shape[];
  readonly params: P;
}

interface SourceOptions {
  /** All numbers above zero, for functions that have no value elsewhere. */
  readonly positive?: boolean;
  /** The dtypes of the inputs; all `f64` when absent. */
  readonly dtypes?: readonly DType[];
}

const nothing = null as unknown;

/** Numbers above zero that still tie often. */
const positiveTensor = (shape: Shape): fc.Arbitrary<Tensor> =>
  kinkyTensor({ shape }).map((x) =>
    tensor(
      Float64Array.from(x.data, (v) => Math.abs(v) + 0.5),
      { shape },
    ),
  );

/** Both sources for inputs of these shapes. */
export function casesOf<P>(plans: fc.Arbitrary<Plan<P>>, { positive = false, dtypes }: SourceOptions = {}): Cases<P> {
  const kinky = plans.chain(({ shapes, params }) => {
    const sources = shapes.map((shape, i) =>
      positive ? positiveTensor(shape) : kinkyTensor({ shape, dtype: dtypes?.[i] ?? "f64" }),
    );
    return fc.tuple(...sources).map((inputs): Case<P> => ({ inputs, params }));
  });
  const smooth = plans.chain(({ shapes, params }) =>
    smoothTensors(shapes, { positive }).map((inputs): Case<P> => {
      return { inputs: inputs.map((x, i) => (dtypes?.[i] === "bool" ? greater(x, 0) : x)), params };
    }),
  );
  return { kinky, smooth };
}

/** Inputs of one shape, and one setting. */
const alike = <P>(count: number, params: fc.Arbitrary<P>, options?: SourceOptions): Cases<P> =>
  casesOf(
    fc
      .tuple(anyShape({ minSize: 0 }), params)
      .map(([shape, p]) => ({ shapes: Array<Shape>(count).fill(shape), params: p })),
    options,
  );

/** One input of any shape. */
export const unary = (options?: SourceOptions): Cases => alike(1, fc.constant(nothing), options);

/** Two inputs of one shape. */
export const binary = (options?: SourceOptions): Cases => alike(2, fc.constant(nothing), options);

/** Conditions of one shape. */
export const conditions = (count: number): Cases =>
  alike(count, fc.constant(nothing), { dtypes: Array<DType>(count).fill("bool") });

/** A condition and two values. */
export const choice = (): Cases => alike(3, fc.constant(nothing), { dtypes: ["bool", "f64", "f64"] });

/** One input of any shape, and a setting from a list. */
export const withParams = (...params: readonly unknown[]): Cases => alike(1, fc.constantFrom(...params));

/** A tensor and some of its axes, ascending. */
export const reduction = (): Cases =>
  casesOf(
    anyShape().chain((shape) => {
      const axes = fc.subarray(shape.map((_, axis) => axis));
      return axes.map((params): Plan<unknown> => ({ shapes: [shape], params }));
    }),
  );

/** A tensor, some of its axes, and what is added to a variance over them. */
export const normalization = (): Cases =>
  casesOf(
    anyShape().chain((shape) => {
      const axes = fc.subarray(shape.map((_, axis) => axis));
      return fc.record({ axes, epsilon: fc.constantFrom(0.25, 1e-5) }).map((params): Plan<unknown> => {
        return { shapes: [shape], params };
      });
    }),
  );

/** A tensor and one of its axes. */
export const oneAxis = (): Cases =>
  casesOf(
    fc
      .tuple(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }), fc.nat(2))
      .map(([shape, at]) => ({
        shapes: [shape],
        params: (at % shape.length) as unknown,
      })),
  );

const size = fc.integer({ min: 1, max: 3 });

/** Batches of matrices that fit. */
export const matrices = (): Cases =>
  casesOf(
    fc.tuple(size, size, fc.nat(3), size).map(([batch, rows, inner, columns]) => ({
      shapes: [
        [batch, rows, inner],
        [batch, inner, columns],
      ],
      params: nothing,
    })),
  );

/** A tensor and an order of its axes. */
export const permutation = (): Cases =>
  casesOf(
    anyShape().chain((shape) => {
      const axes = shape.map((_, axis) => axis);
      return fc.shuffledSubarray(axes, { minLength: axes.length }).map(
        (params): Plan<unknown> => ({
          shapes: [shape],
          params,
        }),
      );
    }),
  );

/** A tensor and its shape with two axes joined, or a further axis of size 1. */
export const otherShape = (): Cases =>
  casesOf(anyShape().map((shape) => ({ shapes: [shape], params: [1, shape.reduce((a, b) => a * b, 1)] as unknown })));

/** A tensor and a larger shape that it fills. */
export const larger = (): Cases =>
  casesOf(
    fc.tuple(anyShape(), anyShape({ maxRank: 2, minSize: 0 }), fc.nat(7), size).map(([inner, outer, bits, repeat]) => {
      const isOne = (axis: number): boolean => Math.floor(bits / 2 ** axis) % 2 === 1;
      const shape = inner.map((n, axis) => (isOne(axis) ? 1 : n));
      const filled = shape.map((n, axis) => (isOne(axis) ? repeat : n));
      return { shapes: [shape], params: [...outer, ...filled] as unknown };
    }),
  );

const margins = (rank: number): fc.Arbitrary<number[]> => fc.array(fc.nat(2), { minLength: rank, maxLength: rank });

/** A tensor and a box inside it. */
export const box = (): Cases =>
  casesOf(
    anyShape().chain((shape) =>
      fc.tuple(margins(shape.length), margins(shape.length)).map(([a, b]) => {
        const start = shape.map((n, axis) => Math.min(a[axis] as number, n));
        const end = shape.map((n, axis) => Math.max(start[axis] as number, n - (b[axis] as number)));
        return { shapes: [shape], params: { start, end } as unknown };
      }),
    ),
  );

/** A tensor and margins around it. */
export const margin = (): Cases =>
  casesOf(
    anyShape().chain((shape) =>
      fc.tuple(margins(shape.length), margins(shape.length)).map(([before, after]) => {
        return { shapes: [shape], params: { before, after } as unknown };
      }),
    ),
  );

/** Several tensors that agree apart from one axis, which is the first or the second. */
export const parts = (): Cases =>
  casesOf(
    fc
      .tuple(fc.array(size, { minLength: 1, maxLength: 3 }), size, fc.constantFrom(0, 1))
      .map(([lengths, other, axis]) => {
        const shapes = lengths.map((n) => (axis === 0 ? [n, other] : [other, n]));
        return { shapes, params: axis as unknown };
      }),
  );

interface Windows {
  readonly window: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
}

const pair = (least: number, most: number): fc.Arbitrary<[number, number]> =>
  fc.tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }));

const windows: fc.Arbitrary<Windows> = fc
  .tuple(pair(1, 3), pair(1, 3), pair(0, 1))
  .map(([window, stride, padding]) => ({
    window,
    stride,
    padding: [Math.min(padding[0], Math.floor(window[0] / 2)), Math.min(padding[1], Math.floor(window[1] / 2))],
  }));

const imageShape: fc.Arbitrary<number[]> = fc
  .tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 }), pair(3, 4))
  .map(([batch, channels, sizes]) => [batch, channels, ...sizes]);

const positions = (image: Shape, { window, stride, padding }: Windows): number[] =>
  [0, 1].map((i) => {
    const room = (image[i + 2] as number) + 2 * (padding[i] as number) - (window[i] as number);
    return Math.floor(room / (stride[i] as number)) + 1;
  });

/** Images and windows over them; `fill` is what a window sees in the padding. */
export const windowed = (settings: object = {}): Cases =>
  casesOf(
    fc.tuple(imageShape, windows).map(([image, w]) => ({ shapes: [image], params: { ...w, ...settings } as unknown })),
  );

/** The cells of windows, to be added back into images. */
export const unwindowed = (): Cases =>
  casesOf(
    fc.tuple(imageShape, windows).map(([image, w]) => {
      const cells = [...image.slice(0, 2), ...positions(image, w), w.window[0] * w.window[1]];
      return { shapes: [cells], params: { ...w, image } as unknown };
    }),
  );

/** Two of image, filter and output of a convolution, in this order. */
export const convolution = (...two: readonly ("image" | "filter" | "output")[]): Cases =>
  casesOf(
    fc.tuple(imageShape, windows, fc.integer({ min: 1, max: 2 })).map(([image, w, outChannels]) => {
      const filter = [outChannels, image[1] as number, ...w.window];
      const output = [image[0] as number, outChannels, ...positions(image, w)];
      const shapes = two.map((name) => ({ image, filter, output })[name]);
      return { shapes, params: { image, filter, stride: w.stride, padding: w.padding } as unknown };
    }),
  );

/** Labels 0, 1 and 2. */
export function labels(): Cases {
  const source = fc.array(fc.nat(2), { maxLength: 4 }).map((list): Case => {
    return { inputs: [tensor(list, { dtype: "i32" })], params: { classes: 3, dtype: "f64" } };
  });
  return { kinky: source, smooth: source };
}

/** Any key, and a setting from a list. */
export function keyed(...params: readonly unknown[]): Cases {
  const source = fc.tuple(fc.integer(), fc.integer(), fc.constantFrom(...params)).map(([a, b, p]): Case => {
    return { inputs: [tensor([a, b], { dtype: "i32" })], params: p };
  });
  return { kinky: source, smooth: source };
}

/** Two groups of branches, along a last axis or one branch each, under any selection; rows along an axis in all orders. */
export const branchGroups = (): Cases =>
  casesOf(
    fc
      .tuple(anyShape({ maxRank: 2 }), size, fc.boolean(), fc.nat(3), anySelection())
      .map(([shape, width, along, group, selection]) => {
        const whole = along ? [...shape, width] : shape;
        const orders = along ? ["max", "min", "median", "sort"] : ["max", "min"];
        const coefficients = along ? [1] : [group, -0.5];
        const order = orders[group % orders.length];
        const params: unknown = { order, along, coefficients, selection, kink: 3, masked: false };
        return { shapes: along ? [whole] : [whole, whole], params };
      }),
  );
