// Instructions that are done together with those before them.
import type { Place, TensorType } from "@nonsmooth/ad-core";
import type { Fused, Kernels, Made, Origin } from "../kernels/kernel.ts";
import type { ViewedValues } from "./views.ts";

/** What is done together. */
export interface Fusions {
  /** By the place of the last result. */
  readonly found: ReadonlyMap<Place, Fused>;
  /** What is computed on the way, and written nowhere. */
  readonly covered: ReadonlySet<Place>;
}

/** Looks at all instructions, from the last to the first; `kept` are values that someone needs at the end. */
export function findFusions(values: ViewedValues, fusions: Kernels["fused"], kept: readonly Place[]): Fusions {
  const reads = countReads(values, kept);
  const [found, covered] = [new Map<Place, Fused>(), new Set<Place>()];
  for (const { place, type, primitive } of values.steps.toReversed()) {
    const fusion = Object.hasOwn(fusions, primitive.name) ? fusions[primitive.name] : undefined;
    if (fusion === undefined || covered.has(place)) continue;
    const fused = fusion({ place, type, made: madeAt(values, reads, place) });
    if (fused === null) continue;
    found.set(place, fused);
    for (const origin of fused.covers) covered.add(origin.place);
  }
  return { found, covered };
}

function countReads(values: ViewedValues, kept: readonly Place[]): ReadonlyMap<Place, number> {
  const reads = new Map<Place, number>();
  const count = (place: Place): unknown => reads.set(place, (reads.get(place) ?? 0) + 1);
  for (const { operands } of values.steps) operands.forEach(count);
  kept.forEach(count);
  return reads;
}

function madeAt(values: ViewedValues, reads: ReadonlyMap<Place, number>, place: Place): Made {
  const { primitive, params, operands, types } = values.stepAt(place);
  return {
    ...{ name: primitive.name, params, isReadOnce: reads.get(place) === 1 },
    get operands() {
      return operands.map((operand, i) => originOf(values, reads, operand, types[i] as TensorType));
    },
  };
}

/** What is seen in another shape than it was made in is taken for an argument. */
function originOf(values: ViewedValues, reads: ReadonlyMap<Place, number>, place: Place, type: TensorType): Origin {
  const isMade = values.hasStep(place) && String(values.type(place).shape) === String(type.shape);
  return { place, type, made: isMade ? madeAt(values, reads, place) : null };
}
