/** Tables of what stands behind differences: ties by layer, and causes by mini-batch. */
import type { ReportTable, Row } from "../../../report/report.ts";
import { grouped } from "../../../report/statistics.ts";
import { type Cause, type Counts, noCounts } from "../census.ts";
import { labelOf, pairName, type ZonesRow } from "./rows.ts";

/** What a row is of. */
const headOf = (row: ZonesRow) => ({ pair: pairName(row), network: labelOf(row), format: row.format });

type Head = ReturnType<typeof headOf>;

/** Something of each draw, together with its row, for all heads that are alike. */
function byHead<T>(
  rows: readonly ZonesRow[],
  of: (row: ZonesRow) => readonly T[],
): { head: Head; parts: readonly T[] }[] {
  const parts = rows.flatMap((row) => of(row).map((part) => ({ head: headOf(row), part })));
  return grouped(parts, ({ head }) => JSON.stringify(head)).map(([, group]) => ({
    ...{ head: (group[0] as { head: Head }).head, parts: group.map(({ part }) => part) },
  }));
}

const kinds = ["zero", "identical", "candidate", "undecided"] as const;

/** Ties of each layer: what is proved harmless, and what is left. */
export function tieTable(rows: readonly ZonesRow[]): ReportTable[] {
  const heads = byHead(rows, ({ found }) => found.draws.flatMap(({ census }) => census?.layers ?? []));
  const data = heads.flatMap(({ head, parts }) =>
    grouped(parts, ({ site, name }) => site || name).map(([layer, of]) => ({
      ...head,
      layer,
      ...sharesOf(summed(of)),
    })),
  );
  const caption =
    "Zero: nothing passes back through a relu that is off. Identical: cells made of identical patches. Both are proved harmless over the reals. Candidate: the tie is there in 64 bits too. Undecided: it is not, so it is rounding or undecided; of a kink that is not looked into, all elements. Shares are of the ties.";
  return data.length === 0 ? [] : [{ id: "ties", title: "Ties by layer", caption, data }];
}

function summed(counts: readonly Counts[]): Counts {
  const total = noCounts();
  for (const count of counts) for (const name of ["elements", ...kinds] as const) total[name] += count[name];
  return total;
}

function sharesOf(counts: Counts): Row {
  const ties = kinds.reduce((total, kind) => total + counts[kind], 0);
  const shares = kinds.map((kind) => [`${kind}Share`, ties === 0 ? null : counts[kind] / ties]);
  return { ...counts, ...Object.fromEntries(shares) };
}

const causes: readonly Cause[] = ["none", "rounding", "candidate", "undecided"];

/** Mini-batches by the cause of their difference. */
export function causeTable(rows: readonly ZonesRow[]): ReportTable[] {
  const data = byHead(rows, ({ found }) => found.draws.flatMap(({ census }) => census?.causes ?? [])).map(
    ({ head, parts }): Row => {
      const counts = causes.map((cause) => [cause, parts.filter((part) => part === cause).length]);
      return { ...head, batches: parts.length, ...Object.fromEntries(counts) };
    },
  );
  const caption =
    "None: the gradients are equal. Rounding: they differ, and every tie is proved harmless, so that over the reals they agree. Candidate: a tie that may be a true kink is among them. Undecided: ties that 64 bits do not have, or kinks that are not looked into.";
  return data.length === 0
    ? []
    : [{ id: "causes", title: "Mini-batches by the cause of their difference", caption, data }];
}
