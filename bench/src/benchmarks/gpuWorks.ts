// What `npm run bench:gpu` measures: products, convolutions and sums along lines as programs whose operands stay on the machine.
import {
  apply,
  compile,
  conv2dFilterGradientPrimitive,
  conv2dImageGradientPrimitive,
  conv2dPrimitive,
  cumsum,
  type Executable,
  type Geometry,
  type Machine,
  matmul,
  type Primitive,
  type Shape,
  scatterAdd,
  slice,
  type Tensor,
  tensor,
  trace,
} from "@nonsmooth/ad-core";

/** One operation on two operands. */
export interface GpuWork {
  readonly name: string;
  readonly shapes: readonly [Shape, Shape];
  readonly compute: (a: Tensor, b: Tensor) => Tensor;
}

const productOf = (size: number): GpuWork => ({
  name: `product of matrices, ${size} x ${size}`,
  shapes: [
    [size, size],
    [size, size],
  ],
  compute: (a, b) => matmul(a, b),
});

const image = [8, 16, 64, 64];
const filter = [32, 16, 3, 3];
const output = [8, 32, 64, 64];
const geometry: Geometry = { image, filter, stride: [1, 1], padding: [1, 1] };

const convolutionOf = (what: string, primitive: Primitive<Geometry>, shapes: [Shape, Shape]): GpuWork => ({
  name: `convolution 3 x 3, 16 to 32 channels, 8 of 64 x 64: ${what}`,
  shapes,
  compute: (a, b) => apply(primitive, [a, b], geometry),
});

const [words, places, width] = [10_000, 2048, 32];

/** Numbers of words in no order. */
const text: Tensor = tensor(
  Int32Array.from({ length: places }, (_, i) => (i * 7919) % words),
  { dtype: "i32" },
);

/** All that is measured. */
export const gpuWorks: readonly GpuWork[] = [
  ...[256, 512, 1024].map(productOf),
  convolutionOf("result", conv2dPrimitive, [image, filter]),
  convolutionOf("gradient in the image", conv2dImageGradientPrimitive, [output, filter]),
  convolutionOf("gradient in the filter", conv2dFilterGradientPrimitive, [image, output]),
  {
    name: `gradient of an embedding, ${places} of ${words} words, ${width} wide`,
    shapes: [
      [words, width],
      [places, width],
    ],
    compute: (a, b) => scatterAdd(a, text, b),
  },
  {
    name: "running sums, 64 of 2048",
    shapes: [[64, 2048], []],
    compute: (a) => cumsum(a, { axis: 1 }),
  },
];

const numbersOf = (shape: Shape, factor: number): Tensor => {
  const size = shape.reduce((product, n) => product * n, 1);
  return tensor(
    Float32Array.from({ length: size }, (_, i) => ((i * factor) % 101) / 101 - 0.5),
    { shape, dtype: "f32" },
  );
};

/** The first element, so that nothing else comes back from the machine. */
const firstOf = (x: Tensor): Tensor =>
  slice(
    x,
    x.shape.map(() => 0),
    x.shape.map(() => 1),
  );

/** The same operation so many times over, on operands that stay on the machine; a run gives the first element of each result. */
export function workOn(machine: Machine, { shapes, compute }: GpuWork, times: number): Executable {
  const operands = [numbersOf(shapes[0], 37), numbersOf(shapes[1], 53)] as const;
  const program = trace(
    (a: Tensor, b: Tensor) => ({ a, b, firsts: Array.from({ length: times }, () => firstOf(compute(a, b))) }),
    [...operands],
  );
  const running = compile(program, machine, { carry: { a: 0, b: 1 } });
  running.write("a", operands[0]);
  running.write("b", operands[1]);
  return running;
}
