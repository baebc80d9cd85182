// Tensors for kernels that compute along rows: shapes of every kind, and numbers whose order can be heard.
import { type DType, type Tensor, tensor } from "@nonsmooth/ad-core";

/** The formats of reals. */
export const reals: readonly DType[] = ["f64", "f32", "f16", "bf16"];

/** A tensor and the axes along which its rows lie. */
export interface RowCase {
  readonly shape: readonly number[];
  readonly axes: readonly number[];
}

const cases = (shape: readonly number[], ...axes: readonly (readonly number[])[]): RowCase[] =>
  axes.map((one) => ({ shape, axes: one }));

/** Rows that are neighbours, columns, and what lies between; none of the axes is empty. */
const shortCases: readonly RowCase[] = [
  ...cases([], []),
  ...cases([1], [], [0]),
  ...cases([7], [], [0]),
  ...[15, 16, 17, 33].flatMap((n) => cases([n], [0])),
  ...[1, 3, 15, 16, 17, 33].flatMap((n) => cases([5, n], [0], [1], [0, 1])),
  ...[15, 16, 17, 33].flatMap((n) => cases([n, 6], [0])),
  ...cases([2, 5, 3], [], [0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]),
  ...cases([4, 6, 8], [0], [1], [2], [0, 1], [0, 2], [1, 2]),
  ...cases([3, 2, 7, 4], [0, 2], [1, 3], [0, 2, 3], [1, 2]),
  ...cases([9, 3, 4, 4], [0, 2, 3], [1], [0, 1], [2, 3]),
  ...cases([2, 3, 2, 5, 2, 3], [0, 2, 4], [1, 3, 5], [0, 1, 4, 5], [2, 3], [5], [0]),
  ...cases([3, 2, 5, 2, 16, 4], [0, 2, 4], [1, 3, 5], [4]),
  ...cases([1, 12, 1, 10, 1, 1], [0, 1, 2], [3, 4], [5], [0, 2]),
];

/** Rows of several groups. */
const longCases: readonly RowCase[] = [
  ...[4095, 4096, 4097, 8191, 10000].flatMap((n) => cases([n], [0])),
  ...cases([4097, 3], [0]),
  ...cases([4100, 5], [0]),
  ...cases([3, 4097], [1]),
  ...cases([40, 2, 11, 11], [0, 2, 3]),
  ...cases([20, 2, 16, 17], [0, 2, 3]),
  ...cases([40, 1, 11, 2, 11, 3], [0, 2, 4]),
];

/** The cases of a dtype. The 16-bit formats differ only in how results are rounded, so they need no long rows. */
export const rowCases = (dtype: DType): readonly RowCase[] =>
  dtype === "f16" || dtype === "bf16" ? shortCases : [...shortCases, ...longCases];

/** Rows of nothing, and nothing but rows. */
export const emptyCases: readonly RowCase[] = [
  ...cases([0], [], [0]),
  ...cases([3, 0], [0], [1], [0, 1]),
  ...cases([0, 9], [0], [1]),
  ...cases([5, 0, 4], [1], [0, 2]),
];

/** Numbers of all sizes and both signs that nearly cancel, the same at each run. */
function numberAt(i: number): number {
  const noise = Math.sin(12.9898 * i + 1) * 43758.5453;
  const fraction = noise - Math.floor(noise) - 0.5;
  return i % 3 === 0 ? fraction * 1e-3 : i % 3 === 1 ? fraction * 40 : fraction;
}

/** A tensor of such numbers; integers are so large that their sums wrap around. */
export function rowTensor(shape: readonly number[], dtype: DType): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  const scale = dtype === "i32" ? 2 ** 27 : 1;
  const numbers = Array.from({ length: size }, (_, i) => Math.fround(numberAt(i)) * scale);
  return tensor(dtype === "bool" ? numbers.map((x) => (x > 0 ? 1 : 0)) : numbers, { shape, dtype });
}

/** Each row has one of the special numbers, or several; some rows have none. */
export function specialTensor(shape: readonly number[], dtype: DType, special: readonly number[]): Tensor {
  const ordinary = rowTensor(shape, dtype);
  const numbers = Array.from(ordinary.data, (x, i) => (i % 5 === 2 ? (special[i % special.length] as number) : x));
  return tensor(numbers, { shape, dtype });
}

/** A tensor of one number. */
export function filledTensor(shape: readonly number[], dtype: DType, value: number): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  return tensor(new Array<number>(size).fill(value), { shape, dtype });
}
