// How sums over windows are cut: into units, blocks of samples, rows and channels that caches hold.
import type { Lanes } from "./lanes.ts";
import type { Planes } from "./sampleLanes.ts";
import type { Meeting, WindowPlan } from "./windowPlan.ts";
import { neighbours, type WindowTile } from "./windowTile.ts";

/** How the work is cut. Steps are in bytes. */
export interface WindowCut {
  readonly plan: WindowPlan;
  /** Vectors of a position, and channels of a tile. */
  readonly vectors: number;
  readonly channels: number;
  /** From one column to the next in the source, in elements, where tiles compute pairs of columns; 0 where they do not. */
  readonly pairStep: number;
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

/**
 * Vectors and channels of a tile: as many of its sums as there are registers for should count. Where pairs of vectors are
 * joined the sums of pairs of columns count too.
 */
function tileSizes(
  channels: number,
  blocks: number,
  { isWide }: Lanes,
  hasPairs: boolean,
): readonly [vectors: number, channels: number] {
  if (isWide && blocks >= 4) return [4, tileChannels(channels, 4)];
  if (isWide && blocks > 1) return [2, tileChannels(channels, hasPairs ? 4 : 8)];
  if (blocks >= 4 && [1, 2, 6].includes(channels)) return [4, Math.min(2, channels)];
  return [blocks > 1 ? 2 : 1, tileChannels(channels, 4)];
}

/** Whether columns that are neighbours meet the same part of the window. */
const areAlike = (column: Meeting, next: Meeting | undefined): next is Meeting =>
  next !== undefined && next.count === column.count && next.tap === column.tap;

/** The step of pairs of columns, where they are worth while: for few samples, and many columns that meet the window alike. */
function pairStepOf({ lanes, batch, columns }: WindowPlan): number {
  const blocks = batch / lanes.count;
  const steps = columns.flatMap((column, i) => {
    const next = columns[i + 1];
    return areAlike(column, next) ? [next.source - column.source] : [];
  });
  const isWorthWhile = lanes.isWide && blocks > 1 && blocks < 4 && 2 * steps.length >= columns.length;
  return isWorthWhile ? (steps[0] as number) : 0;
}

/** Columns that follow each other and are computed by the same tile: each is one, or a pair at the place of its first source. */
export interface Stretch {
  readonly positions: 1 | 2;
  readonly columns: readonly Meeting[];
}

/** All columns of the target, in order. */
export function stretchesOf({ plan: { columns }, pairStep }: WindowCut): Stretch[] {
  const stretches: (Stretch & { readonly columns: Meeting[] })[] = [];
  for (let at = 0; at < columns.length; ) {
    const [column, next] = [columns[at] as Meeting, columns[at + 1]];
    const isPair = pairStep !== 0 && areAlike(column, next) && next.source - column.source === pairStep;
    const positions = isPair ? 2 : 1;
    const found = isPair ? { ...column, source: Math.min(column.source, next.source) } : column;
    const last = stretches.at(-1);
    if (last?.positions === positions) last.columns.push(found);
    else stretches.push({ positions, columns: [found] });
    at += positions;
  }
  return stretches;
}

/** Channels of a tile, at most so many: few more are divided evenly. */
export const tileChannels = (channels: number, most: number): number =>
  channels > most && channels < 2 * most ? Math.ceil(channels / 2) : Math.min(most, channels);

/** The cut for a plan. */
export function cutWindows(plan: WindowPlan): WindowCut {
  const { lanes, batch, source, target, isReversed } = plan;
  const pairStep = pairStepOf(plan);
  const [vectors, channels] = tileSizes(target.channels, batch / lanes.count, lanes, pairStep !== 0);
  const positions = source.height * source.width;
  return {
    ...{ plan, vectors, channels, pairStep },
    ...partsOf(plan, vectors * lanes.count, channels),
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

/** Units have whole tiles, and write whole vectors. */
function partsOf(
  { batch, target, lanes }: WindowPlan,
  samples: number,
  channels: number,
): Pick<WindowCut, "channelsAtOnce" | "parts"> {
  const wanted = Math.ceil(enoughUnits / Math.ceil(batch / samples));
  const step = Math.max(4, channels);
  const channelsAtOnce = Math.max(unitChannels, step * Math.ceil(target.channels / wanted / step));
  const isWhole = (target.channels * lanes.bytes) % 16 !== 0 || target.channels <= channelsAtOnce;
  if (isWhole) return { channelsAtOnce: target.channels, parts: 1 };
  return { channelsAtOnce, parts: Math.ceil(target.channels / channelsAtOnce) };
}

/** Whether a pass is the first one, and whether it is the last one. */
export interface WindowPass {
  readonly begins: boolean;
  readonly ends: boolean;
}

/** The tile of a pass for so many channels, and one column or a pair. */
export function tileOf(cut: WindowCut, channels: number, positions: 1 | 2, pass: WindowPass): WindowTile {
  const { plan, vectors, rowsAtOnce, planes, pairStep } = cut;
  const { lanes, source, target, weights, rows, columns } = plan;
  const { bytes } = lanes;
  return {
    ...{ ...pass, lanes, channels, weight: weights.target * bytes },
    vectors: (positions === 1 ? [0] : [Math.max(0, -pairStep), Math.max(0, pairStep)]).flatMap((column) =>
      neighbours(vectors).map((place) => 16 * vectors * column + place),
    ),
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
