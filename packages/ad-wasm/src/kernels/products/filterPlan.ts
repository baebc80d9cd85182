// Filter gradients: which taps are summed together, and where their sums over samples are kept.
import type { Geometry } from "@nonsmooth/ad-core";
import type { Task } from "../kernel.ts";
import { type Lanes, lanesOf } from "./lanes.ts";
import { type Four, type Meeting, meetings, type Picture, pictureOf } from "./windowPlan.ts";

/** One weight of each output channel. */
interface Tap {
  readonly weight: number;
  /** The plane and the position in it where the image first meets it. */
  readonly plane: number;
  readonly position: number;
}

/** Taps that meet the image at the same positions of the output. */
export interface TapGroup {
  readonly taps: readonly Tap[];
  /** The first position of the output, and how many rows and columns of it. */
  readonly output: number;
  readonly rows: number;
  readonly columns: number;
}

/** Everything that the code of a filter gradient depends on. */
export interface FilterPlan {
  readonly lanes: Lanes;
  readonly batch: number;
  readonly image: Picture;
  readonly output: Picture;
  readonly stride: readonly [number, number];
  /** Weights of one output channel. */
  readonly weights: number;
  /** By window rows, and by window columns: which part of the output meets the image. */
  readonly rows: readonly Meeting[];
  readonly columns: readonly Meeting[];
}

/** Each weight sums over output rows and columns within a sample, then over the samples. */
export function planFilter({ module, inputs, output, params }: Task<Geometry>): FilterPlan {
  const { image, filter, stride, padding } = params;
  const [picture, result] = [pictureOf(image), pictureOf((inputs[1] as Task["output"]).shape)];
  const [, , windowHeight, windowWidth] = filter as Four;
  const place = (axis: 0 | 1) => (tap: number, at: number) => at * stride[axis] - padding[axis] + tap;
  return {
    ...{ lanes: lanesOf(output.dtype, module.vectors), batch: image[0] as number },
    ...{ image: picture, output: result, stride },
    weights: picture.channels * windowHeight * windowWidth,
    rows: meetings(windowHeight, picture.height, result.height, place(0)),
    columns: meetings(windowWidth, picture.width, result.width, place(1)),
  };
}

/** All taps of the first channels of the image, so many together as go into a tile: larger groups first. */
export function tapGroups(plan: FilterPlan, channels: number, together: number): TapGroup[] {
  const alike = new Map<string, TapGroup & { readonly taps: Tap[] }>();
  for (let weight = 0; weight < channels * plan.rows.length * plan.columns.length; weight++) {
    const [channel, row, column] = placeOf(plan, weight);
    const group = {
      ...{ rows: row.count, columns: column.count, taps: [] },
      output: row.tap * plan.output.width + column.tap,
    };
    const key = `${group.output} ${group.rows} ${group.columns}`;
    if (!alike.has(key)) alike.set(key, group);
    alike.get(key)?.taps.push({ weight, plane: channel, position: row.source * plan.image.width + column.source });
  }
  const groups = [...alike.values()].flatMap(({ taps, ...others }) =>
    Array.from({ length: Math.ceil(taps.length / together) }, (_, i) => {
      return { ...others, taps: taps.slice(i * together, (i + 1) * together) };
    }),
  );
  return groups.toSorted((a, b) => b.taps.length - a.taps.length);
}

/** Whether some taps never meet the image. */
export const hasEmptyTaps = ({ rows, columns }: FilterPlan): boolean =>
  [...rows, ...columns].some(({ count }) => count === 0);

/** The input channel of a weight, and what meets its row and column. */
function placeOf({ rows, columns }: FilterPlan, weight: number): [number, Meeting, Meeting] {
  const tap = weight % (rows.length * columns.length);
  const row = rows[Math.floor(tap / columns.length)] as Meeting;
  return [Math.floor(weight / (rows.length * columns.length)), row, columns[tap % columns.length] as Meeting];
}
