import { fc } from "@nonsmooth/ad-testing";
import { describe, expect, test } from "vitest";
import { isMixture } from "./membership.ts";

const vector = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 3, maxLength: 3 });
const vectors = fc.array(vector, { minLength: 1, maxLength: 6 });

describe("mixtures", () => {
  test("hold their elements, and everything between", () => {
    fc.assert(
      fc.property(vectors, fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 6, maxLength: 6 }), (all, drawn) => {
        const shares = all.map((_, i) => drawn[i] as number);
        const total = shares.reduce((a, b) => a + b, 0);
        fc.pre(total > 0);
        const mixed = [0, 1, 2].map((k) =>
          all.reduce((sum, one, i) => sum + ((shares[i] as number) / total) * (one[k] as number), 0),
        );
        expect(isMixture(all, mixed)).toBe("inside");
        for (const one of all) expect(isMixture(all, one)).toBe("inside");
      }),
    );
  });

  test("do not hold what a linear function separates from all elements", () => {
    fc.assert(
      fc.property(vectors, vector, (all, normal) => {
        fc.pre(normal.some((v) => v !== 0));
        const along = (one: readonly number[]): number => one.reduce((sum, v, i) => sum + v * (normal[i] as number), 0);
        const furthest = all.reduce((a, b) => (along(b) > along(a) ? b : a));
        const beyond = furthest.map((v, i) => v + 0.01 * (normal[i] as number));
        expect(isMixture(all, beyond)).toBe("outside of those found");
      }),
    );
  });
});

test.each([
  ["nothing", [], [0], "outside of those found"],
  ["one vector", [[1, 2]], [1, 2], "inside"],
  ["another one", [[1, 2]], [1, 2.5], "outside of those found"],
  ["the middle", [[-1], [1]], [0], "inside"],
  [
    "an edge",
    [
      [0, 0],
      [4, 0],
      [0, 4],
    ],
    [1, 3],
    "inside",
  ],
  [
    "beside an edge",
    [
      [0, 0],
      [4, 0],
      [0, 4],
    ],
    [1, 3.001],
    "outside of those found",
  ],
])("%s", (_says, elements, answer, verdict) => {
  expect(isMixture(elements, answer)).toBe(verdict);
});
