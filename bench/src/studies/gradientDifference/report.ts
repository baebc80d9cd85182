/** The report of sweeps of the kind `gradient-difference`. */

import { heatTable } from "../../report/heat.ts";
import { differencesByDecade } from "../../report/histogram.ts";
import type { Claim, Figure, Report, Verdict } from "../../report/report.ts";
import { distinct, grouped, wilson } from "../../report/statistics.ts";
import { type VolumeRow, volumeByPrecision } from "../../report/volume.ts";
import type { Collected } from "../../sweeps/sweepFolder.ts";
import type { GradientDifferences } from "./job.ts";

/** One mini-batch. */
interface Batch {
  readonly dtype: string;
  readonly width: number;
  readonly grid: number;
  readonly difference: number | null;
}

/** Formats from many bits to few. */
const formats = ["f64", "f32", "bf16", "f16"];

/** How often and how far two choices for ReLU'(0) give different gradients. */
export function gradientDifferenceReport(results: readonly Collected[]): Report {
  const batches = results.flatMap(batchesOf).toSorted((a, b) => formats.indexOf(a.dtype) - formats.indexOf(b.dtype));
  const slopes = distinct(results.map(({ parameters: { slope, otherSlope } }) => `${slope} and ${otherSlope}`));
  return {
    title: "Gradients of a small network under two choices for ReLU'(0)",
    intro: [
      `${batches.length} mini-batches in ${results.length} jobs, each with weights of its own; ReLU'(0) is ${slopes.join("; ")}.`,
      "The difference is the sum over all parameters of the absolute difference of the two gradients. The engine adds in a stated order, so that it is exactly 0 unless a pre-activation is exactly 0 somewhere: there is no noise to tell it from, and no threshold.",
    ],
    claims: claimsOf(batches),
    figures: figuresOf(batches),
    tables: [],
  };
}

function batchesOf({ parameters, result }: Collected): Batch[] {
  const [dtype, width, grid] = [String(parameters.dtype), Number(parameters.width), Number(parameters.grid)];
  const { differences } = result as unknown as GradientDifferences;
  return differences.map((difference) => ({ dtype, width, grid, difference }));
}

const dependsOnChoice = ({ difference }: Batch): boolean => difference !== 0;
const gridText = (grid: number): string => (grid === 0 ? "as drawn" : `multiples of 1/${grid}`);

function figuresOf(batches: readonly Batch[]): Figure[] {
  const drawn = batches.filter(({ grid }) => grid === 0);
  return [...(drawn.length > 0 ? [volumeOf(drawn)] : []), heatOf(batches), histogramOf(batches)];
}

const volumeOf = (drawn: readonly Batch[]): Figure =>
  volumeByPrecision(volumeRows(drawn.toSorted((a, b) => a.width - b.width)), {
    ...{ id: "volume", title: "Mini-batches whose gradient depends on ReLU'(0)" },
    caption: "Weights and samples as drawn, by width and number format; lines are Wilson intervals of 95 %.",
  });

const volumeRows = (batches: readonly Batch[]): VolumeRow[] =>
  grouped(batches, ({ width, dtype }) => `${width} wide/${dtype}`).map(([name, group]) => {
    const [network = "", precision = ""] = name.split("/");
    return { network, precision, successes: group.filter(dependsOnChoice).length, trials: group.length };
  });

function heatOf(batches: readonly Batch[]): Figure {
  const sorted = batches.toSorted((a, b) => a.grid - b.grid);
  const rows = grouped(sorted, ({ grid, dtype }) => `${gridText(grid)};${dtype}`).map(([name, group]) => {
    const [row = "", column = ""] = name.split(";");
    return { row, column, value: group.filter(dependsOnChoice).length / group.length };
  });
  const texts = {
    ...{ id: "grids", title: "Share of mini-batches that depend on ReLU'(0), by grid and format" },
    caption:
      "On a grid, pre-activations of the first layer are multiples of the square of its step and are often exactly 0.",
  };
  const format = (value: number): string => `${Number((100 * value).toFixed(1))} %`;
  return heatTable(rows, texts, { row: "weights", column: "number format", format });
}

const histogramOf = (batches: readonly Batch[]): Figure =>
  differencesByDecade(
    batches.map(({ dtype, difference }) => ({ series: dtype, difference })),
    {
      ...{ id: "differences", title: "Differences of gradients by decade" },
      caption: "Percent of mini-batches of all widths and grids. The label e is the bin from 10^(e−1) to below 10^e.",
    },
  );

/** Claims about weights as drawn: each is judged only when its formats are there. */
function claimsOf(batches: readonly Batch[]): Claim[] {
  const intervalOf = (dtype: string): [number, number] | null => {
    const found = batches.filter((batch) => batch.grid === 0 && batch.dtype === dtype);
    return found.length === 0 ? null : wilson(found.filter(dependsOnChoice).length, found.length);
  };
  const [wide, short, double] = [intervalOf("f32"), intervalOf("bf16"), intervalOf("f64")];
  return [...(double === null ? [] : [neverInDouble(double)]), ...(wide && short ? [moreInShort(wide, short)] : [])];
}

/** A share whose interval ends below this is called rare. */
const rare = 0.05;

function neverInDouble(interval: [number, number]): Claim {
  const [low, high] = interval;
  const verdict: Verdict = low > 0 ? "contradicted" : high < rare ? "confirmed" : "undecided at this size";
  return {
    statement: "With 64 bits the choice of ReLU'(0) does not show: no mini-batch has another gradient.",
    source: "BLGP21: no difference in any of 1000 initializations",
    ...{ verdict, figure: "volume", interval },
    note: "The share of mini-batches that depend on the choice; confirmed when the interval ends below 0.05.",
  };
}

function moreInShort(wide: [number, number], short: [number, number]): Claim {
  const verdict: Verdict =
    short[0] > wide[1] ? "confirmed" : short[1] < wide[0] ? "contradicted" : "undecided at this size";
  return {
    statement: "With 16 bits the choice of ReLU'(0) shows in more mini-batches than with 32.",
    source: "BLGP21, for f16 on MNIST; here bf16 on drawn samples",
    ...{ verdict, figure: "volume", interval: short },
    note: "The share with bf16; confirmed when its interval lies above that with f32.",
  };
}
