// Choices at kinks, drawn at random.
import {
  atKink,
  atZero,
  blend,
  first,
  last,
  type PointSelection,
  type Primitive,
  random,
  records,
  type Select,
  type Selection,
  type TieSelection,
  uniform,
  weights,
} from "@nonsmooth/ad-core";
import fc from "fast-check";

/** Settings of {@link anySelection}. */
export interface SelectionOptions {
  /** Set to 2 for kinks of two branches: `atKink` fits those only. */
  readonly branches?: 2;
}

const seed = fc.integer({ min: 0, max: 1000 });
const anyWeight = fc.constantFrom(-1.5, -1, 0, 0.25, 0.5, 1, 2, 10);

/** A user's rule: weights that sum to 1, outside [0, 1] too. */
const rule = fc.tuple(anyWeight, fc.integer({ min: 0, max: 63 })).map(([share, place]) =>
  weights((ties) => {
    const rest = (1 - share) / (ties - 1);
    return Array.from({ length: ties }, (_, i) => (i === place % ties ? share : rest));
  }, `weights(${share} at ${place})`),
);

const named: fc.Arbitrary<TieSelection> = fc.oneof(fc.constantFrom(first, last, uniform), seed.map(random));

/**
 * Selections at kinks of ties: named ones, draws, users' weights, and blends, with weights outside [0, 1] too.
 *
 * @param options - `branches: 2` adds `atKink`, which fits kinks of two branches only
 * @returns the source
 * @example
 * fc.sample(anySelection(), 10).every((s) => s.kind === "tie") // true
 */
export function anySelection({ branches }: SelectionOptions = {}): fc.Arbitrary<TieSelection> {
  const plain = fc.constantFrom(first, last, uniform);
  const blends = fc.tuple(plain, named, anyWeight).map(([a, b, t]) => blend(a, b, t));
  return fc.oneof(named, rule, blends, ...(branches === 2 ? [anyWeight.map(atKink)] : []));
}

/**
 * Vectors at the zero of a Euclidean norm.
 *
 * @returns the source
 * @example
 * fc.sample(anyAtZero(), 10).every((s) => s.kind === "point") // true
 */
export const anyAtZero = (): fc.Arbitrary<PointSelection> =>
  fc.constantFrom(
    atZero("zero"),
    atZero("ones"),
    atZero((n) => Array.from({ length: n }, (_, i) => i - 1)),
  );

/** What decides which selections fit: the sort of kink, and whether it has any number of branches or two. */
export interface KinkSort {
  readonly type: "tie" | "point" | "jump";
  readonly along?: boolean;
}

/**
 * Selections that fit the kink of an operation; undefined for an operation without a choice.
 *
 * @param operation - a record, or anything that states its `kink`
 * @returns the source
 * @example
 * fc.sample(selectionFor(records.get("norm2")), 1)[0].kind // "point"
 */
export function selectionFor({ kink }: { readonly kink?: KinkSort | undefined }): fc.Arbitrary<Selection | undefined> {
  if (kink?.type === "point") return anyAtZero();
  if (kink?.type !== "tie") return fc.constant(undefined);
  return kink.along ? anySelection() : anySelection({ branches: 2 });
}

/** The records that have a choice to make. */
export const kinkedRecords: readonly Primitive[] = [...records.values()].filter(
  ({ kink }) => kink !== undefined && kink.type !== "jump",
);

/**
 * Tables of selections: a choice for some of the kinked operations, each of a kind that fits.
 *
 * @returns the source
 * @example
 * fc.sample(anySelect(), 10).every((select) => Object.keys(select).every((name) => records.has(name))) // true
 */
export function anySelect(): fc.Arbitrary<Select> {
  const choices = kinkedRecords.map((record): [string, fc.Arbitrary<Selection>] => [
    record.name,
    selectionFor(record) as fc.Arbitrary<Selection>,
  ]);
  return fc.record(Object.fromEntries(choices), { requiredKeys: [] }) as fc.Arbitrary<Select>;
}
