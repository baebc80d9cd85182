// Random scalar programs, and the same programs as functions of tensors.
import {
  apply,
  div,
  elementary,
  type Handle,
  instructionsOf,
  leakyReluPrimitive,
  type Primitive,
  type ScalarBuilder,
  type ScalarProgram,
  scalarBuilder,
  type Tensor,
  tensor,
  where,
} from "@nonsmooth/ad-core";
import { fc } from "@nonsmooth/ad-testing";

/** One step: what it does, where its operands stand among the numbers so far, and the site it is at. */
export interface ScalarStep {
  readonly name: string;
  readonly picks: readonly number[];
  readonly site: string;
}

/** How to record a program: it may call programs with recipes of their own. */
export interface Recipe {
  readonly inputs: number;
  readonly steps: readonly ScalarStep[];
  readonly outputs: readonly number[];
  readonly inner: readonly Recipe[];
}

/** A user's operation, `max(0, 1 - a)`. */
const hinge = elementary("law/hinge", {
  arity: 1,
  value: (m, a) => m.maximum(m.constant(0), m.sub(m.constant(1), a)),
  kink: {
    order: "max",
    default: { kind: "tie", name: "first", first: 1, last: 0, each: 0, drawn: 0, seed: 0 },
    branches: (m, a) => [m.constant(0), m.sub(m.constant(1), a)],
    partials: [(_m, mix) => mix(0, -1)],
  },
});

const tame = ["add", "sub", "mul", "relu", "abs", "norm1", "maximum", "minimum", "neg", "sin", "tanh", "sigmoid"];
const more = ["softplus", "relu6.low", "relu6.high", "clamp.low", "clamp.high", "leaky", "hinge", "select", "constant"];
const wild = ["div", "log", "sqrt", "pow", "exp", "silu", "gelu", "erf", "expm1", "log1p", "floor", "sign", "scaleBy"];

/** Settings of {@link recipes}. */
export interface RecipeOptions {
  /** Functions that are infinite or undefined somewhere. */
  readonly wild?: boolean;
  /** How many levels of programs call each other; 1 when absent. */
  readonly level?: number;
}

const pick = fc.nat(1000);

/** Recipes of one output, or of up to three. */
export function recipes(options: RecipeOptions = {}, outputs = 1): fc.Arbitrary<Recipe> {
  const { level = 1 } = options;
  const calls = level > 1 ? ["call", "call", "call"] : [];
  const step = fc.record({
    name: fc.constantFrom(...tame, ...more, ...(options.wild ? wild : []), ...calls),
    picks: fc.array(pick, { minLength: 4, maxLength: 4 }),
    site: fc.constantFrom("", "", "a", "b/c"),
  });
  const inner = level > 1 ? recipes({ ...options, level: level - 1 }, 3) : fc.constant(null);
  return fc.record({
    inputs: fc.integer({ min: 1, max: 3 }),
    steps: fc.array(step, { minLength: 1, maxLength: 12 }),
    outputs: fc.array(pick, { minLength: 1, maxLength: outputs }),
    inner: fc.array(inner, { maxLength: level > 1 ? 2 : 0 }).map((list) => list.filter((r) => r !== null)),
  });
}

/** Numbers that meet on kinks. */
export const places = (count: number): fc.Arbitrary<number[]> =>
  fc.array(fc.constantFrom(-2, -1, -0, 0, 0, 1, 1, 2, 6, 0.5), { minLength: count, maxLength: count });

/** Records a recipe at a point. */
export function recordRecipe(recipe: Recipe, x: readonly number[]): ScalarProgram {
  const b = scalarBuilder();
  const inner = recipe.inner.map((r) => recordRecipe(r, Array<number>(r.inputs).fill(0.5)));
  const numbers = x.map((value) => b.input(value));
  for (const step of recipe.steps) numbers.push(...b.atSite(step.site, () => record(b, step, numbers, inner)));
  return b.program(recipe.outputs.map((k) => numbers.at(-1 - (k % numbers.length)) as Handle));
}

function record(
  b: ScalarBuilder,
  { name, picks }: ScalarStep,
  numbers: readonly Handle[],
  inner: readonly ScalarProgram[],
): Handle[] {
  const at = (k: number): Handle => numbers[(picks[k] as number) % numbers.length] as Handle;
  if (name === "call") return callInner(b, picks, numbers, inner);
  if (name === "constant") return [b.constant(((picks[0] as number) % 5) - 2)];
  if (name === "select") return [b.select(b.less(at(0), at(1)), at(2), at(3))];
  if (name === "leaky") return [b.apply(leakyReluPrimitive, [at(0)], 0.25)];
  if (name === "hinge") return [b.apply(hinge, [at(0)])];
  const two = ["clamp.low", "clamp.high"];
  if (name.includes(".")) return [b.apply(name, two.includes(name) ? [at(0), at(1)] : [at(0)])];
  return [b[name as "add"](at(0), at(1))];
}

/** Calls with operands that differ from each other, so that sums keep their order when calls are written out. */
function callInner(
  b: ScalarBuilder,
  picks: readonly number[],
  numbers: readonly Handle[],
  inner: readonly ScalarProgram[],
): Handle[] {
  const program = inner[(picks[3] as number) % Math.max(1, inner.length)];
  const start = picks[0] as number;
  const distinct = [...new Set(numbers)];
  if (!program || program.inputs.length > distinct.length) return [];
  return b.call(
    program,
    Array.from(program.inputs, (_, k) => distinct[(start + k) % distinct.length] as Handle),
  );
}

/** A program of level 1 and one output as a function of scalar tensors, instruction by instruction. */
export const asTensors =
  (program: ScalarProgram) =>
  (...inputs: Tensor[]): Tensor => {
    const cells: Tensor[] = [];
    for (const [k, cell] of program.inputs.entries()) cells[cell] = inputs[k] as Tensor;
    for (const cell of program.constants) cells[cell] = tensor(program.recorded.values[cell] as number);
    for (const { index, record: primitive, params, operands, site, statement } of instructionsOf(program)) {
      const values = operands.map((cell) => cells[cell] as Tensor);
      const [a, b, c] = values as [Tensor, Tensor, Tensor];
      if (primitive) cells[index] = apply(primitive as Primitive, values, params, site);
      else cells[index] = statement ? div(1, a) : where(a, b, c, { site });
    }
    return cells[program.outputs[0] as number] as Tensor;
  };
