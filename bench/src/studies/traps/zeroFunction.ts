/** `zero(t) = max1(t x) - max2(t x)`: 0 for every t, with a derivative that depends on spelling, ties and order of sums. */
import { cast, gather, mul, type Select, sub, type Tensor, tensor } from "@nonsmooth/ad-core";
import type { RealDType } from "@nonsmooth/nets";
import { type FourMax, fourMaxima } from "./maxima.ts";
import { type Question, slopes, type Trap, trap } from "./trap.ts";

/** The two maxima that are subtracted. */
interface Difference {
  readonly one: FourMax;
  readonly other: FourMax;
}

const { loop, library, even, ordered } = fourMaxima;
const published: Difference = { one: loop, other: library };
const tournaments: Difference = { one: even, other: ordered };

const textOf = ({ one, other }: Difference): string => `${one.name} - ${other.name}`;
const selectOf = ({ one, other }: Difference): Select => ({ ...one.select, ...other.select });

type Scalar = (t: Tensor) => Tensor;
type Fours = readonly number[];

const difference = ({ one, other }: Difference, z: readonly Tensor[]): Tensor => sub(one.f(z), other.f(z));

const entries = (z: Tensor): Tensor[] => [0, 1, 2, 3].map((i) => gather(z, tensor(i, { dtype: "i32" }), { axis: 0 }));

const product = (t: Tensor, x: Fours): Tensor[] => entries(mul(t, tensor([...x], { dtype: t.dtype })));

/** Both maxima of one product `t x`: their cotangents meet there, and its entries are summed in the engine's order. */
const merged =
  (pair: Difference, x: Fours): Scalar =>
  (t) =>
    difference(pair, product(t, x));

/** Each maximum of a product of its own: their derivatives meet at t only. */
const apart =
  ({ one, other }: Difference, x: Fours): Scalar =>
  (t) =>
    sub(one.f(product(t, x)), other.f(product(t, x)));

/** Four products whose derivatives arrive at t in this order: reverse mode reads the last one first. */
const inOrder =
  (pair: Difference, x: Fours, order: Fours, of: (t: Tensor) => Tensor = (t) => t): Scalar =>
  (t) => {
    const z: Tensor[] = [];
    for (const i of order.toReversed()) z[i] = mul(of(t), x[i] as number);
    return difference(pair, z);
  };

/** Four products, two and two of which meet before they arrive at t. */
const pairwise =
  (pair: Difference, x: Fours): Scalar =>
  (t) => {
    const halves = [mul(t, 1), mul(t, 1)];
    return difference(
      pair,
      x.map((value, i) => mul(halves[i >> 1] as Tensor, value)),
    );
  };

const [quarter, eighth] = [2 ** -24, 2 ** -25];
const group = "zero(t) = max1(t x) - max2(t x), which is 0; the choice is max1 - max2 and the order of the sum over x";

type Asked = Pick<Question, "expected" | "source"> & { overReals?: readonly number[] };

function zeroTrap(
  pair: Difference,
  x: Fours,
  t: number,
  f: Scalar,
  order: string,
  asked: Asked,
  dtype: RealDType,
): Trap {
  const what = x.every((value) => value === x[0]) ? `x = ${x[0]}, four times` : `x = (${x.join(", ")})`;
  const choice = order === "" ? textOf(pair) : `${textOf(pair)}; ${order}`;
  const question: Question = { group, what, at: `t = ${t}`, dtype, choice, derivative: [0], ...asked };
  return trap(question, slopes(f, [t], { dtype, select: selectOf(pair) }));
}

/** Four different numbers tie at t = 0 alone: there the derivative is wrong over the reals. */
export const bifurcationTraps = (): Trap[] =>
  [published, tournaments].flatMap((pair, i) =>
    [0, 1, -1].map((t) => {
      const x = [1, 2, 3, 4];
      const expected = [t === 0 ? ([-1.5, 1.5][i] as number) : 0];
      return zeroTrap(pair, x, t, merged(pair, x), "", { expected, source: "derived" }, "f64");
    }),
  );

const repeated = (value: number): Fours => [value, value, value, value];

/**
 * One number four times: everything ties for every t, the derivative over the reals is 0, and rounding decides.
 *
 * The stored output of the study has +2^-24 for the tournaments too. By the rule their weights have the opposite signs, and so
 * has the result; why the stored sign is another is not known.
 */
export function compensationTraps(): Trap[] {
  const x = repeated(1.14);
  const overReals = [0];
  const isPublished = { expected: [quarter], source: "published output", overReals } as const;
  const derived = (value: number): Asked => ({ expected: [value], source: "derived", overReals });
  const at = (f: Scalar, order: string, asked: Asked, t = 1): Trap => zeroTrap(published, x, t, f, order, asked, "f32");
  const narrow = (t: Tensor): Tensor => cast(t, "f32");
  const wide = inOrder(published, x, [0, 1, 2, 3], narrow);
  const other = repeated(1.4);
  return [
    ...[0, 0.1, 1, -1e-4, -6].map((t) => at(merged(published, x), "merged at t x", isPublished, t)),
    ...[0, 0.1, 1, -1e-4, -6].map((t) => at(inOrder(published, x, [0, 1, 2, 3]), "0, 1, 2, 3", isPublished, t)),
    at(pairwise(published, x), "(0, 1), (2, 3)", isPublished),
    at(inOrder(published, x, [1, 2, 0, 3]), "1, 2, 0, 3", derived(eighth)),
    at(inOrder(published, x, [1, 2, 3, 0]), "1, 2, 3, 0", derived(0)),
    zeroTrap(published, x, 1, (t) => wide(cast(t, "f64")), "terms in f32, sum in f64", derived(eighth), "f64"),
    at(apart(published, x), "each maximum apart", derived(0)),
    zeroTrap(published, other, 1, merged(published, other), "merged at t x", derived(-quarter), "f32"),
    zeroTrap(tournaments, x, 1, merged(tournaments, x), "merged at t x", derived(-quarter), "f32"),
  ];
}
