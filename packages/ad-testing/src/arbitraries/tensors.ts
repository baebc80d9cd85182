// Tensors that land on kinks, and tensors that stay clear of them.
import { type DType, type Shape, type Tensor, tensor } from "@nonsmooth/ad-core";
import fc from "fast-check";
import { kinkyNumber, smoothNumbers } from "./numbers.ts";

/** Settings of sources of shapes. */
export interface ShapeOptions {
  /** Most axes; 3 when absent. */
  readonly maxRank?: number;
  /** Least size of an axis; 1 when absent, 0 allows empty tensors. */
  readonly minSize?: number;
  /** Greatest size of an axis; 3 when absent. */
  readonly maxSize?: number;
}

/** Settings of sources of tensors. */
export interface TensorSourceOptions extends ShapeOptions {
  /** Any small shape when absent. */
  readonly shape?: Shape;
  /** `f64` when absent. */
  readonly dtype?: DType;
}

/** Settings of sources of tensors clear of kinks. */
export interface SmoothOptions extends TensorSourceOptions {
  /** All numbers above zero. */
  readonly positive?: boolean;
}

export const sizeOf = (shape: Shape): number => shape.reduce((product, n) => product * n, 1);

/**
 * Small shapes, scalars included.
 *
 * @param options - `maxRank` (3), `minSize` (1) and `maxSize` (3) of each axis
 * @returns the source
 * @example
 * fc.sample(anyShape({ maxRank: 2 }), 20).every((shape) => shape.length <= 2) // true
 */
export const anyShape = ({ maxRank = 3, minSize = 1, maxSize = 3 }: ShapeOptions = {}): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: minSize, max: maxSize }), { maxLength: maxRank });

const shapeFrom = (options: TensorSourceOptions): fc.Arbitrary<Shape> =>
  options.shape ? fc.constant(options.shape) : anyShape(options);

/**
 * Tensors that land on kinks: numbers of {@link kinkyNumber}, some of them repeated.
 *
 * @param options - `shape` (any small one), `dtype` (`f64`), or the limits of {@link anyShape}
 * @returns the source
 * @example
 * fc.sample(kinkyTensor({ shape: [2, 3], dtype: "f32" }), 1)[0].shape // [2, 3]
 */
export function kinkyTensor(options: TensorSourceOptions = {}): fc.Arbitrary<Tensor> {
  const { dtype = "f64" } = options;
  return shapeFrom(options).chain((shape) => {
    const length = sizeOf(shape);
    const numbers = fc.array(kinkyNumber({ dtype }), { minLength: length, maxLength: length });
    return numbers.map((list) => tensor(Float64Array.from(list), { shape, dtype }));
  });
}

/**
 * Lists of tensors that stay clear of kinks jointly: no two numbers of all of them tie, and none is whole or zero.
 *
 * @param shapes - one for each tensor
 * @param options - `positive`: all numbers above zero; `dtype` (`f64`)
 * @returns the source of lists
 * @example
 * fc.sample(smoothTensors([[2], []]), 1)[0].map((x) => x.shape) // [[2], []]
 */
export function smoothTensors(
  shapes: readonly Shape[],
  { positive = false, dtype = "f64" }: Pick<SmoothOptions, "positive" | "dtype"> = {},
): fc.Arbitrary<Tensor[]> {
  const ends = shapes.map((_, i) => shapes.slice(0, i + 1).reduce((total, shape) => total + sizeOf(shape), 0));
  return smoothNumbers(ends.at(-1) ?? 0, { positive }).map((list) =>
    shapes.map((shape, i) => tensor(Float64Array.from(list.slice(ends[i - 1] ?? 0, ends[i])), { shape, dtype })),
  );
}

/**
 * Tensors that stay clear of kinks: no two numbers tie, not even after a change of sign, and none is whole or zero.
 *
 * @param options - `shape` (any small one), `dtype` (`f64`), `positive`, or the limits of {@link anyShape}
 * @returns the source
 * @example
 * const [x] = fc.sample(smoothTensor({ shape: [4] }), 1);
 * new Set(x.data).size // 4
 */
export function smoothTensor(options: SmoothOptions = {}): fc.Arbitrary<Tensor> {
  return shapeFrom(options).chain((shape) => smoothTensors([shape], options).map(([x]) => x as Tensor));
}
