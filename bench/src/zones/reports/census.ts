/** Tables of what stands behind differences: ties by layer, and causes by mini-batch. */
import type { ReportTable, Row } from "../../report/report.ts";
import { grouped } from "../../report/statistics.ts";
import { networkName, pairName, type ZonesRow } from "./rows.ts";

const counted = (rows: readonly ZonesRow[]): ZonesRow[] => rows.filter(({ census }) => census > 0);

const nameOf = (row: ZonesRow): string => `${pairName(row)};${networkName(row)}, batch ${row.batch};${row.format}`;

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** Ties of each layer: what is proved harmless, and what is left. */
export function tieTable(rows: readonly ZonesRow[]): ReportTable[] {
  const layers = counted(rows).flatMap((row) =>
    row.found.draws.flatMap(({ census }) =>
      (census?.layers ?? []).map((layer) => ({ name: `${nameOf(row)};${layer.site || layer.name}`, layer })),
    ),
  );
  if (layers.length === 0) return [];
  const data = grouped(layers, ({ name }) => name).map(([name, group]): Row => {
    const [pair = "", network = "", format = "", site = ""] = name.split(";");
    const sum = (of: "elements" | "zero" | "identical" | "candidate" | "undecided"): number =>
      group.reduce((total, { layer }) => total + layer[of], 0);
    const elements = sum("elements");
    const [zero, identical, candidate, undecided] = [sum("zero"), sum("identical"), sum("candidate"), sum("undecided")];
    const harmlessShare = share(zero + identical, zero + identical + candidate + undecided);
    return { pair, network, format, layer: site, elements, zero, identical, candidate, undecided, harmlessShare };
  });
  const caption =
    "Zero: nothing passes back through a relu that is off. Identical: cells made of identical patches. Both are proved harmless over the reals. Candidate: the tie is there in 64 bits too. Undecided: it is not, so it is rounding or undecided.";
  return [{ id: "ties", title: "Ties by layer", caption, data }];
}

/** Mini-batches by the cause of their difference. */
export function causeTable(rows: readonly ZonesRow[]): ReportTable[] {
  const causes = counted(rows).flatMap((row) =>
    row.found.draws.flatMap(({ census }) => (census?.causes ?? []).map((cause) => ({ name: nameOf(row), cause }))),
  );
  if (causes.length === 0) return [];
  const data = grouped(causes, ({ name }) => name).map(([name, group]): Row => {
    const [pair = "", network = "", format = ""] = name.split(";");
    const count = (of: string): number => group.filter(({ cause }) => cause === of).length;
    const [none, rounding, candidate, undecided] = ["none", "rounding", "candidate", "undecided"].map(count);
    const batches = group.length;
    return {
      pair,
      network,
      format,
      batches,
      none: none ?? 0,
      rounding: rounding ?? 0,
      candidate: candidate ?? 0,
      undecided: undecided ?? 0,
    };
  });
  const caption =
    "None: the gradients have the same bits. Rounding: they differ, and every tie is proved harmless, so that over the reals they agree. Candidate: a tie that may be a true kink is among them. Undecided: ties that 64 bits do not have.";
  return [{ id: "causes", title: "Mini-batches by the cause of their difference", caption, data }];
}
