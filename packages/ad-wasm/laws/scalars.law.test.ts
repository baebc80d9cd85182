/** Scalar programs in WebAssembly have the values and gradients of the reference, bit by bit: by the sweeps and by code of their own. */
import type { Select } from "@nonsmooth/ad-core";
import { anySelect, fc } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { scalarStore, scalars } from "../src/index.ts";
import { places, type Recipe, recipes, recordRecipe } from "./scalarRecipes.ts";

interface Run {
  readonly recipe: Recipe;
  readonly x: number[];
  readonly elsewhere: number[];
  readonly isStored: boolean;
  readonly select: Select;
}

const runs = (level: number): fc.Arbitrary<Run> =>
  recipes(level).chain((recipe) =>
    fc.record({
      recipe: fc.constant(recipe),
      x: places(recipe.inputs),
      elsewhere: places(recipe.inputs),
      isStored: fc.boolean(),
      select: anySelect(),
    }),
  );

test.each([
  ["sweeps", Infinity, 1],
  ["code of their own", 0, 1],
  ["sweeps, with calls", Infinity, 3],
  ["code of their own, with calls", 0, 3],
  ["code of their own after a replay", 1, 2],
])("%s", (_says, generateAfter, level) => {
  let compared = 0;
  fc.assert(
    fc.property(runs(level), ({ recipe, x, elsewhere, isStored, select }) => {
      const program = recordRecipe(recipe, x, isStored ? scalarStore : undefined);
      const running = scalars(program, { generateAfter });
      const cotangents = Array.from(program.outputs, (_, k) => k - 0.5);
      expect(running.reverse(cotangents, { select })).toEqual(program.recorded.reverse(cotangents, { select }));
      for (const place of [elsewhere, x]) {
        const point = program.at(place);
        expect(running.at(place)).toEqual(point.outputs);
        for (const options of [{ select }, {}])
          expect(running.reverse(cotangents, options)).toEqual(point.reverse(cotangents, options));
      }
      expect(running.describe().isGenerated).toBe(generateAfter < 2);
      compared++;
      running.dispose();
    }),
  );
  expect(compared).toBeGreaterThan(0);
});
