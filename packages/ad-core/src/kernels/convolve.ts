// Convolution is one trilinear form, sum of image * filter * output, and each kernel is its derivative in one factor.
import type { Arithmetic } from "../arithmetic/algebra.ts";
import type { Cells } from "../door/primitive.ts";
import { type Shape, sizeOf } from "../tensors/shape.ts";
import { sumOf } from "./reduce.ts";
import { accumulator } from "./scatter.ts";

/** Sizes of a convolution and how the window moves. */
export interface Geometry {
  /** `[batch, inChannels, height, width]` */
  readonly image: Shape;
  /** `[outChannels, inChannels, windowHeight, windowWidth]` */
  readonly filter: Shape;
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
}

/** Number of positions of a window along one axis. */
export const positions = (size: number, window: number, stride: number, padding: number): number =>
  Math.floor((size + 2 * padding - window) / stride) + 1;

/** `[batch, outChannels, outHeight, outWidth]` */
export function outputShape({ image, filter, stride, padding }: Geometry): number[] {
  const [batch, , height, width] = image as [number, number, number, number];
  const [outChannels, , windowHeight, windowWidth] = filter as [number, number, number, number];
  const rows = positions(height, windowHeight, stride[0], padding[0]);
  return [batch, outChannels, rows, positions(width, windowWidth, stride[1], padding[1])];
}

/** The positions, from and below, at which offset `tap` of a window meets the image along one axis. */
function meeting(size: number, count: number, stride: number, padding: number, tap: number): [number, number] {
  const from = Math.max(0, Math.ceil((padding - tap) / stride));
  return [from, Math.min(count, Math.floor((size - 1 + padding - tap) / stride) + 1)];
}

/** A row of products that share one weight: they step through a row of the image and a row of the output. */
interface Run {
  image: number;
  readonly imageStep: number;
  filter: number;
  output: number;
  count: number;
}

/**
 * Visits every product of the form once, by runs: batch, output channel, input channel, window row, window column,
 * output row. The run is one object, written anew each time.
 */
function forEachRun(geometry: Geometry, visit: (run: Run) => void): void {
  const [batch, inChannels, height, width] = geometry.image as [number, number, number, number];
  const [outChannels, , rows, columns] = geometry.filter as [number, number, number, number];
  const [, , outHeight, outWidth] = outputShape(geometry) as [number, number, number, number];
  const run: Run = { image: 0, imageStep: geometry.stride[1], filter: 0, output: 0, count: 0 };
  for (let pair = 0; pair < batch * outChannels * inChannels; pair++) {
    const [ci, co] = [pair % inChannels, Math.floor(pair / inChannels) % outChannels];
    const b = Math.floor(pair / (inChannels * outChannels));
    const plane = {
      image: (b * inChannels + ci) * height * width,
      output: (b * outChannels + co) * outHeight * outWidth,
    };
    for (let tap = 0; tap < rows * columns; tap++) {
      run.filter = (co * inChannels + ci) * rows * columns + tap;
      visitTap(geometry, plane, [outHeight, outWidth], tap, run, visit);
    }
  }
}

function visitTap(
  { image, filter, stride, padding }: Geometry,
  plane: { readonly image: number; readonly output: number },
  [outHeight, outWidth]: readonly [number, number],
  tap: number,
  run: Run,
  visit: (run: Run) => void,
): void {
  const [, , height, width] = image as [number, number, number, number];
  const tapColumns = filter[3] as number;
  const [row, column] = [Math.floor(tap / tapColumns), tap % tapColumns];
  const [top, bottom] = meeting(height, outHeight, stride[0], padding[0], row);
  const [left, right] = meeting(width, outWidth, stride[1], padding[1], column);
  run.count = right - left;
  for (let y = top; y < bottom; y++) {
    run.image = plane.image + (y * stride[0] - padding[0] + row) * width + left * stride[1] - padding[1] + column;
    run.output = plane.output + y * outWidth + left;
    visit(run);
  }
}

/** Each output sums over input channel, window row, window column, in this order, skipping the padding. */
export function convolve<N>(k: Arithmetic<N>, image: Cells<N>, filter: Cells<N>, geometry: Geometry): ArrayLike<N> {
  const { cells, begun } = accumulator(k, sizeOf(outputShape(geometry)));
  const { add, mul } = k.sum;
  forEachRun(geometry, (run) => {
    const weight = filter.data[run.filter] as N;
    for (let i = 0; i < run.count; i++) {
      const at = run.output + i;
      const product = mul(image.data[run.image + i * run.imageStep] as N, weight);
      cells[at] = begun[at] === 1 ? add(cells[at] as N, product) : product;
      begun[at] = 1;
    }
  });
  return cells;
}

/** Each pixel sums over output channel, window row, window column, in this order. */
export function convolveToImage<N>(
  k: Arithmetic<N>,
  output: Cells<N>,
  filter: Cells<N>,
  geometry: Geometry,
): ArrayLike<N> {
  const { cells, begun } = accumulator(k, sizeOf(geometry.image));
  const { add, mul } = k.sum;
  forEachRun(geometry, (run) => {
    const weight = filter.data[run.filter] as N;
    for (let i = 0; i < run.count; i++) {
      const at = run.image + i * run.imageStep;
      const product = mul(output.data[run.output + i] as N, weight);
      cells[at] = begun[at] === 1 ? add(cells[at] as N, product) : product;
      begun[at] = 1;
    }
  });
  return cells;
}

/** Each weight sums over output row and column within a sample, then over the samples as every reduction does. */
export function convolveToFilter<N>(
  k: Arithmetic<N>,
  image: Cells<N>,
  output: Cells<N>,
  geometry: Geometry,
): ArrayLike<N> {
  const [batch, weights] = [geometry.image[0] as number, sizeOf(geometry.filter)];
  const perSample = sizeOf(outputShape(geometry)) / batch;
  const { cells, begun } = accumulator(k, batch * weights);
  const { add, mul } = k.sum;
  forEachRun(geometry, (run) => {
    const at = Math.floor(run.output / perSample) * weights + run.filter;
    let total = cells[at] as N;
    for (let i = 0; i < run.count; i++) {
      const product = mul(image.data[run.image + i * run.imageStep] as N, output.data[run.output + i] as N);
      total = begun[at] === 1 ? add(total, product) : product;
      begun[at] = 1;
    }
    cells[at] = total;
  });
  const out = k.allocate(weights);
  for (let f = 0; f < weights; f++) out[f] = sumOf(k, batch, (b) => cells[b * weights + f] as N);
  return out;
}

/** How often one axis of a convolution multiplies, and how many different places take part. */
export interface Reach {
  readonly products: number;
  readonly taps: number;
  readonly outputs: number;
  readonly pixels: number;
}

/** Counts the products along one spatial axis, 0 for height and 1 for width. */
export function reachAlong(geometry: Geometry, axis: 0 | 1): Reach {
  const [size, window] = [geometry.image[axis + 2] as number, geometry.filter[axis + 2] as number];
  const [stride, padding] = [geometry.stride[axis], geometry.padding[axis]];
  const count = positions(size, window, stride, padding);
  const [taps, outputs, pixels] = [new Set<number>(), new Set<number>(), new Set<number>()];
  let products = 0;
  for (let tap = 0; tap < window; tap++) {
    const [from, below] = meeting(size, count, stride, padding, tap);
    for (let at = from; at < below; at++) {
      products++;
      taps.add(tap);
      outputs.add(at);
      pixels.add(at * stride - padding + tap);
    }
  }
  return { products, taps: taps.size, outputs: outputs.size, pixels: pixels.size };
}
