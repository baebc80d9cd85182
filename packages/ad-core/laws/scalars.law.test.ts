/**
 * Laws of scalar programs: they have the values and gradients of the tensor engine, at kinks too; writing out calls and
 * running at another point change nothing; both modes are one matrix. Source: definition; [BBPP23] for calls.
 */
import { AdError, flatten, grad, type ScalarProgram, scalarBuilder, type Tensor, tensor } from "@nonsmooth/ad-core";
import { anySelect, expectClose, fc } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { asTensors, places, type Recipe, type RecipeOptions, recipes, recordRecipe } from "./scalarPrograms.ts";

const runs = (
  options: RecipeOptions,
  outputs = 1,
): fc.Arbitrary<{ recipe: Recipe; x: number[]; elsewhere: number[] }> =>
  recipes(options, outputs).chain((recipe) =>
    fc.record({ recipe: fc.constant(recipe), x: places(recipe.inputs), elsewhere: places(recipe.inputs) }),
  );

/** Gradients are compared as numbers: a zero that was never computed has no sign. */
const unsigned = (list: ArrayLike<number>): number[] =>
  Array.from(list, (v) => v + 0 || (Number.isNaN(v) ? NaN : v + 0));

const finite = (...lists: ArrayLike<number>[]): boolean =>
  lists.every((list) => Array.from(list).every(Number.isFinite));

test("value and gradient are those of the tensor engine, bit for bit, at kinks and for every selection", () => {
  fc.assert(
    fc.property(runs({ wild: true }), anySelect(), ({ recipe, x }, select) => {
      const program = recordRecipe(recipe, x);
      const inputs = x.map((value) => tensor(value));
      const f = asTensors(program);
      expect(program.recorded.outputs[0]).toBe(f(...inputs).data[0]);
      if (f(...inputs).dtype !== "f64") return;
      const wrt = inputs.map((_, i) => i);
      const expected = grad(f, { select, wrt })(...inputs) as readonly Tensor[];
      const found = program.recorded.reverse([1], { select });
      expect(unsigned(found)).toEqual(unsigned(expected.map((g) => g.data[0] as number)));
    }),
  );
});

test("a run at another point is a recording there", () => {
  fc.assert(
    fc.property(runs({ wild: true, level: 3 }, 3), anySelect(), ({ recipe, x, elsewhere }, select) => {
      const point = recordRecipe(recipe, x).at(elsewhere);
      const fresh = recordRecipe(recipe, elsewhere).recorded;
      expect(point.values).toEqual(fresh.values);
      const cotangents = Array.from(point.outputs, (_, k) => k - 0.5);
      expect(point.reverse(cotangents, { select })).toEqual(fresh.reverse(cotangents, { select }));
    }),
  );
});

test("writing out calls changes no bit of values and gradients, draws included", () => {
  let nested = 0;
  fc.assert(
    fc.property(runs({ wild: true, level: 3 }, 3), anySelect(), ({ recipe, x, elsewhere }, select) => {
      const program = recordRecipe(recipe, x);
      const flat = flatten(program);
      if (program.level > 1) nested++;
      expect([flat.level, flat.length]).toEqual([1, program.length]);
      const cotangents = Array.from(program.outputs, (_, k) => k - 0.5);
      for (const place of [x, elsewhere]) {
        const [one, other] = [program.at(place), flat.at(place)];
        expect(other.outputs).toEqual(one.outputs);
        expect(unsigned(other.reverse(cotangents, { select }))).toEqual(unsigned(one.reverse(cotangents, { select })));
        const directions = place.map((_, i) => place.map((_v, k) => (k === i ? 1 : 0)));
        expect(other.forward(directions, { select })).toEqual(one.forward(directions, { select }));
      }
    }),
  );
  expect(nested).toBeGreaterThan(0);
});

test("forward mode along the axes and reverse mode are one matrix", () => {
  fc.assert(
    fc.property(runs({ level: 2 }, 3), anySelect(), ({ recipe, x }, select) => {
      const point = recordRecipe(recipe, x).recorded;
      fc.pre(finite(point.values.filter((v) => !Number.isNaN(v))));
      const columns = point.forward(
        x.map((_, i) => x.map((_v, k) => (k === i ? 1 : 0))),
        { select },
      );
      for (let row = 0; row < point.outputs.length; row++) {
        const gradient = point.reverse(
          Array.from(point.outputs, (_, k) => (k === row ? 1 : 0)),
          { select },
        );
        expectClose("reverse", tensor(gradient), tensor(columns.map((column) => column[row] as number)));
      }
    }),
  );
});

test("a selection that names a site changes the kinks there only, as it does for tensors", () => {
  fc.assert(
    fc.property(
      runs({}),
      fc.constantFrom("relu@a", "relu@b", "abs@b/c", "maximum@a"),
      anySelect(),
      ({ recipe, x }, key, all) => {
        const [name] = key.split("@") as [string];
        const selection = all[name];
        if (selection === undefined) return;
        const program = recordRecipe(recipe, x);
        const inputs = x.map((value) => tensor(value));
        const options = { select: { [key]: selection } };
        const wrt = inputs.map((_, i) => i);
        const outcome = (run: () => ArrayLike<number>): unknown => attempt(() => unsigned(run()));
        const engine = (): number[] =>
          (grad(asTensors(program), { ...options, wrt })(...inputs) as readonly Tensor[]).map(
            (g) => g.data[0] as number,
          );
        expect(outcome(() => program.recorded.reverse([1], options))).toEqual(outcome(engine));
      },
    ),
  );
});

/** A refusal is an outcome too. */
function attempt(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof AdError) return error.code;
    throw error;
  }
}

test("one handle passed twice to a call gives the gradient of the program written out, up to rounding", () => {
  fc.assert(
    fc.property(recipes({}), fc.constantFrom(-1.5, 0, 1, 2), (recipe, value) => {
      const inner = recordRecipe(recipe, Array<number>(recipe.inputs).fill(value));
      const program: ScalarProgram = recordTwice(inner, value);
      const [one, other] = [program.recorded.reverse(), flatten(program).recorded.reverse()];
      fc.pre(finite(one, other));
      expectClose("gradient", tensor(one), tensor(other));
    }),
  );
});

function recordTwice(inner: ScalarProgram, value: number): ScalarProgram {
  const b = scalarBuilder();
  const x = b.input(value);
  return b.program(b.call(inner, Array<number>(inner.inputs.length).fill(x)));
}
