/** The report of the volumes: how many mini-batches depend on the choice at kinks, and why. */
import type { Figure, Report, ReportTable, Row } from "../../report/report.ts";
import { distinct, grouped, wilson } from "../../report/statistics.ts";
import { volumeByPrecision } from "../../report/volume.ts";
import type { Collected } from "../../sweeps/sweepFolder.ts";
import { causeTable, tieTable } from "./census.ts";
import { networkName, pairName, rowsOf, thresholds, volumeOf, type ZonesRow } from "./rows.ts";
import { claimsOf } from "./volumeClaims.ts";

/** The report of a sweep of volumes. */
export function volumeReport(results: readonly Collected[]): Report {
  const rows = rowsOf(results);
  const data = distinct(rows.map(({ data: name, images }) => `${name}, ${images} images`)).join("; ");
  return {
    title: "How much of the weights' space depends on the choice at kinks",
    intro: [
      `Two programs with the same values and other choices at kinks, on the same weights and mini-batches (${data}). Sums have a stated order on this machine, so that nothing but the choice differs; a pair called order of sums shows what another order alone does.`,
      "Differing: some entry of the gradient has other bits. Above: the sum over the tensors of parameters of the largest difference is above the published threshold of the format (1e-15, 1e-7, 1e-3 for 64, 32, 16 bits), or a gradient is not a number. Intervals are Wilson's of 95 %.",
      "A difference is not yet a kink: the tables of ties say which ones are proved harmless over the reals.",
    ],
    claims: claimsOf(rows),
    figures: figuresOf(rows),
    tables: [...tieTable(rows), ...causeTable(rows), volumeTable(rows)],
  };
}

/** One figure for each comparison of a question that has several answers. */
function figuresOf(rows: readonly ZonesRow[]): Figure[] {
  const found = grouped(rows, (row) => pairName(row));
  return found.flatMap(([pair, ofPair], i) => [
    byPrecision(ofPair, `bits-${i}`, `${pair}: mini-batches whose gradients differ`, "differing", "batches"),
    byPrecision(ofPair, `draws-${i}`, `${pair}: draws of weights with such a mini-batch`, "differingDraws", "draws"),
    byPrecision(ofPair, `above-${i}`, `${pair}: mini-batches above the threshold`, "above", "batches"),
  ]);
}

type Counted = "differing" | "differingDraws" | "above";

function byPrecision(
  rows: readonly ZonesRow[],
  id: string,
  title: string,
  count: Counted,
  of: "batches" | "draws",
): Figure {
  const groups = grouped(rows, (row) => `${labelOf(row)};${row.format}`);
  const bars = groups.map(([name, group]) => {
    const [network = "", precision = ""] = name.split(";");
    const volume = volumeOf(group);
    return { network, precision, successes: volume[count], trials: volume[of] };
  });
  return volumeByPrecision(bars, {
    id,
    title,
    caption: "By network and number format; lines are Wilson's intervals of 95 %.",
  });
}

/** The network, and the size of its mini-batches where it is not the usual one. */
const labelOf = (row: ZonesRow): string => `${networkName(row)}${row.batch === 128 ? "" : `, batch ${row.batch}`}`;

function volumeTable(rows: readonly ZonesRow[]): ReportTable {
  const groups = grouped(rows, (row) => `${pairName(row)};${labelOf(row)};${row.format}`);
  const data = groups.map(([name, group]): Row => {
    const [pair = "", network = "", format = ""] = name.split(";");
    const { batches, differing, above, draws, differingDraws } = volumeOf(group);
    const [low, high] = wilson(differing, batches);
    const threshold = thresholds[group[0]?.format ?? "f32"];
    return { pair, network, format, draws, differingDraws, batches, differing, low, high, threshold, above };
  });
  const caption = "Low and high: Wilson's interval of 95 % for the share of mini-batches whose gradients differ.";
  return { id: "volumes", title: "All counts", caption, data };
}
