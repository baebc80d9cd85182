/** Functions that are equal to a simpler one, written with relus: how the choice at 0 shows. */
import { add, atKink, mul, neg, relu, sub, type Tensor } from "@nonsmooth/ad-core";
import { slopes, type Trap, trap } from "./trap.ts";

type Scalar = (t: Tensor) => Tensor;

const lambda = 10;
const relu2: Scalar = (t) => add(relu(neg(t)), t);
const zero: Scalar = (t) => sub(relu2(t), relu(t));

/** A function, its derivative on the left of 0, at 0 and on the right, and what a choice `s` gives at 0. */
interface Rewritten {
  readonly what: string;
  readonly f: Scalar;
  readonly derivative: readonly [left: number, at: number | null, right: number];
  readonly chosen: (s: number) => number;
}

const functions: readonly Rewritten[] = [
  { what: "relu2(t) = relu(-t) + t, which is relu(t)", f: relu2, derivative: [0, null, 1], chosen: (s) => 1 - s },
  {
    what: "relu3(t) = (relu(t) + relu2(t)) / 2, which is relu(t)",
    f: (t) => mul(add(relu(t), relu2(t)), 0.5),
    derivative: [0, null, 1],
    chosen: () => 0.5,
  },
  { what: "zero(t) = relu2(t) - relu(t), which is 0", f: zero, derivative: [0, 0, 0], chosen: (s) => 1 - 2 * s },
  { what: "t - zero(t), which is t", f: (t) => sub(t, zero(t)), derivative: [1, 1, 1], chosen: (s) => 2 * s },
  {
    what: `t + ${lambda} zero(t), which is t`,
    f: (t) => add(t, mul(zero(t), lambda)),
    derivative: [1, 1, 1],
    chosen: (s) => 1 + lambda * (1 - 2 * s),
  },
];

/** Every function at 0 under three choices, and on both sides of it. */
export const rewrittenTraps = (): Trap[] =>
  functions.flatMap((one) => [
    ...[0, 0.5, 1].map((s) => trapAt(one, 0, s)),
    ...([-1, 1] as const).map((t) => trapAt(one, t, 0)),
  ]);

function trapAt({ what, f, derivative, chosen }: Rewritten, t: -1 | 0 | 1, s: number): Trap {
  const slope = derivative[t + 1] as number | null;
  const expected = [t === 0 ? chosen(s) : (slope as number)];
  const rest = { group: "relu, rewritten", dtype: "f64", source: "derived" } as const;
  return trap(
    { ...rest, what, at: `t = ${t}`, choice: `relu'(0) = ${s}`, expected, derivative: slope === null ? null : [slope] },
    slopes(f, [t], { select: { relu: atKink(s) } }),
  );
}
