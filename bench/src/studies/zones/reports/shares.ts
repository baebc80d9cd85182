/** Shares of mini-batches and of draws among the rows of a study. */
import type { Claim } from "../../../report/report.ts";
import type { Format } from "../../../training/formats.ts";
import type { About, Share } from "./judging.ts";
import { type Volume, volumeOf, type ZonesRow } from "./rows.ts";

/** What a share is of: mini-batches that differ, or are above the threshold, or draws with one that differs. */
export type Of = (volume: Volume) => Share;

export const byBatches: Of = ({ differing, batches }) => ({ successes: differing, trials: batches });
export const byDraws: Of = ({ differingDraws, draws }) => ({ successes: differingDraws, trials: draws });
export const aboveThreshold: Of = ({ above, batches }) => ({ successes: above, trials: batches });

/** The share of the rows that are like this; null when there are none. */
export function shareOf(rows: readonly ZonesRow[], of: Of, like: Partial<ZonesRow>): Share | null {
  const chosen = rows.filter((row) =>
    Object.entries(like).every(([name, value]) => row[name as keyof ZonesRow] === value),
  );
  return chosen.length === 0 ? null : of(volumeOf(chosen));
}

/** A claim, when all shares that it needs are there. */
export function judged<S extends readonly Share[]>(
  judge: (about: About, ...shares: S) => Claim,
  about: About,
  ...shares: { [K in keyof S]: S[K] | null }
): Claim[] {
  return shares.includes(null) ? [] : [judge(about, ...(shares as unknown as S))];
}

/** The least and the largest of a size among the rows of a format; null when there is one alone. */
export function endsOf(
  rows: readonly ZonesRow[],
  size: "depth" | "width" | "batch",
  format: Format,
): readonly [least: number, most: number] | null {
  const values = rows.filter((row) => row.format === format).flatMap((row) => row[size] ?? []);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least < most ? [least, most] : null;
}
