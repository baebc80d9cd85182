import { type DType, type Geometry, type Primitive, records, type Shape } from "@nonsmooth/ad-core";
import { describe, test } from "vitest";
import { numbers, type Special } from "../../laws/numbers.ts";
import { expectSameBits } from "../../laws/runKernel.ts";
import { plainVectors, type Vectors } from "../encoding/module.ts";
import { convolutionKernels } from "./convolution.ts";
import type { Kernel } from "./kernel.ts";

const names = Object.keys(convolutionKernels);
const record = (name: string): Primitive<Geometry> => records.get(name) as Primitive<Geometry>;

/** All three kernels for one geometry. */
function expectSame(geometry: Geometry, dtype: DType, first: Special, second = first, vectors?: Vectors): void {
  const { image, filter } = geometry;
  const [x, w] = [numbers(image, dtype, 1, first), numbers(filter, dtype, 2, second)];
  const shape = record("conv2d").shape([x, w] as never, geometry) as Shape;
  const [y, z] = [numbers(shape, dtype, 3, first), numbers(shape, dtype, 4, second)];
  const inputs = { conv2d: [x, w], conv2dImageGradient: [y, w], conv2dFilterGradient: [x, z] } as const;
  for (const name of names) {
    const kernel = convolutionKernels[name] as Kernel<Geometry>;
    expectSameBits(kernel, record(name), inputs[name as keyof typeof inputs], geometry, vectors);
  }
}

interface Sizes {
  readonly image: readonly [batch: number, channels: number, height: number, width: number];
  readonly filter: readonly [channels: number, height: number, width: number];
  readonly stride?: readonly [number, number];
  readonly padding?: readonly [number, number];
}

const geometryOf = ({ image, filter, stride = [1, 1], padding = [0, 0] }: Sizes): Geometry => {
  const [outChannels, height, width] = filter;
  return { image, filter: [outChannels, image[1], height, width], stride, padding };
};

const sizes: readonly Sizes[] = [
  { image: [1, 1, 1, 1], filter: [1, 1, 1] },
  { image: [2, 1, 28, 28], filter: [6, 5, 5] },
  { image: [9, 6, 12, 12], filter: [16, 5, 5] },
  { image: [3, 2, 7, 6], filter: [3, 3, 3], padding: [1, 1] },
  { image: [8, 4, 4, 4], filter: [8, 3, 3], padding: [1, 1] },
  { image: [17, 3, 2, 2], filter: [5, 3, 3], padding: [1, 1] },
  { image: [5, 3, 9, 11], filter: [4, 3, 2], stride: [2, 3], padding: [1, 0] },
  { image: [4, 5, 6, 7], filter: [9, 1, 1] },
  { image: [6, 4, 8, 8], filter: [7, 1, 1], stride: [2, 2] },
  { image: [2, 3, 5, 4], filter: [2, 5, 4] },
  { image: [2, 1, 3, 3], filter: [2, 5, 5], padding: [2, 3] },
  { image: [3, 2, 3, 2], filter: [3, 2, 2], padding: [4, 5], stride: [3, 2] },
  { image: [2, 2, 3, 19], filter: [3, 2, 13], padding: [0, 6] },
  { image: [1, 3, 40, 9], filter: [4, 3, 3], padding: [1, 1] },
  { image: [2, 2, 4, 4], filter: [132, 3, 3], padding: [1, 1] },
  { image: [3, 70, 3, 3], filter: [2, 3, 3], padding: [1, 1] },
  { image: [33, 1, 3, 3], filter: [1, 2, 2] },
  { image: [1, 5, 5, 5], filter: [9, 3, 3], stride: [2, 2], padding: [1, 1] },
  { image: [1, 3, 6, 12], filter: [21, 3, 5], padding: [1, 2] },
  { image: [2, 2, 33, 2], filter: [9, 2, 1], stride: [1, 2] },
  { image: [5, 9, 1, 21], filter: [7, 1, 4] },
  { image: [17, 6, 5, 5], filter: [2, 3, 3], padding: [1, 1] },
  { image: [4101, 1, 1, 2], filter: [2, 1, 1] },
  { image: [1, 1, 1, 5], filter: [1, 2, 2], stride: [2, 2], padding: [1, 1] },
];

describe.each(["f64", "f32", "f16", "bf16"] as const)("convolutions of %s have the bits of the reference", (dtype) => {
  test.each(sizes)("$image with $filter", (one) => {
    for (const special of ["none", "zeros", "all"] as const) expectSame(geometryOf(one), dtype, special);
    // All sums are -0, but for those without terms.
    expectSame(geometryOf(one), dtype, "zero", "negative");
  });

  test("when an axis is empty", () => {
    for (const image of [
      [0, 2, 3, 3],
      [2, 0, 3, 3],
    ] as const) {
      expectSame(geometryOf({ image, filter: [2, 2, 2] }), dtype, "none");
    }
    expectSame(geometryOf({ image: [2, 2, 3, 3], filter: [0, 2, 2] }), dtype, "none");
    expectSame(geometryOf({ image: [2, 2, 0, 3], filter: [2, 2, 2], padding: [1, 1] }), dtype, "none");
  });
});

test.each(["f64", "f32", "f16"] as const)("tiles for joined vectors have the same bits, %s", (dtype) => {
  const wide = { ...plainVectors, isWide: true };
  const more: readonly Sizes[] = [
    { image: [8, 3, 5, 6], filter: [21, 3, 3], padding: [1, 1] },
    { image: [16, 5, 5, 4], filter: [6, 2, 2] },
    { image: [37, 2, 4, 4], filter: [9, 3, 3], padding: [1, 1] },
    { image: [13, 9, 6, 6], filter: [11, 3, 3], stride: [2, 2], padding: [1, 1] },
  ];
  for (const one of [...sizes, ...more]) {
    for (const special of ["none", "all"] as const) expectSame(geometryOf(one), dtype, special, special, wide);
  }
});
