// The piecewise linearization of a function at a point, in abs-normal form.
import { AdError } from "@nonsmooth/ad-core";
import { isReal } from "@nonsmooth/ad-core/transforms";
import { ask } from "../derivatives/asked.ts";
import { sweepAlong } from "../derivatives/directional.ts";
import { dot } from "../geometry/vectors.ts";
import { type Open, openEverywhere } from "../model/model.ts";
import { entriesOf } from "../model/point.ts";
import type { Cell, Switch } from "../model/record.ts";
import { denseOf, numbersOf } from "../sweep/numbers.ts";
import { atRanks, type Folded, mixed } from "./folding.ts";
import type { AbsNormalForm, SwitchingVariable } from "./form.ts";

const where = "absNormalForm";

/** Absolute values so far, and what stands for the numbers that were taken of branches. */
interface Folding {
  readonly arguments: Folded[];
  readonly switching: SwitchingVariable[];
  readonly variables: Map<number, Folded>;
}

/** A cell as an affine function of inputs and absolute values. */
function fold({ row }: Open, { variables }: Folding, cell: Cell, value: number): Folded {
  const { inputs, variables: coefficients } = row(cell);
  let total: Folded = { value: 0, inputs, sizes: new Map() };
  for (const [variable, coefficient] of coefficients)
    total = mixed(1, total, coefficient, variables.get(variable) as Folded);
  return { ...total, value };
}

/** Puts the branches of one switch in order. */
function foldSwitch(open: Open, folding: Folding, { branches, taken, ...spot }: Switch): void {
  const size = (argument: Folded): Folded => {
    const number = folding.arguments.push(argument) - 1;
    const { name, site, position, index } = spot;
    folding.switching.push({ name, site, position, index });
    const inputs = new Float64Array(argument.inputs.length);
    return { value: Math.abs(argument.value), inputs, sizes: new Map([[number, 1]]) };
  };
  const numbers = branches.map((branch) => fold(open, folding, branch, branch.value));
  const ranks = taken.map(({ rank }) => rank);
  atRanks(numbers, ranks, size).forEach((found, i) => {
    folding.variables.set((taken[i] as Switch["taken"][number]).variable, found);
  });
}

/** Coefficients of absolute values as a row. */
function sizesOf({ sizes }: Folded, count: number): Float64Array {
  const row = new Float64Array(count);
  for (const [number, v] of sizes) row[number] = v;
  return row;
}

function matrices(x: Float64Array, { arguments: z, switching }: Folding, y: readonly Folded[]): AbsNormalForm {
  const values = Float64Array.from(z, ({ value }) => value);
  const sizes = values.map(Math.abs);
  const constants = (rows: readonly Folded[]): Float64Array =>
    Float64Array.from(rows, (row) => row.value - dot(row.inputs, x) - dot(sizesOf(row, z.length), sizes));
  return {
    c: constants(z),
    b: constants(y),
    Z: z.map(({ inputs }) => inputs),
    L: z.map((row) => sizesOf(row, z.length)),
    J: y.map(({ inputs }) => inputs),
    Y: y.map((row) => sizesOf(row, z.length)),
    ...{ x, z: values, y: Float64Array.from(y, ({ value }) => value), switching },
  };
}

/** A norm at 0 is no composition of absolute values. */
function checkNorms({ balls: [ball] }: Open): void {
  if (!ball) return;
  const { name, site, position, index } = ball;
  throw new AdError({
    code: "unsupported",
    where,
    problem: `${name}${site === "" ? "" : `@${site}`} is 0 here`,
    expected: "kinks that are absolute values, or orders of numbers",
    got: `a Euclidean norm at 0, at [${index.join(", ")}]`,
    remedy: "move away from the point, or use norm1 or normInf",
    details: { name, site, position, index },
  });
}

/**
 * The piecewise linearization of a function at a point in abs-normal form: all its kinks, those that are far from the point as
 * well, become absolute values of switching variables `z = c + Z x + L |z|`, and the results `y = b + J x + Y |z|`.
 *
 * Smooth operations are replaced by their tangents at the point, so the form is off by the square of the distance from
 * it, and exact where the function is piecewise linear. Orders of more than two branches are made of pairs: k branches of
 * a maximum or a pooling give k - 1 absolute values, a sorted row of k gives k (k - 1) / 2. Of two opposite branches, as `abs`
 * has them, one is the switching variable; of others it is the second less the first.
 * Cost: two runs, and one backward sweep for each branch of each kink and for each result; matrices are dense.
 *
 * @param f - a function of trees of tensors, which may return any tree
 * @param args - the arguments, in a list
 * @returns the matrices, and what each switching variable comes from
 * @throws AdError as `directionalDerivative`; "unsupported" where a Euclidean norm is 0
 * @see [Gri13] the linearization and the form
 * @example
 * const { Z, L, Y } = absNormalForm((x) => abs(sub(abs(x), 1)), [tensor(0)]);
 * [Z, L, Y] // [[[1], [0]], [[0, 0], [1, 0]], [[0, 1]]]
 */
export function absNormalForm<Args extends readonly unknown[]>(
  f: (...args: Args) => unknown,
  args: readonly [...Args],
): AbsNormalForm {
  const asked = ask(where, f, args, {});
  const question = { ...asked, leaves: asked.leaves.map((x) => denseOf(where, x)) };
  // refuses what has no derivatives along directions: any direction does
  sweepAlong(question, [question.form.build(question.leaves)]);
  const open = openEverywhere(question);
  checkNorms(open);
  const folding: Folding = { arguments: [], switching: [], variables: new Map() };
  for (const one of open.switches) foldSwitch(open, folding, one);
  const results = open.outputs.flatMap(({ tensor, slot }) =>
    isReal(tensor.dtype)
      ? Array.from(numbersOf(where, tensor).data as Float64Array, (value, element) =>
          fold(open, folding, { slot, element }, value),
        )
      : [],
  );
  return matrices(entriesOf(where, question.leaves), folding, results);
}
