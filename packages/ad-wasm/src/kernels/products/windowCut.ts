// How sums over windows are cut: into units, blocks of samples, rows and channels that caches hold.
import type { Planes } from "./sampleLanes.ts";
import type { Meeting, WindowPlan } from "./windowPlan.ts";
import type { WindowTile } from "./windowTile.ts";

/** How the work is cut. Steps are in bytes. */
export interface WindowCut {
  readonly plan: WindowPlan;
  /** Vectors of a position, and channels of a tile. */
  readonly vectors: number;
  readonly channels: number;
  /** Channels of the target in a unit, and how many units share the samples of a block. */
  readonly channelsAtOnce: number;
  readonly parts: number;
  /** Rows of the target whose sums wait side by side. */
  readonly rowsAtOnce: number;
  /** Channels that are summed over in one pass through these rows. */
  readonly sumsAtOnce: number;
  /** Planes of the source side by side. */
  readonly planes: Planes;
}

/** Channels for which it is worth while to put the source side by side once more, and units that are enough for threads. */
const unitChannels = 16;
const enoughUnits = 8;

/** Bytes of sums that wait, and of the source and the weights that one tile reads after another, in the nearest cache. */
const waitingBytes = 8192;
const passBytes = 24576;

/** From one plane to the next: an odd number of lines of the cache, so that planes do not displace each other. */
export const spread = (bytes: number): number => 64 * (2 * Math.ceil((bytes / 64 - 1) / 2) + 1);

/** Samples of a block. */
export const samplesOf = ({ vectors, plan }: Pick<WindowCut, "vectors" | "plan">): number => vectors * plan.lanes.count;

/** The largest number of rows or columns of a window that meet. */
export const mostOf = (met: readonly Meeting[]): number => met.reduce((n, { count }) => Math.max(n, count), 1);

/** Vectors and channels of a tile: as many of its sums as there are registers for should count. */
function tileSizes(channels: number, blocks: number): readonly [vectors: number, channels: number] {
  if (blocks >= 4 && [1, 2, 6].includes(channels)) return [4, Math.min(2, channels)];
  return [blocks > 1 ? 2 : 1, channels > 4 && channels < 8 ? Math.ceil(channels / 2) : Math.min(4, channels)];
}

/** The cut for a plan. */
export function cutWindows(plan: WindowPlan): WindowCut {
  const { lanes, batch, source, target, isReversed } = plan;
  const [vectors, channels] = tileSizes(target.channels, batch / lanes.count);
  const positions = source.height * source.width;
  return {
    ...{ plan, vectors, channels },
    ...partsOf(plan, vectors * lanes.count),
    rowsAtOnce: atMost(target.height, waitingBytes / (channels * target.width * 16 * vectors)),
    sumsAtOnce: evenly(source.channels, passBytes / passChannelBytes(plan, channels, vectors)),
    planes: {
      ...{ lanes, vectors, positions, isReversed },
      plane: positions * lanes.bytes,
      sample: source.channels * positions * lanes.bytes,
      together: spread(positions * 16 * vectors),
      hasMissing: batch % (vectors * lanes.count) !== 0,
    },
  };
}

/** Products of all sums. */
export function productsOf({ batch, source, target, rows, columns }: WindowPlan): number {
  const taps = (met: readonly Meeting[]): number => met.reduce((sum, { count }) => sum + count, 0);
  return batch * source.channels * target.channels * taps(rows) * taps(columns);
}

const atMost = (count: number, most: number): number => Math.min(count, Math.max(1, Math.floor(most)));

/** Parts of about the same size, none larger than `most`. */
const evenly = (count: number, most: number): number => Math.ceil(count / Math.ceil(count / atMost(count, most)));

/** Bytes that a tile reads of one channel, in lines of the cache. */
function passChannelBytes({ rows, columns, lanes }: WindowPlan, channels: number, vectors: number): number {
  const [height, width] = [mostOf(rows), mostOf(columns)];
  return height * (64 + 16 * vectors * width) + channels * height * width * lanes.bytes;
}

function partsOf({ batch, target, lanes }: WindowPlan, samples: number): Pick<WindowCut, "channelsAtOnce" | "parts"> {
  const wanted = Math.ceil(enoughUnits / Math.ceil(batch / samples));
  const channelsAtOnce = Math.max(unitChannels, 4 * Math.ceil(target.channels / wanted / 4));
  const isWhole = (target.channels * lanes.bytes) % 16 !== 0 || target.channels <= channelsAtOnce;
  if (isWhole) return { channelsAtOnce: target.channels, parts: 1 };
  return { channelsAtOnce, parts: Math.ceil(target.channels / channelsAtOnce) };
}

/** Whether a pass is the first one, and whether it is the last one. */
export interface WindowPass {
  readonly begins: boolean;
  readonly ends: boolean;
}

/** The tile of a pass for so many channels. */
export function tileOf(cut: WindowCut, channels: number, pass: WindowPass): WindowTile {
  const { plan, vectors, rowsAtOnce, planes } = cut;
  const { lanes, source, target, weights, rows, columns } = plan;
  const { bytes } = lanes;
  return {
    ...{ ...pass, lanes, channels, vectors, weight: weights.target * bytes },
    out: rowsAtOnce * target.width * 16 * vectors,
    channel: { source: planes.together, weight: weights.source * bytes },
    row: { most: mostOf(rows), step: { source: source.width * 16 * vectors, weight: weights.row * bytes } },
    column: { most: mostOf(columns), step: { source: 16 * vectors, weight: weights.column * bytes } },
    hasEmpty: [...rows, ...columns].some(({ count }) => count === 0),
  };
}

/** Some rows of sums, side by side. */
export function resultPlanes(cut: WindowCut, rows: number): Planes {
  const { plan, vectors, rowsAtOnce, planes } = cut;
  const { lanes, target } = plan;
  const plane = target.height * target.width * lanes.bytes;
  return {
    ...{ lanes, vectors, hasMissing: planes.hasMissing, positions: rows * target.width, plane },
    ...{ sample: target.channels * plane, together: rowsAtOnce * target.width * 16 * vectors },
  };
}
