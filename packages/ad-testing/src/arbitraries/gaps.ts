// How far a value is from the kinks of an operation.
import { norm2, type Order, type Primitive, records, type Tensor } from "@nonsmooth/ad-core";

/** The least of some numbers. */
export const least = (numbers: Iterable<number>): number => Math.min(Infinity, ...numbers);

/** The least distance of an element from a number, or from the element of another tensor. */
export const distance = (a: Tensor, to: number | Tensor): number =>
  least(Array.from(a.data, (v, i) => Math.abs(v - (typeof to === "number" ? to : (to.data[i] as number)))));

/** How far a row in ascending order is from a tie that matters to what is taken of it. */
function rankGap(row: readonly number[], order: Order): number {
  const steps = row.slice(1).map((value, i) => value - (row[i] as number));
  const [lower, upper] = [Math.floor((row.length - 1) / 2), Math.ceil((row.length - 1) / 2)];
  const matters = {
    max: steps.slice(-1),
    min: steps.slice(0, 1),
    sort: steps,
    median: steps.filter((_, i) => i + 1 === lower || i === upper),
  };
  return least(matters[order]);
}

/** The least distance between branches that change places, at any place of a kink of ties. */
export function tieGap(name: string, x: Tensor, params: unknown): number {
  const { kink } = records.get(name) as Primitive;
  if (kink?.type !== "tie") throw new Error(`tieGap: ${name} has no kink of ties`);
  const [branches] = kink.branches([x] as never, params);
  const { data, shape } = branches as Tensor;
  const width = shape.at(-1) as number;
  return least(
    Array.from({ length: data.length / width }, (_, row) =>
      rankGap(
        Array.from(data.subarray(row * width, (row + 1) * width)).toSorted((a, b) => a - b),
        kink.order(params),
      ),
    ),
  );
}

/** The least norm of a row. */
export const normGap = (a: Tensor, axes: number): number => least(norm2(a, { axes }).data);
