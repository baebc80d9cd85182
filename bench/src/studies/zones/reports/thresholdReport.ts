/** The report of thresholds: how large differences of gradients are, by format, and where the published procedure cuts. */
import { differencesByDecade } from "../../../report/histogram.ts";
import type { Claim, Figure, Report, ReportTable, Row, Verdict } from "../../../report/report.ts";
import { grouped } from "../../../report/statistics.ts";
import type { Collected } from "../../../sweeps/sweepFolder.ts";
import { pairs } from "../plan.ts";
import { networkName, pairName, rowsOf, samplesOf, thresholds, type ZonesRow } from "./rows.ts";

type Norm = "d1" | "dInf" | "relative";

const normNames: Readonly<Record<Norm, string>> = {
  d1: "sum of absolute differences (D1)",
  dInf: "sum of the largest difference of each tensor (Dinf)",
  relative: "Euclidean distance over the norm of the gradient",
};

/** The report of a sweep of thresholds. */
export function thresholdReport(results: readonly Collected[]): Report {
  const rows = rowsOf(results);
  return {
    title: "How large differences of gradients are, and thresholds on them",
    intro: [
      `Differences of the gradients of two programs of one function, for each mini-batch (${samplesOf(rows)}); weights begin as the parameters of the jobs say.`,
      "The published procedure: with 16 bits the threshold is the smallest difference that is not 0, with 32 and 64 bits the largest. The pair called order of sums has no other choice at kinks, only another order: what is not larger cannot be told from rounding by its size.",
    ],
    claims: claimsOf(rows),
    figures: figuresOf(rows),
    tables: [thresholdTable(rows)],
  };
}

const valuesOf = (rows: readonly ZonesRow[], norm: Norm): (number | null)[] =>
  rows.flatMap(({ found }) => found.draws.flatMap((draw) => draw[norm]));

function figuresOf(rows: readonly ZonesRow[]): Figure[] {
  return grouped(rows, (row) => `${networkName(row)}: ${pairName(row)}`).map(([name, group], i) =>
    differencesByDecade(
      group.flatMap((row) => valuesOf([row], "d1").map((difference) => ({ series: row.format, difference }))),
      {
        ...{ id: `d1-${i}`, title: `${name}: ${normNames.d1}` },
        caption: "Percent of mini-batches. The label e is the bin from 10^(e−1) to below 10^e.",
      },
    ),
  );
}

/** What is known of some differences. */
type Spread = Readonly<
  Record<"zeros" | "notFinite", number> & Record<"smallest" | "median" | "largest", number | null>
>;

function spreadOf(values: readonly (number | null)[]): Spread {
  const finite = values.flatMap((value) => value ?? []).toSorted((a, b) => a - b);
  const positive = finite.filter((value) => value > 0);
  return {
    ...{ zeros: finite.length - positive.length, notFinite: values.length - finite.length },
    smallest: positive[0] ?? null,
    median: finite[Math.floor(finite.length / 2)] ?? null,
    largest: positive.at(-1) ?? null,
  };
}

/** Formats in which the threshold is the smallest difference. */
const isNarrow = (format: string): boolean => ["f16", "bf16", "mixed"].includes(format);

function thresholdTable(rows: readonly ZonesRow[]): ReportTable {
  const headOf = (row: ZonesRow) => ({
    ...{ network: networkName(row), weights: row.weights, pair: pairName(row), format: row.format },
  });
  const groups = grouped(rows, (row) => JSON.stringify(headOf(row)));
  const data = groups.flatMap(([, group]) => {
    const [row] = group as readonly [ZonesRow];
    return (["d1", "dInf", "relative"] as const).map((norm): Row => {
      const values = valuesOf(group, norm);
      const spread = spreadOf(values);
      const threshold = isNarrow(row.format) ? spread.smallest : spread.largest;
      const published = norm === "dInf" ? thresholds[row.format] : null;
      return { ...headOf(row), norm, batches: values.length, ...spread, threshold, published };
    });
  });
  const caption =
    "Threshold: by the published procedure, from these differences. Published: what the study of volumes then used, on Dinf.";
  return { id: "thresholds", title: "Differences and thresholds", caption, data };
}

/** Is the choice of max-pooling larger than what another order of sums makes? For each network and format, by medians. */
function claimsOf(rows: readonly ZonesRow[]): Claim[] {
  const [pool, order] = [pairName(pairs.maxpool), pairName(pairs.order)];
  return grouped(rows, (row) => JSON.stringify([networkName(row), row.format])).flatMap(([, group]) => {
    const [{ format }, network] = [group[0] as ZonesRow, networkName(group[0] as ZonesRow)];
    const of = (pair: string): number | null =>
      spreadOf(
        valuesOf(
          group.filter((row) => pairName(row) === pair),
          "d1",
        ),
      ).median;
    const [found, floor] = [of(pool), of(order)];
    if (found === null || floor === null) return [];
    const verdict: Verdict =
      found <= 3 * floor ? "confirmed" : found > 10 * floor ? "contradicted" : "undecided at this size";
    return [
      {
        statement: `${network}, ${format}: native and minimal max-pooling differ by no more than another order of sums does.`,
        source: "Bou24: the compensation zone; its baseline had no stated order of sums",
        ...{ verdict, figure: "thresholds" },
        note: `Medians of D1: ${found.toExponential(2)} for the choice, ${floor.toExponential(2)} for the order of sums; confirmed up to 3 times, contradicted from 10 times.`,
      },
    ];
  });
}
