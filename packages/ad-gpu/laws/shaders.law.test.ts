/** Products and convolutions by shaders of our own: the bits of the reference, for shapes that blocks do not divide. */
import {
  apply,
  compile,
  conv2dFilterGradientPrimitive,
  conv2dImageGradientPrimitive,
  conv2dPrimitive,
  full,
  type Geometry,
  matmul,
  type Primitive,
  type Tensor,
  tensor,
  trace,
  transpose,
} from "@nonsmooth/ad-core";
import { fc } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { type GpuMachine, gpu } from "../src/index.ts";
import { onEachMachine } from "./machines.ts";
import { checkNumbers, drawn } from "./ownShaders.ts";

type Two = (a: Tensor, b: Tensor) => Tensor;

interface Product {
  readonly batch: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

/** The product, of operands that lie exchanged or not. */
async function checkProduct(
  machine: GpuMachine,
  { batch, rows, inner, columns }: Product,
  isFirst: boolean,
  isSecond: boolean,
  shaders = 1,
): Promise<void> {
  const a = drawn(isFirst ? [batch, inner, rows] : [batch, rows, inner], 1);
  const b = drawn(isSecond ? [batch, columns, inner] : [batch, inner, columns], 2);
  const seen = (x: Tensor, isExchanged: boolean): Tensor => (isExchanged ? transpose(x, [0, 2, 1]) : x);
  const compute: Two = (x, y) => matmul(seen(x, isFirst), seen(y, isSecond));
  const what = `${batch} x ${rows} x ${inner} x ${columns}, exchanged ${isFirst} and ${isSecond}`;
  await checkNumbers(machine, what, compute as never, [a, b], shaders);
}

/** What each record takes besides the filter, or makes. */
const records: readonly [Primitive<Geometry>, (geometry: Geometry) => [number[], number[]]][] = [
  [conv2dPrimitive, ({ image, filter }) => [[...image], [...filter]]],
  [conv2dImageGradientPrimitive, (geometry) => [outputOf(geometry), [...geometry.filter]]],
  [conv2dFilterGradientPrimitive, (geometry) => [[...geometry.image], outputOf(geometry)]],
];

const outputOf = ({ image, filter, stride, padding }: Geometry): number[] => {
  const along = (axis: 0 | 1): number =>
    Math.floor(((image[axis + 2] as number) + 2 * padding[axis] - (filter[axis + 2] as number)) / stride[axis]) + 1;
  return [image[0] as number, filter[0] as number, along(0), along(1)];
};

const geometryOf = (
  image: number[],
  filter: number[],
  stride: [number, number],
  padding: [number, number],
): Geometry => ({
  ...{ image, filter: [filter[0] as number, image[1] as number, ...filter.slice(1)], stride, padding },
});

async function checkConvolution(machine: GpuMachine, geometry: Geometry, shaders: number | null): Promise<void> {
  for (const [primitive, shapes] of records) {
    const operands = shapes(geometry).map((shape, i) => drawn(shape, i + 1)) as [Tensor, Tensor];
    const what = `${primitive.name} ${JSON.stringify(geometry)}`;
    await checkNumbers(machine, what, (x, y) => apply(primitive, [x, y], geometry), operands, shaders);
  }
}

/** Geometries, of which most have work enough for shaders. */
const geometries = fc
  .record({
    ...{ batch: upTo(4), channels: upTo(9), filters: upTo(9), size: fc.tuple(upTo(12), upTo(20)) },
    ...{ window: fc.tuple(upTo(5), upTo(7)), stride: fc.tuple(upTo(3), upTo(4)) },
    padding: fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 6 })),
  })
  .map(({ batch, channels, filters, size, window, stride, padding }) =>
    geometryOf([batch, channels, size[0] + 10, size[1] + 10], [filters, ...window], stride, padding),
  );

function upTo(max: number): fc.Arbitrary<number> {
  return fc.integer({ min: 1, max });
}

await onEachMachine(
  ({ machine }) => {
    test.each<[string, Product]>([
      ["whole blocks of 8 x 8", { batch: 17, rows: 64, inner: 8, columns: 64 }],
      ["whole blocks of 4 x 4", { batch: 1, rows: 32, inner: 32, columns: 32 }],
      ["nothing in fours", { batch: 2, rows: 33, inner: 51, columns: 21 }],
      ["four columns and half a block", { batch: 5, rows: 70, inner: 32, columns: 4 }],
    ])("products of operands that lie either way, %s", async (_name, product) => {
      await checkProduct(machine, product, false, false);
      await checkProduct(machine, product, true, false);
      await checkProduct(machine, product, false, true);
      await checkProduct(machine, product, true, true);
    });

    test.each<[string, Product, number]>([
      ["one row", { batch: 1, rows: 1, inner: 130, columns: 258 }, 1],
      ["one term", { batch: 3, rows: 101, inner: 1, columns: 150 }, 1],
      ["one column", { batch: 1, rows: 300, inner: 200, columns: 1 }, 0],
      ["no terms", { batch: 2, rows: 100, inner: 0, columns: 100 }, 0],
      ["no rows", { batch: 2, rows: 0, inner: 100, columns: 100 }, 0],
      ["little work", { batch: 2, rows: 5, inner: 6, columns: 7 }, 0],
    ])("products of odd sizes, %s", (_name, product, shaders) => checkProduct(machine, product, false, true, shaders));

    test.each<[string, Geometry, number]>([
      ["whole blocks", geometryOf([2, 4, 32, 32], [8, 3, 3], [1, 1], [1, 1]), 1],
      ["channels and columns left over", geometryOf([3, 5, 11, 13], [7, 3, 3], [1, 1], [0, 0]), 1],
      ["strides", geometryOf([2, 5, 21, 23], [6, 3, 3], [2, 2], [1, 1]), 1],
      ["strides that skip pixels", geometryOf([4, 9, 31, 20], [8, 2, 2], [3, 3], [1, 2]), 1],
      ["strides of two sizes", geometryOf([4, 6, 30, 31], [9, 4, 3], [1, 5], [2, 0]), 1],
      ["windows of one pixel, some in the padding", geometryOf([3, 17, 9, 10], [19, 1, 1], [1, 1], [1, 2]), 1],
      ["a window larger than the image", geometryOf([2, 3, 13, 11], [5, 7, 9], [1, 3], [6, 8]), 1],
      ["one channel", geometryOf([16, 1, 14, 14], [1, 5, 5], [1, 1], [2, 2]), 1],
      ["one column", geometryOf([16, 6, 12, 5], [6, 5, 5], [1, 1], [2, 0]), 1],
      ["a very wide window", geometryOf([1, 3, 8, 30], [4, 3, 17], [1, 1], [1, 0]), 0],
    ])("a convolution and its gradients, %s", (_name, geometry, shaders) =>
      checkConvolution(machine, geometry, shaders),
    );

    test("convolutions of random shapes", () =>
      fc.assert(
        fc.asyncProperty(geometries, (geometry) => checkConvolution(machine, geometry, null)),
        { numRuns: Math.ceil((fc.readConfigureGlobal().numRuns ?? 100) / 25), includeErrorInReport: true },
      ));

    test("sums of negative zeros are negative, and sums of nothing are not", async () => {
      const geometry = geometryOf([4, 9, 30, 20], [8, 2, 2], [3, 3], [2, 3]);
      for (const [primitive, shapes] of records) {
        const operands = shapes(geometry).map((shape, i) => full(shape, i === 0 ? 0 : -1, { dtype: "f32" }));
        const compute: Two = (x, y) => apply(primitive, [x, y], geometry);
        await checkNumbers(machine, primitive.name, compute, operands as [Tensor, Tensor], 1);
      }
    });

    test("a weight that meets padding alone may be infinite", async () => {
      const geometry = geometryOf([2, 8, 16, 16], [8, 3, 3], [1, 1], [1, 1]);
      const image = drawn(geometry.image, 1);
      // The left column of the windows is infinite, so that only the first column of the result is finite.
      const weights = Float32Array.from(drawn(geometry.filter, 2).data, (w, i) =>
        i % 3 === 0 ? Number.POSITIVE_INFINITY : w,
      );
      const filter = tensor(weights, { shape: geometry.filter, dtype: "f32" });
      const program = trace((x: Tensor, w: Tensor) => apply(conv2dPrimitive, [x, w], geometry), [image, filter]);
      const running = compile(program, machine);
      const { data } = (await running.run([image, filter])) as Tensor;
      running.dispose();
      const expected = apply(conv2dPrimitive, [image, filter], geometry).data;
      const firstColumn = (numbers: ArrayLike<number>): number[] => Array.from(numbers).filter((_, i) => i % 16 === 0);
      expect(firstColumn(data)).toEqual(firstColumn(expected));
      expect(firstColumn(data).every(Number.isFinite)).toBe(true);
    });

    test("gpu.js translates everything when it is asked to, and the numbers are the same", async () => {
      const translating = await gpu({ adapter: "software", shaders: "translated" });
      await checkProduct(translating, { batch: 1, rows: 33, inner: 32, columns: 35 }, false, false);
    });
  },
  ["webgpu"],
);
