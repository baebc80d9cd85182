/** The published claims about native and minimal max-pooling, each judged for every network whose jobs are there. */
import type { Claim } from "../../../report/report.ts";
import { grouped } from "../../../report/statistics.ts";
import { more, nearlyAll, none, someButFewer } from "./judging.ts";
import { networkName, usualBatch, type ZonesRow } from "./rows.ts";
import { aboveThreshold, endsOf, judged, shareOf } from "./shares.ts";

const vgg = "Bou24, VGG11 on CIFAR-10: 0, 49 to 55 and 100 % above the threshold";

/** All claims about rows of native and minimal max-pooling, whose figures have a number. */
export const poolClaims = (rows: readonly ZonesRow[], number: number): Claim[] =>
  grouped(rows, (row) => networkName({ ...row, batchNorm: false })).flatMap(([name, group]) => {
    const figure = `above-${number}`;
    const plain = group.filter(({ batchNorm }) => !batchNorm);
    return [
      ...formatClaims(plain, name, figure),
      ...normClaim(group, name, figure),
      ...batchClaim(plain, name, figure),
      ...grouped(group, networkName).flatMap(([of, own]) => causeClaims(own, of)),
    ];
  });

function formatClaims(rows: readonly ZonesRow[], name: string, figure: string): Claim[] {
  const of = (format: ZonesRow["format"]) => shareOf(rows, aboveThreshold, { batch: usualBatch, format });
  const about = (says: string) => ({ statement: `${name}, ${says}`, source: vgg, figure });
  const never = "64 bits: native and minimal max-pooling differ above the threshold in no mini-batch.";
  return [
    ...judged(none, about(never), of("f64")),
    ...judged(nearlyAll, about("16 bits: in nearly all."), of("f16")),
    ...judged(someButFewer, about("32 bits: in some, fewer than with 16 bits."), of("f32"), of("f16")),
  ];
}

function normClaim(rows: readonly ZonesRow[], name: string, figure: string): Claim[] {
  const of = (batchNorm: boolean) => shareOf(rows, aboveThreshold, { batch: usualBatch, format: "f32", batchNorm });
  const statement = `${name}, 32 bits: batch norm raises the share.`;
  return judged(more, { statement, source: "Bou24, VGG11: 80 against 54 %", figure }, of(true), of(false));
}

function batchClaim(rows: readonly ZonesRow[], name: string, figure: string): Claim[] {
  const ends = endsOf(rows, "batch", "f32");
  if (ends === null) return [];
  const of = (batch: number) => shareOf(rows, aboveThreshold, { format: "f32", batch });
  const statement = `${name}, 32 bits: the share grows with the size of mini-batches (${ends[1]} against ${ends[0]}).`;
  const source = "Bou24, VGG19: 27 % for 64, 92 % for 1024";
  return judged(more, { statement, source, figure }, of(ends[1]), of(ends[0]));
}

/** Whether differences are compensation, as the census of their ties proves or not. */
const causeClaims = (rows: readonly ZonesRow[], name: string): Claim[] =>
  grouped(
    rows.filter(({ batch }) => batch === usualBatch),
    ({ format }) => format,
  ).flatMap(([format, group]) => {
    const causes = group.flatMap(({ found }) => found.draws.flatMap(({ census }) => census?.causes ?? []));
    const successes = causes.filter((cause) => cause === "rounding" || cause === "none").length;
    const statement = `${name}, ${format}: every tie of nearly all mini-batches is proved harmless, so that what differs is rounding alone.`;
    const source = "Bou24: the compensation zone, which it could not tell from kinks";
    const share = causes.length === 0 ? null : { successes, trials: causes.length };
    return judged(nearlyAll, { statement, source, figure: "causes" }, share);
  });
