import { expect, test } from "vitest";
import { type Question, trap } from "./trap.ts";

const question = { group: "g", what: "f", at: "0", dtype: "f32", choice: "first", source: "derived" } as const;
const asked = (rest: Partial<Question>): Question => ({ ...question, expected: [0], derivative: [0], ...rest });

test.each<[string, Partial<Question>, number[], string, boolean]>([
  ["right", {}, [-0], "none", true],
  ["wrong over the reals", { expected: [1] }, [1], "bifurcation", true],
  ["where there is no derivative", { derivative: null }, [0], "bifurcation", true],
  ["right over the reals alone", { expected: [2 ** -24], overReals: [0] }, [2 ** -24], "compensation", true],
  ["wrong over the reals, right by accident of rounding", { expected: [0], overReals: [1] }, [0], "bifurcation", true],
  ["one bit beside the expected", { expected: [2 ** -24], overReals: [0] }, [2 ** -25], "compensation", false],
  ["more numbers than expected", {}, [0, 0], "compensation", false],
])("%s", (_says, rest, returned, zone, agree) => {
  expect(trap(asked(rest), returned)).toMatchObject({ zone, agree, returned });
});
