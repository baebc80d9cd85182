/** The report of the volumes: how many mini-batches depend on the choice at kinks, and why. */
import { heatTable } from "../../../report/heat.ts";
import type { Figure, Report, ReportTable, Row } from "../../../report/report.ts";
import { distinct, grouped, wilson } from "../../../report/statistics.ts";
import { type VolumeRow, volumeByPrecision } from "../../../report/volume.ts";
import type { Collected } from "../../../sweeps/sweepFolder.ts";
import { formats } from "../../../training/formats.ts";
import { causeTable, tieTable } from "./census.ts";
import { labelOf, pairName, rowsOf, samplesOf, thresholds, type Volume, volumeOf, type ZonesRow } from "./rows.ts";
import { claimsOf } from "./volumeClaims.ts";

/** The report of a sweep of volumes. */
export function volumeReport(results: readonly Collected[]): Report {
  const rows = rowsOf(results);
  return {
    title: "How much of the weights' space depends on the choice at kinks",
    intro: [
      `Two programs with the same values and other choices at kinks, on the same weights and mini-batches (${samplesOf(rows)}). Sums have a stated order on this machine, so that nothing but the choice differs; a pair called order of sums shows what another order alone does.`,
      "Differing: some entry of the gradient is another number. Above: the sum over the tensors of parameters of the largest difference is above the published threshold of the format (1e-15, 1e-7, 1e-3 for 64, 32, 16 bits), or a gradient is not a number. Intervals are Wilson's of 95 %.",
      "A difference is not yet a kink: the tables of ties say which ones are proved harmless over the reals.",
    ],
    claims: claimsOf(rows),
    figures: figuresOf(rows),
    tables: [...tieTable(rows), ...causeTable(rows), volumeTable(rows)],
  };
}

/** For each comparison: an overview of each count, and bars with their intervals, a few networks at a time. */
function figuresOf(rows: readonly ZonesRow[]): Figure[] {
  return grouped(rows, (row) => pairName(row)).flatMap(([pair, ofPair], i) =>
    counts.flatMap(({ id, title, count, of }) => {
      const bars = barsOf(ofPair, count, of);
      const text = { id: `${id}-${i}`, title: `${pair}: ${title}` };
      return [overview(bars, text), ...chunked(bars).map((some, part) => barFigure(some, text, part))];
    }),
  );
}

const counts = [
  { id: "bits", title: "mini-batches whose gradients differ", count: "differing", of: "batches" },
  { id: "draws", title: "draws of weights with such a mini-batch", count: "differingDraws", of: "draws" },
  { id: "above", title: "mini-batches above the threshold", count: "above", of: "batches" },
] as const;

function barsOf(rows: readonly ZonesRow[], count: keyof Volume, of: keyof Volume): VolumeRow[] {
  const found = alike(rows).map(([row, group]) => {
    const volume = volumeOf(group);
    return { network: labelOf(row), precision: row.format, successes: volume[count], trials: volume[of] };
  });
  const order = (precision: string): number => (formats as readonly string[]).indexOf(precision);
  return found.toSorted((a, b) => order(a.precision) - order(b.precision));
}

type Titled = Pick<Figure, "id" | "title">;

function overview(bars: readonly VolumeRow[], { id, title }: Titled): Figure {
  const cells = bars.map(({ network, precision, successes, trials }) => ({
    ...{ row: network, column: precision, value: successes / trials },
  }));
  const format = (value: number): string => `${Number((100 * value).toPrecision(2))} %`;
  const caption = "Percent, by network and number format; the figures below have the intervals.";
  return heatTable(cells, { id, title, caption }, { row: "network", column: "format", format });
}

/** More networks than this are too narrow in one figure. */
const together = 3;

function chunked(bars: readonly VolumeRow[]): VolumeRow[][] {
  const networks = distinct(bars.map(({ network }) => network));
  return Array.from({ length: Math.ceil(networks.length / together) }, (_, i) => {
    const shown = networks.slice(i * together, (i + 1) * together);
    return bars.filter(({ network }) => shown.includes(network));
  });
}

const barFigure = (bars: readonly VolumeRow[], { id, title }: Titled, part: number): Figure =>
  volumeByPrecision(bars, {
    ...{ id: `${id}-bars-${part}`, title: `${title}, with intervals` },
    caption: "By network and number format; lines are Wilson's intervals of 95 %.",
  });

/** Rows that are called alike, each group with its first. */
const alike = (rows: readonly ZonesRow[]): [ZonesRow, readonly ZonesRow[]][] =>
  grouped(rows, (row) => JSON.stringify([pairName(row), labelOf(row), row.format])).map(([, group]) => [
    group[0] as ZonesRow,
    group,
  ]);

function volumeTable(rows: readonly ZonesRow[]): ReportTable {
  const data = alike(rows).map(([row, group]): Row => {
    const { batches, differing, above, draws, differingDraws } = volumeOf(group);
    const [low, high] = wilson(differing, batches);
    const head = { pair: pairName(row), network: labelOf(row), format: row.format };
    return { ...head, draws, differingDraws, batches, differing, low, high, threshold: thresholds[row.format], above };
  });
  const caption = "Low and high: Wilson's interval of 95 % for the share of mini-batches whose gradients differ.";
  return { id: "volumes", title: "All counts", caption, data };
}
