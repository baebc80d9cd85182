// Random programs with odd shapes, of every dtype, and stories of their runs.
import {
  AdError,
  type DType,
  dtypes,
  listing,
  type Program,
  type Select,
  simplify,
  type Tensor,
  trace,
} from "@nonsmooth/ad-core";
import { anySelect, fc } from "@nonsmooth/ad-testing";
import { Hand, largest, numbersLike, sizeOf, sizes } from "./hand.ts";
import { families, gradientOf } from "./operations.ts";

/** One drawn operation: which, and the numbers that it plays. */
interface Draw {
  readonly family: number;
  readonly operation: number;
  readonly isGradient: boolean;
  readonly hand: readonly number[];
}

/** What a program is made from. */
interface Recipe {
  readonly inputs: readonly { readonly dtype: DType; readonly shape: readonly number[]; readonly like: number }[];
  readonly draws: readonly Draw[];
  readonly select: Select;
  readonly isSimplified: boolean;
  /** Which values are results. */
  readonly outputs: readonly number[];
  /** Which results become which inputs of the next run, where their types agree. */
  readonly carried: readonly (readonly [input: number, output: number])[];
}

/** A program, what it carries, and the arguments of its runs. */
export interface Case {
  readonly program: Program<Tensor[]>;
  readonly carry: Readonly<Record<string, number>>;
  /** All arguments of each run; carried ones count in the first, and where the story begins again. */
  readonly runs: readonly (readonly Tensor[])[];
  /** The program in words, and what it carries. */
  readonly toString: () => string;
}

const natural = fc.nat({ max: 1 << 20 });

const draw: fc.Arbitrary<Draw> = fc.record({
  family: fc.oneof(...families.map(([weight], i) => ({ weight: weight * 4, arbitrary: fc.constant(i) }))),
  operation: natural,
  isGradient: fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  hand: fc.array(natural, { minLength: 8, maxLength: 8 }),
});

const input = fc.record({
  dtype: fc.constantFrom<DType>("f32", ...dtypes),
  shape: fc.array(fc.constantFrom(...sizes), { maxLength: 4 }).filter((shape) => sizeOf(shape) <= largest),
  /** Numbers below that of inputs before it make one of the same type. */
  like: fc.nat({ max: 5 }),
});

/** Recipes of programs of some operations. */
const anyRecipe = (operations: number): fc.Arbitrary<Recipe> =>
  fc.record({
    inputs: fc.array(input, { minLength: 1, maxLength: 4 }),
    draws: fc.array(draw, { minLength: Math.ceil(operations / 3), maxLength: operations, size: "max" }),
    select: anySelect(),
    isSimplified: fc.boolean(),
    outputs: fc.array(natural, { minLength: 1, maxLength: 6 }),
    carried: fc.array(fc.tuple(natural, natural), { maxLength: 4 }),
  });

function typesOf({ inputs }: Recipe): { dtype: DType; shape: readonly number[] }[] {
  return inputs.map(({ like, ...own }, i) => (like < i ? (inputs[like] as typeof own) : own));
}

/** Adds the value of a drawn operation, unless it refuses its operands or is too large. */
function play(values: Tensor[], { family, operation, isGradient, hand }: Draw, select: Select): void {
  const [, members] = families[family] as (typeof families)[number];
  const chosen = members[operation % members.length] as (typeof members)[number];
  try {
    const value = (isGradient ? gradientOf(chosen, select) : chosen)(new Hand(values, hand));
    if (sizeOf(value.shape) <= largest && value.shape.length <= 5) values.push(value);
  } catch (error) {
    if (!(error instanceof AdError)) throw error;
  }
}

/** The pairs of results and inputs whose types agree, each input at most once. */
function carryOf({ carried }: Recipe, inputs: readonly Tensor[], outputs: readonly Tensor[]): Record<string, number> {
  const carry: Record<string, number> = {};
  for (const [input, output] of carried) {
    const [from, to] = [output % outputs.length, input % inputs.length];
    const [a, b] = [outputs[from] as Tensor, inputs[to] as Tensor];
    if (a.dtype !== b.dtype || a.shape.join() !== b.shape.join() || Object.values(carry).includes(to)) continue;
    carry[`result${from}`] ??= to;
  }
  return carry;
}

function caseOf(recipe: Recipe, seeds: readonly number[]): Case {
  const types = typesOf(recipe);
  const runs = seeds.map((seed) => types.map((type, i) => numbersLike(type, seed + 97 * i)));
  let carry: Record<string, number> = {};
  const program = trace((...inputs: Tensor[]) => {
    const values = [...inputs];
    for (const one of recipe.draws) play(values, one, recipe.select);
    // The last value is a result: it needs most of the others.
    const outputs = [values.length - 1, ...recipe.outputs].map((i) => values[i % values.length] as Tensor);
    carry = carryOf(recipe, inputs, outputs);
    return Object.fromEntries(outputs.map((output, i) => [`result${i}`, output]));
  }, runs[0] as Tensor[]);
  // Without `simplify` a program has instructions that no result needs.
  const chosen = recipe.isSimplified ? simplify(program) : program;
  return { program: chosen, carry, runs, toString: () => `${listing(chosen)}carry ${JSON.stringify(carry)}` };
}

/** Random programs and what they are run with: three times. */
export const anyCase = (operations: number): fc.Arbitrary<Case> =>
  fc
    .tuple(anyRecipe(operations), fc.array(fc.nat({ max: 1 << 24 }), { minLength: 3, maxLength: 3 }))
    .map(([recipe, seeds]) => caseOf(recipe, seeds));
