/** Whether a vector is a mixture of vectors: the question that stands between an answer and the elements found. */
import { nearestPoint, type Vector } from "./nearest.ts";

/** What can be said: elements that were not found might still hold the answer. */
export type Verdict = "inside" | "outside of those found";

/** Decides it for vectors of the same length. */
export type Membership = (elements: readonly Vector[], answer: Vector) => Verdict;

/** Distances below it, beside the largest entry, are rounding. */
const rounding = 2 ** -20;

/**
 * Whether the answer is an element or a mixture of elements: whether the nearest mixture has no distance. Where it has
 * one, `<difference, element - answer>` is positive for every element, a linear inequality that the answer breaks.
 */
export const isMixture: Membership = (elements, answer) => {
  if (elements.some((element) => element.every((v, i) => v === answer[i]))) return "inside";
  if (elements.length === 0) return "outside of those found";
  const moved = elements.map((element) => element.map((v, i) => v - (answer[i] as number)));
  const largest = Math.max(...[answer, ...elements].flat().map(Math.abs));
  const distance = Math.hypot(...nearestPoint(moved));
  return distance <= rounding * largest ? "inside" : "outside of those found";
};
