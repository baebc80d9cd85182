/** The plane of gradients: limits, their hull, and where the answer of backpropagation lies. */
import { hullPlot, type Point } from "../plots/hull.ts";
import type { ClarkeStudy } from "../studies/clarke.ts";

const [orange, green] = ["#d55e00", "#009e73"];

const said = { member: "is an element", "not a member": "is no element", undecided: "may be an element" };

const pointOf = (gradient: readonly number[]): Point => [gradient[0] as number, gradient[1] as number];

/** A picture of a study whose gradients have two entries and are listed. */
export function clarkePlot({ program, at, backpropagation, set }: ClarkeStudy): string {
  const points = (set?.limits.gradients ?? []).map(pointOf);
  const isComplete = set?.limits.complete === true;
  const least = set?.leastNorm.gradient;
  return hullPlot({
    title: `${program} at [${at?.join(", ")}]: the answer ${said[set?.membership.verdict ?? "undecided"]}`,
    xLabel: "derivative by the first entry",
    yLabel: "derivative by the second entry",
    points,
    pointsName: isComplete ? "limits of gradients" : "limits that were found",
    hullName: isComplete ? "Clarke subdifferential" : "part of it",
    marked: [
      { name: "backpropagation", at: pointOf(backpropagation.gradient as number[]), mark: "cross", colour: orange },
      ...(least ? [{ name: "least norm", at: pointOf(least), mark: "ring" as const, colour: green }] : []),
    ],
  });
}
