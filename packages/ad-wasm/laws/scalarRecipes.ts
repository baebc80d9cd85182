// Random scalar programs: straight lines, loops whose operands move by any distance, calls, guards, all elementary records.
import {
  elementary,
  type Handle,
  leakyReluPrimitive,
  type ScalarBuilder,
  type ScalarProgram,
  type ScalarStore,
  scalarBuilder,
} from "@nonsmooth/ad-core";
import { plainNames } from "@nonsmooth/ad-core/machines";
import { fc } from "@nonsmooth/ad-testing";

/** A user's operation with a kink and a branch that is not linear: `max(0, 1 - a^2)`. */
export const bump = elementary("law/bump", {
  arity: 1,
  value: (m, a) => m.maximum(m.constant(0), m.sub(m.constant(1), m.square(a))),
  kink: {
    order: "max",
    default: { kind: "tie", name: "first", first: 1, last: 0, each: 0, drawn: 0, seed: 0 },
    branches: (m, a) => [m.constant(0), m.sub(m.constant(1), m.square(a))],
    partials: [(m, mix, a) => m.mul(mix(0, -2), a)],
  },
});

/** A user's smooth operation of two operands whose partials share a residual. */
export const hypotenuse = elementary("law/hypotenuse", {
  arity: 2,
  value: (m, a, b) => m.sqrt(m.add(m.square(a), m.square(b))),
  residual: (m, y) => m.inv(y),
  partials: [(m, _y, a, _b, r) => m.mul(a, r), (m, _y, _a, b, r) => m.mul(b, r)],
});

/** An operand: so many cells before the end, or at a place that moves from round to round. */
interface Pick {
  readonly isFromEnd: boolean;
  readonly start: number;
  readonly stride: number;
}

interface Step {
  readonly name: string;
  readonly picks: readonly Pick[];
}

/** Steps that are recorded again and again. */
interface Block {
  readonly steps: readonly Step[];
  readonly rounds: number;
  readonly site: string;
}

/** How to record a program: it may call programs with recipes of their own. */
export interface Recipe {
  readonly inputs: number;
  readonly blocks: readonly Block[];
  readonly outputs: readonly number[];
  readonly inner: readonly Recipe[];
}

const pick: fc.Arbitrary<Pick> = fc.record({
  isFromEnd: fc.boolean(),
  start: fc.oneof(fc.nat(5), fc.nat(50)),
  stride: fc.constantFrom(0, 1, 1, 2, -1, 3),
});

/** Steps that come often, so that values stay finite and loops sum up. */
const often = [
  "add",
  "mul",
  "sub",
  "add",
  "mul",
  "relu",
  "maximum",
  "select",
  "leaky",
  "bump",
  "hypotenuse",
  "constant",
];

/** Recipes whose programs call others, down to some level. */
export function recipes(level = 1): fc.Arbitrary<Recipe> {
  const calls = level > 1 ? ["call", "call"] : [];
  const name = fc.oneof(fc.constantFrom(...often, ...calls), fc.constantFrom(...plainNames));
  const step = fc.record({ name, picks: fc.array(pick, { minLength: 3, maxLength: 3 }) });
  const block = fc.record({
    steps: fc.array(step, { minLength: 1, maxLength: 6 }),
    rounds: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 12 }), fc.constant(40)),
    site: fc.constantFrom("", "", "a", "b/c"),
  });
  return fc.record({
    inputs: fc.integer({ min: 1, max: 12 }),
    blocks: fc.array(block, { minLength: 1, maxLength: 5 }),
    outputs: fc.array(fc.nat(60), { minLength: 1, maxLength: 3 }),
    inner: level > 1 ? fc.array(recipes(level - 1), { maxLength: 2 }) : fc.constant([]),
  });
}

/** Numbers that meet on kinks, and special ones. */
export const places = (count: number): fc.Arbitrary<number[]> =>
  fc.array(fc.constantFrom(-2, -1, -0, 0, 0, 1, 1, 2, 6, 0.5, 0.3, -0.7, 1e-310, 1e200, Infinity, NaN), {
    minLength: count,
    maxLength: count,
  });

/** Records a recipe at a point. */
export function recordRecipe(recipe: Recipe, x: readonly number[], store?: ScalarStore): ScalarProgram {
  const b = scalarBuilder(store ? { store } : {});
  const inner = recipe.inner.map((r) => recordRecipe(r, Array<number>(r.inputs).fill(0.5), store));
  const numbers = x.map((value) => b.input(value));
  for (const { steps, rounds, site } of recipe.blocks)
    b.atSite(site, () => {
      for (let round = 0; round < rounds; round++)
        for (const step of steps) numbers.push(...recordStep(b, step, round, numbers, inner));
    });
  return b.program(recipe.outputs.map((k) => numbers.at(-1 - (k % numbers.length)) as Handle));
}

function recordStep(
  b: ScalarBuilder,
  { name, picks }: Step,
  round: number,
  numbers: readonly Handle[],
  inner: readonly ScalarProgram[],
): Handle[] {
  const at = (k: number): Handle => {
    const { isFromEnd, start, stride } = picks[k] as Pick;
    const place = isFromEnd ? numbers.length - 1 - start : start + stride * round;
    return numbers[((place % numbers.length) + numbers.length) % numbers.length] as Handle;
  };
  if (name === "call") return callInner(b, (picks[0] as Pick).start, numbers, inner);
  if (name === "constant") return [b.constant((((picks[0] as Pick).start + round) % 7) - 2)];
  if (name === "select") return [b.select(b.less(at(0), at(1)), at(1), at(2))];
  if (name === "leaky") return [b.apply(leakyReluPrimitive, [at(0)], 0.25)];
  if (name === "bump") return [b.apply(bump, [at(0)])];
  if (name === "hypotenuse") return [b.apply(hypotenuse, [at(0), at(1)])];
  if (name === "inv") return [b.inv(at(0))];
  return [applyPlain(b, name, at)];
}

/** By name, with as many operands as it takes. */
function applyPlain(b: ScalarBuilder, name: string, at: (k: number) => Handle): Handle {
  try {
    return b.apply(name, [at(0), at(1)]);
  } catch {
    return b.apply(name, [at(0)]);
  }
}

function callInner(
  b: ScalarBuilder,
  start: number,
  numbers: readonly Handle[],
  inner: readonly ScalarProgram[],
): Handle[] {
  const program = inner[start % Math.max(1, inner.length)];
  if (!program) return [];
  return b.call(
    program,
    Array.from(program.inputs, (_, k) => numbers[(start + 3 * k) % numbers.length] as Handle),
  );
}
