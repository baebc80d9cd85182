// What the host computes: keys of random numbers, whose words have more bits than a float of the device holds.
import type { Place } from "@nonsmooth/ad-core";
import type { PlacedStep, Values } from "@nonsmooth/ad-core/machines";
import type { View } from "../text/positions.ts";

/** Records that take a key as their first operand. */
const takesKey: ReadonlySet<string> = new Set(["split", "randomUniform", "randomNormal"]);

/** Keys, and everything that they are made of: they depend on arguments alone, or are drawn from data on the host. */
export function hostPlaces(values: Values<View>): ReadonlySet<Place> {
  const places = new Set<Place>();
  const inputs = values.program.inputTypes.length;
  const mark = (place: Place): void => {
    if (places.has(place)) return;
    places.add(place);
    if (place >= inputs && values.hasStep(place)) values.stepAt(place).operands.forEach(mark);
  };
  for (const step of values.steps) {
    if (!takesKey.has(step.primitive.name)) continue;
    mark(step.operands[0] as Place);
    if (step.primitive.name === "split") mark(step.place);
  }
  return places;
}

/** The instructions that the host computes, in order. */
export const hostSteps = (values: Values<View>, places: ReadonlySet<Place>): readonly PlacedStep[] =>
  values.steps.filter(({ place }) => places.has(place));
