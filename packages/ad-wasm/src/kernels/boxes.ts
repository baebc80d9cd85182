// Boxes of elements that are copied or filled: where each axis moves in the source and in the result.

/** An axis of a box: how many elements, and how many bytes apart they lie in the source and in the result. */
export interface Step {
  readonly size: number;
  readonly from: number;
  readonly to: number;
}

/** Elements that go from an input to the result, or are all one number. */
export interface Box {
  /** The number of the input, or what is written everywhere. */
  readonly source: number | { readonly fill: number };
  readonly steps: readonly Step[];
  /** The bytes at which the first element lies in the source. */
  readonly from: number;
  /** The bytes at which it lies in the result. */
  readonly to: number;
  /** How wide an element is; neighbours that move together are taken as one. */
  readonly bytes: 4 | 8 | 16;
}

/** How many bytes each axis of a tensor moves. */
export function byteStrides(shape: readonly number[], bytes: number): number[] {
  const strides = new Array<number>(shape.length);
  let stride = bytes;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis] as number;
  }
  return strides;
}

/** The sum of products, such as the bytes at which an element lies. */
export const offsetOf = (place: readonly number[], strides: readonly number[]): number =>
  place.reduce((total, n, i) => total + n * (strides[i] as number), 0);

/** The same box with as few axes as can be, the one that moves farthest in the result first; null when it is empty. */
export function simplified(box: Box): Box | null {
  if (box.steps.some(({ size }) => size === 0)) return null;
  const steps: Step[] = [];
  for (const step of box.steps.filter(({ size }) => size > 1).toSorted((a, b) => b.to - a.to)) {
    const outer = steps.at(-1);
    const isOne = outer?.to === step.to * step.size && outer.from === step.from * step.size;
    if (isOne) steps.splice(-1, 1, { ...step, size: outer.size * step.size });
    else steps.push(step);
  }
  return widened({ ...box, steps });
}

/** Neighbours that fill 8 or 16 bytes become one element. */
function widened(box: Box): Box {
  const last = box.steps.at(-1);
  const isRun = last?.from === box.bytes && last.to === box.bytes && typeof box.source === "number";
  const bytes = isRun ? last.size * box.bytes : 0;
  return bytes === 8 || bytes === 16 ? { ...box, bytes, steps: box.steps.slice(0, -1) } : box;
}

/** A box with an axis cut into chunks of a size, and what is left as a box of its own. */
export function chunked(box: Box, axis: number, chunk: number): Box[] {
  const { size, from, to } = box.steps[axis] as Step;
  const count = Math.floor(size / chunk);
  const inner = { size: chunk, from, to };
  const whole = {
    ...box,
    steps: box.steps.toSpliced(axis, 1, { size: count, from: chunk * from, to: chunk * to }, inner),
  };
  const done = count * chunk;
  if (done === size) return [whole];
  const rest = { ...box, from: box.from + done * from, to: box.to + done * to };
  return [whole, { ...rest, steps: box.steps.toSpliced(axis, 1, { size: size - done, from, to }) }];
}

/** The part of a tensor's box that lies outside of an inner box, as boxes that do not meet. */
export function frameOf(
  shape: readonly number[],
  inner: { readonly before: readonly number[]; readonly size: readonly number[] },
  bytes: 4 | 8,
  fill: number,
): Box[] {
  const strides = byteStrides(shape, bytes);
  const slab = (axis: number, start: number, size: number): Box => {
    const sizes = shape.map((n, a) => (a === axis ? size : a < axis ? (inner.size[a] as number) : n));
    const place = shape.map((_, a) => (a === axis ? start : a < axis ? (inner.before[a] as number) : 0));
    const steps = sizes.map((n, a) => ({ size: n, from: 0, to: strides[a] as number }));
    return { source: { fill }, steps, from: 0, to: offsetOf(place, strides), bytes };
  };
  return shape.flatMap((n, axis) => {
    const [before, size] = [inner.before[axis] as number, inner.size[axis] as number];
    return [slab(axis, 0, before), slab(axis, before + size, n - before - size)];
  });
}
