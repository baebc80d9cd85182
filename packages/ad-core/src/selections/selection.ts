// Choices at kinks: values that cannot be built wrong.
import { AdError } from "../errors/adError.ts";
import { domainError, selectionError } from "../errors/messages.ts";
import { hash, pick } from "./hash.ts";

/** A user's rule is tabulated up to this many tied branches. */
const maxTabulated = 64;

/**
 * How the derivative of a maximum is shared among the branches that tie.
 *
 * Plain data. A named selection is three numbers: the share of the first tied branch, of the last one, and the part
 * that all of them divide equally. The shares sum to 1, which is exactly the condition for the chain rule along curves.
 */
export interface TieSelection {
  readonly kind: "tie";
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly each: number;
  /** Share of one branch drawn by a hash of `seed`, kink and position. */
  readonly drawn: number;
  readonly seed: number;
  /** `table[k - 1]` holds the weights of `k` tied branches, for a user's own rule. */
  readonly table?: readonly (readonly number[])[];
  /** Present when the choice speaks of two branches only. */
  readonly branches?: 2;
}

/** What stands for the direction `x / |x|` of a Euclidean norm at `x = 0`. */
export interface PointSelection {
  readonly kind: "point";
  readonly name: string;
  /** The vector used at 0, of the length asked for. */
  readonly vector: (length: number) => readonly number[];
}

/** A choice at a kink, passed to a transform and never to the function. */
export type Selection = TieSelection | PointSelection;

/** Choices by operation or by operation and site, such as `{ relu: last, "maxPool2d@block1": uniform }`. */
export type Select = Readonly<Record<string, Selection>>;

const shares = (name: string, parts: Partial<TieSelection>): TieSelection =>
  Object.freeze({ kind: "tie", name, first: 0, last: 0, each: 0, drawn: 0, seed: 0, ...parts });

/**
 * The first tied branch in the operation's written order: `relu'(0) = 0`, PyTorch's max-pool.
 *
 * @see [Bou24] where max-pool with this choice is called native
 */
export const first: TieSelection = shares("first", { first: 1 });

/** The last tied branch in the operation's written order: `relu'(0) = 1`. */
export const last: TieSelection = shares("last", { last: 1 });

/**
 * Equal shares: the weights of least Euclidean norm, and the minimum-norm subgradient of a maximum of inputs.
 *
 * @see [Bou24] where max-pool with this choice is called minimal
 */
export const uniform: TieSelection = shares("uniform", { each: 1 });

/**
 * One tied branch, drawn by a hash of the seed, the kink and the position: Monte Carlo over the conservative field.
 * The same seed gives the same draws in both modes.
 *
 * @param seed - a whole number
 * @returns the selection
 * @throws AdError "domain" when the seed is not a whole number
 * @example
 * random(7).name // "random(7)"
 */
export function random(seed: number): TieSelection {
  if (!Number.isSafeInteger(seed)) throw domainError("random", "seed", "a whole number", seed, "round it");
  return shares(`random(${seed})`, { drawn: 1, seed });
}

/**
 * Weight `s` on the second of two branches and `1 - s` on the first: `relu'(0) = s`, for any real `s`.
 *
 * @param s - finite; values outside [0, 1] are allowed, and leave the Clarke subdifferential
 * @returns the selection; it fits kinks with two branches only
 * @throws AdError "domain" when `s` is not finite
 * @see [BLGP21] which studies the effect of relu'(0) = s in training
 * @example
 * grad(relu, { select: { relu: atKink(0.25) } })(tensor(0)) // 0.25
 */
export function atKink(s: number): TieSelection {
  if (!Number.isFinite(s)) throw domainError("atKink", "s", "a finite number", s, "pass the derivative at the kink");
  return shares(`atKink(${s})`, { first: 1 - s, last: s, branches: 2 });
}

/**
 * `(1 - t) a + t b`. Convex for `0 <= t <= 1`; `blend(first, uniform, beta)` is beta-MaxPool for any real beta.
 *
 * @param a - the selection at `t = 0`
 * @param b - the selection at `t = 1`
 * @param t - any finite number
 * @returns the selection
 * @throws AdError "domain" when `t` is not finite; "selection" for two draws with different seeds or for `atZero`
 * @see [Bou24] beta-MaxPool
 * @example
 * grad((x) => max(x), { select: { max: blend(first, uniform, 0.5) } })(tensor([3, 3])) // [0.75, 0.25]
 */
export function blend(a: TieSelection, b: TieSelection, t: number): TieSelection {
  const name = `blend(${a?.name}, ${b?.name}, ${t})`;
  if (!Number.isFinite(t)) throw domainError("blend", "t", "a finite number", t, "pass a finite weight");
  if (a?.kind !== "tie" || b?.kind !== "tie") {
    throw selectionError("blend", "not weights of ties", "two selections of ties", name, "leave atZero out");
  }
  if (a.drawn !== 0 && b.drawn !== 0 && a.seed !== b.seed) {
    throw selectionError("blend", "two draws with different seeds", "one seed", name, "use the same seed in both");
  }
  const mix = (x: number, y: number): number => (1 - t) * x + t * y;
  const numbers = { first: mix(a.first, b.first), last: mix(a.last, b.last), each: mix(a.each, b.each) };
  const drawn = { drawn: mix(a.drawn, b.drawn), seed: a.drawn === 0 ? b.seed : a.seed };
  const table = a.table || b.table ? { table: blendTables(a, b, mix) } : {};
  return shares(name, { ...numbers, ...drawn, ...table, ...(a.branches || b.branches ? { branches: 2 } : {}) });
}

function blendTables(a: TieSelection, b: TieSelection, mix: (x: number, y: number) => number): number[][] {
  if (a.drawn !== 0 || b.drawn !== 0) {
    const got = `${a.name} and ${b.name}`;
    throw selectionError("blend", "a draw with a user's rule", "named selections", got, "draw inside the rule");
  }
  return tabulate((ties) =>
    Array.from({ length: ties }, (_, i) => mix(shareOf(a, i, ties, 0), shareOf(b, i, ties, 0))),
  );
}

const tabulate = (rule: (ties: number) => number[]): number[][] =>
  Array.from({ length: maxTabulated }, (_, i) => (i === 0 ? [1] : rule(i + 1)));

/**
 * A user's own rule. It is called once for each number of ties from 2 to 64, checked and kept as a table.
 *
 * @param rule - gives the weights of `ties` tied branches, in written order; they must sum to 1
 * @param name - printed in reports
 * @returns the selection
 * @throws AdError "selection" when a list has another length, is not finite or does not sum to 1 within 1e-9
 * @example
 * grad((x) => max(x), { select: { max: weights((k) => [0.9, ...Array(k - 1).fill(0.1 / (k - 1))]) } })(tensor([5, 5])) // [0.9, 0.1]
 */
export function weights(rule: (ties: number) => readonly number[], name = "weights"): TieSelection {
  if (typeof rule !== "function")
    throw domainError("weights", "rule", "a function of the number of ties", rule, "pass one");
  return shares(name, { table: tabulate((ties) => checkWeights(name, ties, rule(ties))) });
}

function checkWeights(name: string, ties: number, list: readonly number[]): number[] {
  const sum = list.reduce((total, w) => total + w, 0);
  if (list.length === ties && Math.abs(sum - 1) <= 1e-9) return [...list];
  const problem = `the rule is wrong for ${ties} tied branches`;
  const expected = `${ties} weights with sum 1`;
  throw selectionError(name, problem, expected, `[${list}] with sum ${sum}`, "divide by the sum", {
    ties,
    weights: list,
  });
}

/**
 * What stands for `x / |x|` at `x = 0` in the derivative of a Euclidean norm.
 *
 * @param vector - `"zero"`, the minimum-norm subgradient; `"ones"`, which is conservative but no Clarke subgradient
 *   for more than one entry; or a function from the number of entries to the vector
 * @returns the selection; it fits `norm2` and `normPool2d` only
 * @see [Bou24] which compares both vectors for norm-pooling
 * @example
 * grad((x) => norm2(x), { select: { norm2: atZero("ones") } })(tensor([0, 0])) // [1, 1]
 */
export function atZero(vector: "zero" | "ones" | ((length: number) => readonly number[])): PointSelection {
  if (typeof vector === "function") return { kind: "point", name: "atZero(fn)", vector };
  const value = { zero: 0, ones: 1 }[vector];
  if (value === undefined)
    throw domainError("atZero", "vector", '"zero", "ones" or a function', vector, "name one of them");
  return { kind: "point", name: `atZero(${vector})`, vector: (n) => new Array<number>(n).fill(value) };
}

/**
 * Weight of the tied branch that stands at `rank` (from 0) among `ties` tied ones.
 * A single branch has weight exactly 1: away from kinks all selections agree bit for bit.
 */
export function shareOf(selection: TieSelection, rank: number, ties: number, draw: number): number {
  if (ties === 1) return 1;
  if (selection.table) return tabulated(selection, rank, ties);
  let share = selection.each / ties;
  if (rank === 0) share += selection.first;
  if (rank === ties - 1) share += selection.last;
  if (selection.drawn !== 0 && pick(draw, ties) === rank) share += selection.drawn;
  return share;
}

function tabulated(selection: TieSelection, rank: number, ties: number): number {
  const row = selection.table?.[ties - 1];
  if (row) return row[rank] as number;
  const remedy = "use a named selection for wider maxima";
  throw selectionError(
    selection.name,
    "too many ties for a user's rule",
    `at most ${maxTabulated}`,
    `${ties}`,
    remedy,
    { ties },
  );
}

/** Whether one branch takes all, however many tie. */
export const isPick = ({ first, last, each, drawn, table }: TieSelection): boolean =>
  table === undefined && each === 0 && [first, last, drawn].every((share) => share === 0 || share === 1);

/** The rank of the branch that takes all, under a selection that picks one. */
export const pickedRank = (selection: TieSelection, ties: number, draw: number): number =>
  selection.first === 1 ? 0 : selection.last === 1 ? ties - 1 : pick(draw, ties);

/** The draw at one position of one kink. */
export const drawAt = (selection: TieSelection, kink: number, index: number): number =>
  hash(selection.seed, kink, index);

/** Checks a selection that may have been put together by hand. */
function checkShares(where: string, key: string, selection: TieSelection): TieSelection {
  const sum = selection.first + selection.last + selection.each + selection.drawn;
  if (selection.table || Math.abs(sum - 1) <= 1e-9) return selection;
  const remedy = "use blend, atKink or weights";
  throw selectionError(
    where,
    `the shares of ${key} are wrong`,
    "shares with sum 1",
    `${selection.name} with sum ${sum}`,
    remedy,
  );
}

/** Checks a value that came from outside the type system. */
export function checkSelection(where: string, key: string, value: unknown): Selection {
  const kind = (value as Selection | null)?.kind;
  if (kind === "tie") return checkShares(where, key, value as TieSelection);
  if (kind === "point") return value as Selection;
  const expected = "a selection such as first, uniform or atKink(0.5)";
  throw new AdError({
    code: "selection",
    where,
    problem: `${key} is not a selection`,
    expected,
    got: String(value),
    remedy: "import one from @nonsmooth/ad-core",
  });
}
