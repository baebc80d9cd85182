// Random piecewise linear programs with whole numbers, run in two ways: as tensors, and on big integers with gradients.
import {
  abs,
  add,
  leakyRelu,
  max,
  maximum,
  median,
  min,
  minimum,
  mul,
  neg,
  relu,
  slice,
  sort,
  squeeze,
  stack,
  sub,
  type Tensor,
} from "@nonsmooth/ad-core";
import { fc } from "@nonsmooth/ad-testing";

/** A number with its gradient in the inputs. */
export interface Exact {
  readonly value: bigint;
  readonly gradient: readonly bigint[];
}

const combine = (a: Exact, p: bigint, b: Exact, q: bigint): Exact => ({
  value: p * a.value + q * b.value,
  gradient: a.gradient.map((v, i) => p * v + q * (b.gradient[i] as bigint)),
});
const times = (a: Exact, p: bigint): Exact => combine(a, p, a, 0n);
const larger = (a: Exact, b: Exact): Exact => (b.value > a.value ? b : a);
const smaller = (a: Exact, b: Exact): Exact => (b.value < a.value ? b : a);
const ascending = (list: readonly Exact[]): Exact[] =>
  list.toSorted((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
const zeroTimes = (a: Exact): Exact => times(a, 0n);

/** One entry of the dictionary, of three operands. */
interface Operation {
  readonly name: string;
  readonly run: (a: Tensor, b: Tensor, c: Tensor) => Tensor;
  readonly exact: (a: Exact, b: Exact, c: Exact) => Exact;
}

const place = (x: Tensor, i: number): Tensor => squeeze(slice(x, [i], [i + 1]));

const operations: readonly Operation[] = [
  { name: "add(a, b)", run: (a, b) => add(a, b), exact: (a, b) => combine(a, 1n, b, 1n) },
  { name: "sub(a, b)", run: (a, b) => sub(a, b), exact: (a, b) => combine(a, 1n, b, -1n) },
  { name: "mul(a, 2)", run: (a) => mul(a, 2), exact: (a) => times(a, 2n) },
  { name: "mul(a, -3)", run: (a) => mul(a, -3), exact: (a) => times(a, -3n) },
  { name: "abs(a)", run: (a) => abs(a), exact: (a) => larger(times(a, -1n), a) },
  { name: "relu(a)", run: (a) => relu(a), exact: (a) => larger(zeroTimes(a), a) },
  { name: "relu(neg(a))", run: (a) => relu(neg(a)), exact: (a) => larger(zeroTimes(a), times(a, -1n)) },
  { name: "leakyRelu(a, 2)", run: (a) => leakyRelu(a, 2), exact: (a) => smaller(times(a, 2n), a) },
  { name: "maximum(a, b)", run: (a, b) => maximum(a, b), exact: (a, b) => larger(a, b) },
  { name: "minimum(a, b)", run: (a, b) => minimum(a, b), exact: (a, b) => smaller(a, b) },
  { name: "max([a, b, c])", run: (a, b, c) => max(stack([a, b, c])), exact: (a, b, c) => larger(larger(a, b), c) },
  { name: "min([a, b, c])", run: (a, b, c) => min(stack([a, b, c])), exact: (a, b, c) => smaller(smaller(a, b), c) },
  {
    name: "median([a, b, c])",
    run: (a, b, c) => median(stack([a, b, c])),
    exact: (a, b, c) => ascending([a, b, c])[1] as Exact,
  },
  {
    name: "2 median([a, b, c, -a])",
    run: (a, b, c) => mul(median(stack([a, b, c, neg(a)])), 2),
    exact: (a, b, c) => {
      const [, lower, upper] = ascending([a, b, c, times(a, -1n)]) as [Exact, Exact, Exact, Exact];
      return combine(lower, 1n, upper, 1n);
    },
  },
  {
    name: "sort([a, b, c])[0] - sort([a, b, c])[2]",
    run: (a, b, c) => {
      const sorted = sort(stack([a, b, c]));
      return sub(place(sorted, 0), place(sorted, 2));
    },
    exact: (a, b, c) => {
      const [least, , most] = ascending([a, b, c]) as [Exact, Exact, Exact];
      return combine(least, 1n, most, -1n);
    },
  },
];

/** A program of whole numbers at a point that sits on many kinks. */
export interface PiecewiseLinear {
  readonly point: readonly number[];
  readonly run: (...x: Tensor[]) => Tensor;
  /** The program on big integers: its value and gradient at a point. */
  readonly exactly: (point: readonly bigint[]) => Exact;
}

/** Random programs of `inputs` numbers, at points whose entries are -1, 0, 1 or 2. */
export const piecewiseLinear = (inputs: number, steps: number): fc.Arbitrary<PiecewiseLinear> => {
  const line = (i: number): fc.Arbitrary<readonly [Operation, number, number]> =>
    fc.tuple(fc.constantFrom(...operations), fc.nat(inputs + i - 1), fc.nat(inputs + i - 1));
  return fc
    .record({
      lines: fc.tuple(...Array.from({ length: steps }, (_, i) => line(i))),
      point: fc.tuple(...Array.from({ length: inputs }, () => fc.constantFrom(0, 0, 0, 1, -1, 2))),
    })
    .map(({ lines, point }) => {
      const through = <T>(start: readonly T[], apply: (operation: Operation, a: T, b: T, c: T) => T): T => {
        const values = [...start];
        for (const [operation, b, c] of lines)
          values.push(apply(operation, values.at(-1) as T, values[b] as T, values[c] as T));
        return values.at(-1) as T;
      };
      return {
        point,
        run: (...x) => through(x, ({ run }, a, b, c) => run(a, b, c)),
        exactly: (at) =>
          through(
            at.map((value, i): Exact => ({ value, gradient: at.map((_, j) => (i === j ? 1n : 0n)) })),
            ({ exact }, a, b, c) => exact(a, b, c),
          ),
        toString: () => `at [${point}]: ${lines.map(([{ name }, b, c]) => `${name} b=${b} c=${c}`).join("; ")}`,
      };
    });
};
