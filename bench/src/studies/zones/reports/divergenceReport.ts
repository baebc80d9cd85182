/** The report of diverging runs: curves, and whether a choice at kinks does more than another order of sums. */
import { divergenceCurves } from "../../../report/divergence.ts";
import type { Claim, Report, Row, Verdict } from "../../../report/report.ts";
import { distinct, grouped } from "../../../report/statistics.ts";
import type { Collected } from "../../../sweeps/sweepFolder.ts";
import type { Divergence, DivergenceParameters } from "../divergenceJob.ts";
import { pairs } from "../plan.ts";
import { networkName } from "./rows.ts";

interface Pairing extends DivergenceParameters {
  readonly found: Divergence;
}

/** The report of a sweep of diverging runs. */
export function divergenceReport(results: readonly Collected[]): Report {
  const rows = results.map(
    ({ parameters, result }): Pairing => ({
      ...(parameters as unknown as DivergenceParameters),
      found: result as unknown as Divergence,
    }),
  );
  const settings = distinct(
    rows.map(
      ({ data, images, batch, epochs, rate }) =>
        `${data}, ${images} images, batch ${batch}, ${epochs} epochs, rate ${rate}`,
    ),
  );
  return {
    title: "How far training runs come apart by the choice at kinks",
    intro: [
      `Two runs of plain stochastic gradient descent begin with the same weights and see the same batches (${settings.join("; ")}). The distance is the sum of the absolute differences of all parameters.`,
      "On this machine sums have a stated order, so that equal programs stay equal. The published runs had no such order: a pair called shuffled draws one, so that its curve is what they compared with.",
    ],
    claims: claimsOf(rows),
    figures: grouped(rows, ({ format }) => format).map(([format, ofFormat]) =>
      divergenceCurves(
        ofFormat.flatMap((row) =>
          row.found.points.map(({ step, distance }) => ({ series: nameOf(row), step, value: distance })),
        ),
        {
          ...{ id: `curves-${format}`, title: `Distance of the parameters, ${format}` },
          caption: "A pair that stays at 0 has the same bits all the way.",
        },
      ),
    ),
    tables: [
      {
        id: "ends",
        title: "Where the runs end",
        caption: "Broken: the step after which a loss was not finite.",
        data: rows.map(endOf),
      },
    ],
  };
}

const sideName = (side: string): string => side || "as it is";
const nameOf = (row: Pairing): string => `${networkName(row)}: ${sideName(row.one)} and ${sideName(row.other)}`;

const lastOf = ({ found }: Pairing): number | null => found.points.at(-1)?.distance ?? null;

function endOf(row: Pairing): Row {
  const { steps, points, brokenAt, losses } = row.found;
  const [firstDistance, distance] = [points[0]?.distance ?? null, lastOf(row)];
  const about = {
    network: networkName(row),
    format: row.format,
    one: sideName(row.one),
    other: sideName(row.other),
  };
  return { ...about, steps, firstDistance, distance, brokenAt, lossOne: losses[0], lossOther: losses[1] };
}

const source = "Bou24, VGG11 on CIFAR-10";

function claimsOf(rows: readonly Pairing[]): Claim[] {
  return grouped(rows, ({ format }) => format).flatMap(([format, ofFormat]) => {
    const figure = `curves-${format}`;
    const noise = ofFormat.find(({ one, other }) => one === pairs.order.one && other === pairs.order.other);
    const minimal = ofFormat.find(({ one, other }) => one === pairs.maxpool.one && other === pairs.maxpool.other);
    const equal = ofFormat.find(({ one, other }) => one === other);
    return [
      ...(noise && minimal ? [asMuchAs(noise, minimal, format, figure)] : []),
      ...(equal ? [staysEqual(equal, format, figure)] : []),
    ];
  });
}

/** How many times as far counts as equally far: curves are single runs. */
const factor = 10;

function asMuchAs(noise: Pairing, minimal: Pairing, format: string, figure: string): Claim {
  const [floor, found] = [lastOf(noise), lastOf(minimal)];
  const ratio = floor === null || found === null || floor === 0 ? null : found / floor;
  const verdict: Verdict =
    ratio === null ? "undecided at this size" : ratio <= factor && ratio >= 1 / factor ? "confirmed" : "contradicted";
  const [far, noisy] = [found, floor].map((value) => value?.toExponential(2) ?? "not finite");
  const note = `Native and minimal end ${far} apart, two orders of sums ${noisy}; one run of each, confirmed within a factor of ${factor}.`;
  const statement = `${format}: native and minimal max-pooling come apart as far as two runs of one program with other orders of sums.`;
  return { statement, source, verdict, figure, note };
}

function staysEqual(equal: Pairing, format: string, figure: string): Claim {
  const isEqual = equal.found.points.every(({ distance }) => distance === 0);
  const statement = `${format}: with a stated order of sums, two runs of one program stay equal.`;
  const note = `All ${equal.found.points.length} distances ${isEqual ? "are" : "should be"} exactly 0.`;
  return {
    statement,
    source: `${source}, 16 bits with deterministic kernels`,
    verdict: isEqual ? "confirmed" : "contradicted",
    figure,
    note,
  };
}
