// The branches of a kink as rows of numbers, one for each place.
import type { Row } from "./rank.ts";

/** How branches and their tangents lie in a list of tensors. */
export interface Layout {
  /** How many lists of branches there are: the values, and one for each direction. */
  readonly keys: number;
  /** Whether branches lie along the last axis of one tensor; otherwise each has a tensor of its own. */
  readonly along: boolean;
  /** Whether one further tensor says which places are branches at all. */
  readonly masked: boolean;
}

/** Tensors of numbers, as kernels and readers see them. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly at: (place: number) => number;
}

/** How many branches there are, and at how many places. */
export function extentOf(shapes: readonly (readonly number[])[], { keys, along, masked }: Layout): [number, number] {
  const first = shapes[0] ?? [];
  const tensors = (shapes.length - (masked ? 1 : 0)) / keys;
  const width = along ? (first.at(-1) ?? 1) : tensors;
  const size = first.reduce((n, m) => n * m, 1);
  return [width, along ? (width === 0 ? 0 : size / width) : size];
}

/** Reads the rows one after the other. The row that `visit` sees is filled anew for the next place. */
export function eachRow(list: readonly Numbers[], layout: Layout, visit: (row: Row, place: number) => void): void {
  const [width, places] = extentOf(
    list.map(({ shape }) => shape),
    layout,
  );
  const perKey = layout.along ? 1 : width;
  const mask = layout.masked ? list.at(-1) : undefined;
  const all = Array.from({ length: width }, (_, i) => i);
  const keys = Array.from({ length: layout.keys }, () => new Float64Array(width));
  const read = (key: number, branch: number, place: number): number =>
    layout.along
      ? (list[key] as Numbers).at(place * width + branch)
      : (list[key * perKey + branch] as Numbers).at(place);
  for (let place = 0; place < places; place++) {
    keys.forEach((row, key) => {
      for (let branch = 0; branch < width; branch++) row[branch] = read(key, branch, place);
    });
    visit({ keys, present: mask ? all.filter((branch) => mask.at(place * width + branch) !== 0) : all }, place);
  }
}
