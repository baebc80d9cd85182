// How far a value is from the kinks of an operation.
import { norm2, type Primitive, records, type Tensor } from "@nonsmooth/ad-core";

const least = (numbers: Iterable<number>): number => Math.min(Infinity, ...numbers);

/** The least distance of an element from a number, or from the element of another tensor. */
export const distance = (a: Tensor, to: number | Tensor): number =>
  least(Array.from(a.data, (v, i) => Math.abs(v - (typeof to === "number" ? to : (to.data[i] as number)))));

/** The least distance between the extreme branch and the next one, at any place of a kink of ties. */
export function tieGap(name: string, x: Tensor, params: unknown): number {
  const { kink } = records.get(name) as Primitive;
  if (kink?.type !== "tie") throw new Error(`tieGap: ${name} has no kink of ties`);
  const [branches] = kink.branches([x] as never, params);
  const sign = kink.order(params) === "max" ? 1 : -1;
  const { data, shape } = branches as Tensor;
  const width = shape.at(-1) as number;
  return least(
    Array.from({ length: data.length / width }, (_, row) => {
      const sorted = Array.from(data.subarray(row * width, (row + 1) * width), (v) => sign * v).toSorted(
        (a, b) => b - a,
      );
      return (sorted[0] as number) - (sorted[1] ?? -Infinity);
    }),
  );
}

/** The least norm of a row. */
export const normGap = (a: Tensor, axes: number): number => least(norm2(a, { axes }).data);
