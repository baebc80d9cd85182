// Which formulas are computed inside the kernel of the one formula that uses them.
import type { Place } from "@nonsmooth/ad-core";
import { type Formula, formulaOf, type PlacedStep, type Values } from "@nonsmooth/ad-core/machines";
import type { View } from "../text/positions.ts";

/** A device may bind eight arrays to a kernel: the result is one, and numbers without text may be another. */
const mostReads = 6;

/** Longer kernels hold too many values at once. */
const mostFormulas = 40;

/** The formulas of a program, and those that have no place of their own in memory. */
export interface Chains {
  readonly formulas: ReadonlyMap<Place, Formula>;
  readonly inlined: ReadonlySet<Place>;
}

/** What a formula reads when those inside it are computed with it. */
interface Tree {
  readonly reads: ReadonlySet<Place>;
  readonly formulas: number;
}

/**
 * Finds chains. A value that several instructions use is computed once and stored: two kernels that compute it again might
 * round it differently, and then disagree at a kink. `kept` are values that someone needs at the end.
 */
export function findChains(values: Values<View>, kept: readonly Place[], isHost: (place: Place) => boolean): Chains {
  const formulas = new Map<Place, Formula>();
  for (const { place, primitive, params } of values.steps) {
    const formula = isHost(place) ? null : formulaOf(primitive, params);
    if (formula) formulas.set(place, formula);
  }
  const once = usedOnce(values, kept, formulas);
  const trees = new Map<Place, Tree>();
  const inlined = new Set<Place>();
  for (const step of values.steps) {
    if (!formulas.has(step.place)) continue;
    const candidates = [...new Set(step.operands)].filter((place) => once.has(place) && trees.has(place));
    candidates.sort((a, b) => weight(trees, a) - weight(trees, b));
    let tree = plainTree(values, step, candidates);
    for (const place of candidates) {
      const grown = joined(tree, trees.get(place) as Tree);
      if (grown.reads.size <= mostReads && grown.formulas <= mostFormulas) {
        tree = grown;
        inlined.add(place);
      } else tree = { ...tree, reads: new Set([...tree.reads, place]) };
    }
    trees.set(step.place, tree);
  }
  return { formulas, inlined };
}

const weight = (trees: ReadonlyMap<Place, Tree>, place: Place): number => (trees.get(place) as Tree).reads.size;

const joined = (a: Tree, b: Tree): Tree => ({
  reads: new Set([...a.reads, ...b.reads]),
  formulas: a.formulas + b.formulas,
});

/** What a formula reads by itself. */
function plainTree(values: Values<View>, { operands }: PlacedStep, without: readonly Place[]): Tree {
  const sources = operands.flatMap((place) => {
    const source = values.repeated.get(place)?.source ?? place;
    return without.includes(place) || values.number(source) !== null ? [] : [source];
  });
  return { reads: new Set(sources), formulas: 1 };
}

/** Values of formulas that one formula uses, element by element, and nobody else. */
function usedOnce(
  values: Values<View>,
  kept: readonly Place[],
  formulas: ReadonlyMap<Place, Formula>,
): ReadonlySet<Place> {
  const uses = new Map<Place, number>();
  const use = (place: Place, times: number): unknown => uses.set(place, (uses.get(place) ?? 0) + times);
  for (const { place, operands } of values.steps) {
    const isFormula = formulas.has(place);
    for (const operand of new Set(operands)) use(operand, isFormula ? 1 : 2);
  }
  for (const place of kept) use(place, 2);
  return new Set([...uses].flatMap(([place, times]) => (times === 1 && formulas.has(place) ? [place] : [])));
}
