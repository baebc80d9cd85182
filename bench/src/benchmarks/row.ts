// One line of the comparison with other systems: a figure, what it is held against, and the goal.

/** A bound: for the ratio where there is a peer, else for our figure. */
export type Goal = { readonly atMost: number } | { readonly atLeast: number };

/** Which goals count: those of plain vectors of 128 bits, or those of `wide`, where the host merges pairs of them. */
export type Mode = "plain" | "wide";

/** What was measured. */
export interface Row {
  readonly work: string;
  readonly threads: number;
  readonly unit: "ms" | "GFLOP/s" | "MiB";
  readonly ours: number;
  /** What ours is held against, such as `PyTorch`; null when the goal is for our figure itself. */
  readonly peer: string | null;
  /** Null when the peer is not on this machine. */
  readonly theirs: number | null;
  /** The median over the rounds: ours over theirs, or, where a goal is `atLeast`, how many times as fast we are. */
  readonly ratio: number | null;
  readonly goal: Goal | null;
  /** In what the results differ, when peer and we did not do the same; null when they agree or were not compared. */
  readonly differs: string | null;
}

/** What became of a goal. Results that differ reach none; null without a figure or a goal. */
export type Verdict = "reached" | "missed" | "differs" | null;

/** The number that is held against the goal; null when the peer is missing. */
export const figureOf = ({ peer, ratio, ours }: Row): number | null => (peer === null ? ours : ratio);

export function verdictOf(row: Row): Verdict {
  const [figure, { goal, differs }] = [figureOf(row), row];
  if (differs !== null) return "differs";
  if (figure === null || goal === null) return null;
  const isReached = "atMost" in goal ? figure <= goal.atMost : figure >= goal.atLeast;
  return isReached ? "reached" : "missed";
}

/** How far a row is from its goal: 1 there, less when it is better; null without a figure or a goal, or when results differ. */
export function distanceOf(row: Row): number | null {
  const [figure, { goal, differs }] = [figureOf(row), row];
  if (figure === null || goal === null || differs !== null) return null;
  return "atMost" in goal ? figure / goal.atMost : goal.atLeast / figure;
}

/** The goal `atMost` a bound, null where there is none. */
export const atMost = (bound: number | undefined): Goal | null => (bound === undefined ? null : { atMost: bound });

/** The goal `atLeast` a bound, null where there is none. */
export const atLeast = (bound: number | undefined): Goal | null => (bound === undefined ? null : { atLeast: bound });
