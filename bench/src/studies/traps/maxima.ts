/** Maxima of two and of four numbers in several spellings: where numbers tie, the spelling decides. */
import {
  add,
  atKink,
  greater,
  greaterEqual,
  max,
  mul,
  relu,
  type Select,
  stack,
  sub,
  type Tensor,
  uniform,
  where,
} from "@nonsmooth/ad-core";
import { type Source, slopes, type Trap, trap } from "./trap.ts";

type Pairwise = (a: Tensor, b: Tensor) => Tensor;

/** A relu whose derivative at 0 is 1 by the way it is written. */
const reluWhere = (x: Tensor): Tensor => where(greaterEqual(x, 0), x, 0);

/** `(a + b) / 2 + relu((a - b) / 2) + relu((b - a) / 2)`, each relu with a site of its own. */
const formA: Pairwise = (a, b) => {
  const half = (x: Tensor): Tensor => mul(x, 0.5);
  const [left, right] = [relu(half(sub(a, b)), { site: "s1" }), relu(half(sub(b, a)), { site: "s2" })];
  return add(add(half(add(a, b)), left), right);
};

/** The same with the first relu written by a comparison. */
const formAWhere: Pairwise = (a, b) => {
  const half = (x: Tensor): Tensor => mul(x, 0.5);
  return add(add(half(add(a, b)), reluWhere(half(sub(a, b)))), relu(half(sub(b, a))));
};

const formB: Pairwise = (a, b) => add(b, relu(sub(a, b)));

const group = "maximum of two; A: (a + b)/2 + relu((a - b)/2) + relu((b - a)/2), B: b + relu(a - b)";

function ofTwo(what: string, choice: string, f: Pairwise, expected: number[], select: Select, source: Source): Trap {
  const rest = { group, at: "a = b = 1", dtype: "f64", derivative: null } as const;
  return trap({ ...rest, what, choice, expected, source }, slopes(f, [1, 1], { select }));
}

/** Both forms where their arguments tie. */
export const pairTraps = (): Trap[] => [
  ...[
    [0, 0],
    [1, 1],
    [1, 0],
    [0, 1],
    [0.5, 0],
  ].map(([s1 = 0, s2 = 0]) => {
    const select = { "relu@s1": atKink(s1), "relu@s2": atKink(s2) };
    const weight = 0.5 + (s1 - s2) / 2;
    return ofTwo("A", `s1 = ${s1}, s2 = ${s2}`, formA, [weight, 1 - weight], select, "derived");
  }),
  ofTwo("A", "s1 = 1 by where(x >= 0, x, 0), s2 = 0", formAWhere, [1, 0], { relu: atKink(0) }, "published code"),
  ...[0, 0.5, 1].map((s) => ofTwo("B", `s = ${s}`, formB, [s, 1 - s], { relu: atKink(s) }, "derived")),
];

/** A maximum of four numbers, and the weights that it gives to four that tie. */
export interface FourMax {
  readonly name: string;
  readonly f: (z: readonly Tensor[]) => Tensor;
  readonly select?: Select;
  readonly weights: readonly number[];
}

const tournament =
  (of: Pairwise) =>
  ([a, b, c, d]: readonly Tensor[]): Tensor =>
    of(of(a as Tensor, b as Tensor), of(c as Tensor, d as Tensor));

const [firstTakesAll, evenly] = [
  [1, 0, 0, 0],
  [0.25, 0.25, 0.25, 0.25],
];

/** The spellings that were compared. */
export const fourMaxima: Readonly<Record<"loop" | "library" | "even" | "ordered", FourMax>> = {
  loop: {
    name: "loop",
    f: (z) => z.reduce((best, next) => where(greater(next, best), next, best)),
    weights: firstTakesAll,
  },
  library: { name: "library", f: (z) => max(stack(z, 0)), select: { max: uniform }, weights: evenly },
  even: { name: "even tournament", f: tournament(formA), weights: evenly },
  ordered: {
    name: "ordered tournament",
    f: tournament(formAWhere),
    weights: firstTakesAll,
  },
};

const ofFour =
  "maximum of four; loop: with >, library: equal shares, tournaments of form A: even with s1 = s2, ordered with s1 = 1, s2 = 0";

/** Every spelling where all four tie, and where none do. */
export const fourTraps = (): Trap[] =>
  Object.values(fourMaxima).flatMap(({ name, f, select = {}, weights }) =>
    (
      [
        [1, 1, 1, 1],
        [1, 4, 2, 3],
      ] as const
    ).map((at) => {
      const derivative = at[1] === 1 ? null : [0, 1, 0, 0];
      const rest = { group: ofFour, dtype: "f64", source: "derived", what: "max(a, b, c, d)" } as const;
      const question = { ...rest, at: `(${at.join(", ")})`, choice: name, expected: derivative ?? weights, derivative };
      return trap(
        question,
        slopes((...z) => f(z), at, { select }),
      );
    }),
  );
