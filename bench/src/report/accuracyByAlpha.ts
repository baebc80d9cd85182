/** The figure: test accuracy after training, by ReLU'(0). */
import { drawAccuracies, pointsOf } from "./accuracyByBeta.ts";
import { needNumbers, needRows } from "./checks.ts";
import type { Figure, FigureText } from "./report.ts";
import { stepAxis } from "./stepAxis.ts";

/** One run. */
export interface AlphaRow {
  /** Such as a precision or a network. */
  readonly series: string;
  /** ReLU'(0), of either sign. */
  readonly alpha: number;
  /** From 0 to 1; null for a run that ended in NaN. */
  readonly accuracy: number | null;
}

/**
 * As `accuracyByBeta`, with the numbers side by side, each as far from the next as any other.
 *
 * @throws AdError "domain" without rows, for an alpha that is not finite and an accuracy that is negative or not finite
 */
export function accuracyByAlpha(rows: readonly AlphaRow[], texts: FigureText): Figure {
  needRows("accuracyByAlpha", rows);
  needNumbers(
    "accuracyByAlpha",
    rows.map(({ alpha }) => alpha),
  );
  needNumbers(
    "accuracyByAlpha",
    rows.map(({ accuracy }) => accuracy),
    0,
  );
  const points = pointsOf(rows.map(({ alpha, ...rest }) => ({ ...rest, beta: alpha })));
  const axis = stepAxis(points.map(({ beta }) => beta));
  const data = points.map(({ series, beta: alpha, ...rest }) => ({ series, alpha, ...rest }));
  return { ...texts, svg: drawAccuracies(points, texts.title, axis, "ReLU'(0)"), data };
}
