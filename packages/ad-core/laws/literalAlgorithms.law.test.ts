/**
 * Law: the operations that the literal backward and forward algorithms do are what the formulas of the model say, exactly, on
 * random programs of any level. The algorithms run here on numbers that count what is done to them, over a dictionary whose
 * joint programs (value and derivative together) are written by hand. They give the gradients of the sweeps.
 * Source: [BBPP23] for the model; [BP21] for the algorithms.
 */
import {
  add,
  conv2d,
  costReport,
  exp,
  flatten,
  type Handle,
  instructionsOf,
  logSumExp,
  matmul,
  max,
  maximum,
  maxPool2d,
  mean,
  mul,
  norm2,
  relu,
  type ScalarBuilder,
  type ScalarProgram,
  scalarBuilder,
  scalarCost,
  scalarize,
  sigmoid,
  softmax,
  square,
  sum,
  type Tensor,
  tensor,
} from "@nonsmooth/ad-core";
import { fc } from "@nonsmooth/ad-testing";
import { describe, expect, test } from "vitest";

const prices = { add: 1, mul: 2, nonlinear: 7 };

/** Arithmetic that adds up its own price. */
class Meter {
  spent = 0;
  add = (a: number, b: number): number => this.pay(prices.add, a + b);
  mul = (a: number, b: number): number => this.pay(prices.mul, a * b);
  nonlinear = (value: number): number => this.pay(prices.nonlinear, value);

  pay(price: number, value: number): number {
    this.spent += price;
    return value;
  }
}

/** Value and partial derivatives of an elementary function; the joint program of the dictionary. */
type Joint = (m: Meter, a: number, b: number) => readonly [y: number, ...partials: number[]];

const dictionary: Readonly<Record<string, Joint>> = {
  add: (m, a, b) => [m.add(a, b), 1, 1],
  sub: (m, a, b) => [m.add(a, -b), 1, -1],
  mul: (m, a, b) => [m.mul(a, b), b, a],
  square: (m, a) => [m.mul(a, a), m.mul(2, a)],
  relu: (m, a) => [m.nonlinear(Math.max(0, a)), a > 0 ? 1 : 0],
  maximum: (m, a, b) => [m.nonlinear(Math.max(a, b)), a > b ? 1 : a === b ? 0.5 : 0, a < b ? 1 : a === b ? 0.5 : 0],
  tanh(m, a) {
    const y = m.nonlinear(Math.tanh(a));
    return [y, m.add(1, -m.mul(y, y))];
  },
  div(m, a, b) {
    const r = m.nonlinear(1 / b);
    const y = m.mul(a, r);
    return [y, r, m.mul(m.mul(-1, y), r)];
  },
};

type Name = keyof ScalarBuilder & keyof typeof dictionary;
const names = Object.keys(dictionary) as Name[];
const arityOf = (name: Name): number => (["square", "relu", "tanh"].includes(name) ? 1 : 2);

interface Drawn {
  readonly name: Name | "call";
  readonly picks: readonly number[];
}

const drawn: fc.Arbitrary<Drawn[]> = fc.array(
  fc.record({
    name: fc.constantFrom<Name | "call">(...names, "call"),
    picks: fc.array(fc.nat(1000), { minLength: 3, maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 12 },
);

/** A program whose instructions read what is there already; those that call run one of the programs before it. */
function build(steps: readonly Drawn[], inputs: number, callable: readonly ScalarProgram[]): ScalarProgram {
  const b = scalarBuilder();
  const cells = Array.from({ length: inputs }, (_, i) => b.input(i - 1.5));
  const pick = (k: number | undefined): Handle => cells[(k ?? 0) % cells.length] as Handle;
  for (const { name, picks } of steps) {
    const inner = callable[(picks[2] ?? 0) % Math.max(1, callable.length)];
    if (name !== "call") {
      const operation = (b[name] as (...handles: Handle[]) => Handle).bind(b);
      cells.push(operation(...picks.slice(0, arityOf(name)).map(pick)));
    } else if (inner)
      cells.push(
        ...b.call(
          inner,
          Array.from(inner.inputs, (_, k) => pick((picks[0] ?? 0) + k)),
        ),
      );
  }
  return b.program([cells.at(-1) as Handle]);
}

const nested: fc.Arbitrary<ScalarProgram> = fc.tuple(drawn, drawn, drawn).map(([one, two, three]) => {
  const first = build(one, 2, []);
  const second = build(two, 3, [first]);
  return build(three, 4, [first, second]);
});

/** Algorithm 2 of the theory on a flat program, with r tangents. */
function literalForward(m: Meter, program: ScalarProgram, x: readonly number[], seeds: readonly number[][]): number[] {
  const values: number[] = [];
  const tangents: number[][] = [];
  program.inputs.forEach((cell, k) => {
    values[cell] = x[k] as number;
    tangents[cell] = seeds[k] as number[];
  });
  for (const { name, index, operands } of instructionsOf(program)) {
    const [a, b] = operands.map((cell) => values[cell]) as [number, number];
    const [y, ...partials] = (dictionary[name] as Joint)(m, a, b);
    values[index] = y;
    tangents[index] = (seeds[0] as number[]).map((_, d) => {
      const terms = partials.map((partial, i) => m.mul(partial, tangents[operands[i] as number]?.[d] as number));
      return terms.reduce((total, term) => m.add(total, term));
    });
  }
  return tangents[program.outputs[0] as number] as number[];
}

/** Algorithm 3 of the theory on a flat program. */
function literalBackward(m: Meter, program: ScalarProgram, x: readonly number[]): number[] {
  const values: number[] = [];
  program.inputs.forEach((cell, k) => {
    values[cell] = x[k] as number;
  });
  const steps = [...instructionsOf(program)].map(({ name, index, operands }) => {
    const [a, b] = operands.map((cell) => values[cell]) as [number, number];
    const [y, ...partials] = (dictionary[name] as Joint)(m, a, b);
    values[index] = y;
    return { index, operands, partials };
  });
  const w: number[] = Array(program.cells).fill(0);
  w[program.outputs[0] as number] = 1;
  for (const { index, operands, partials } of steps.toReversed())
    for (const [i, cell] of operands.entries())
      w[cell] = m.add(w[cell] as number, m.mul(w[index] as number, partials[i] as number));
  return Array.from(program.inputs, (cell) => w[cell] as number);
}

const points = fc.array(fc.constantFrom(-2, -1, -0.5, 0, 0.25, 1, 3), { minLength: 4, maxLength: 4 });

const isFinite = (list: Iterable<number>): boolean => [...list].every(Number.isFinite);

describe("on random programs of levels 1 to 3", () => {
  test("backward mode does what its formula says, and gives the gradient", () => {
    const seen = new Set<number>();
    fc.assert(
      fc.property(nested, points, (program, x) => {
        seen.add(program.level);
        const meter = new Meter();
        const gradient = literalBackward(meter, flatten(program), x);
        const { backward, evaluate, omegaB } = scalarCost(program, { prices });
        expect(meter.spent).toBe(backward);
        expect(backward).toBeLessThanOrEqual(omegaB * evaluate * (1 + 1e-12));
        const swept = program.at(x).reverse();
        // A factor that is exactly 0 keeps infinities out of the sweep, not out of the literal algorithm.
        if (isFinite(gradient) && isFinite(program.at(x).values)) {
          swept.forEach((value, i) => {
            const size = Math.max(1, Math.abs(value));
            expect(Math.abs((gradient[i] as number) - value) / size).toBeLessThan(1e-9);
          });
        }
      }),
    );
    expect([...seen].toSorted()).toEqual([1, 2, 3]);
  });

  test.each([1, 2, 5])("forward mode with %i tangents does what its formula says", (r) => {
    fc.assert(
      fc.property(nested, points, (program, x) => {
        const meter = new Meter();
        const seeds = x.map((_, i) => Array.from({ length: r }, (_, d) => ((i + 2 * d) % 3) - 1));
        const moved = literalForward(meter, flatten(program), x, seeds);
        const { forward, evaluate, omegaF, forwardFull } = scalarCost(program, { prices });
        const joint = forward - (forwardFull.cost - forward) / 3;
        const formula = joint + (r * (forwardFull.cost - forward)) / 3;
        expect(meter.spent).toBeCloseTo(formula, 6);
        expect(meter.spent).toBeLessThanOrEqual(r * omegaF * evaluate * (1 + 1e-12));
        if (r === 1) expect(meter.spent).toBe(forward);
        const swept = program.at(x).forward(Array.from({ length: r }, (_, d) => seeds.map((row) => row[d] as number)));
        if (isFinite(moved) && isFinite(program.at(x).values))
          swept.forEach(([value = 0], d) => {
            expect(Math.abs((moved[d] as number) - value) / Math.max(1, Math.abs(value))).toBeLessThan(1e-9);
          });
      }),
    );
  });

  test("written out they cost the same", () => {
    fc.assert(
      fc.property(nested, (program) => {
        expect(scalarCost(flatten(program), { prices })).toEqual(scalarCost(program, { prices }));
      }),
    );
  });
});

/** Distinct numbers, so that the kernels that look at values have something to see. */
const numbers = (...shape: number[]): Tensor => {
  const size = shape.reduce((n, length) => n * length, 1);
  return tensor(
    Array.from({ length: size }, (_, i) => ((i * 37) % 11) / 4 - 1.1),
    { shape },
  );
};

const weights = numbers(4, 2);

describe("the model count of a tensor function is that of the scalar program that it stands for", () => {
  test.each<[string, (...args: Tensor[]) => Tensor, Tensor[]]>([
    ["sums", (x) => sum(x as Tensor), [numbers(3, 4)]],
    ["means", (x) => mean(x as Tensor), [numbers(5)]],
    ["elementary functions", (x) => sum(sigmoid(mul(relu(x as Tensor), 3))), [numbers(7)]],
    ["products of matrices", (x, y) => sum(matmul(x as Tensor, y as Tensor)), [numbers(3, 4), numbers(4, 2)]],
    ["products with a matrix of numbers", (x) => sum(matmul(x as Tensor, weights)), [numbers(3, 4)]],
    ["maxima", (x) => max(add(x as Tensor, square(x as Tensor))), [numbers(6)]],
    ["maxima of pairs", (x, y) => sum(maximum(x as Tensor, y as Tensor)), [numbers(4), numbers(4)]],
    ["norms", (x) => norm2(x as Tensor), [numbers(4)]],
    ["soft maxima", (x) => logSumExp(x as Tensor), [numbers(5)]],
    ["shares", (x) => sum(mul(softmax(x as Tensor, { axis: 0 }), numbers(5))), [numbers(5)]],
    [
      "a convolution with padding, relu and overlapping windows",
      (x, w) =>
        sum(maxPool2d(relu(conv2d(x as Tensor, w as Tensor, { padding: 1 })), { window: 2, stride: 1, padding: 1 })),
      [numbers(1, 2, 3, 3), numbers(2, 2, 2, 2)],
    ],
    ["a value used twice", (x) => sum(mul(exp(x as Tensor), exp(x as Tensor))), [numbers(3)]],
  ])("%s", (_says, f, args) => {
    const scalar = scalarCost(scalarize(f, args), { prices });
    const { model } = costReport(f, args, { prices, wrt: args.map((_, i) => i) });
    expect(model).toEqual(scalar);
  });
});
