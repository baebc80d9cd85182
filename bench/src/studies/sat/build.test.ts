import { tensor } from "@nonsmooth/ad-core";
import { fc } from "@nonsmooth/ad-testing";
import { describe, expect, test } from "vitest";
import { constantNetwork, treeNetwork } from "./build.ts";
import { type Formula, isSatisfied } from "./formula.ts";
import { type Network, programOf, valueAt } from "./network.ts";
import { search } from "./search.ts";

/** Clauses of one to three literals over different variables. */
const clauseOver = (variables: number): fc.Arbitrary<number[]> =>
  fc
    .tuple(
      fc.shuffledSubarray(range(variables), { minLength: 1, maxLength: 3 }),
      fc.array(fc.boolean(), { minLength: 3 }),
    )
    .map(([chosen, isNegative]) => chosen.map((v, i) => (isNegative[i] ? -v : v)));

const formula: fc.Arbitrary<Formula> = fc
  .integer({ min: 3, max: 5 })
  .chain((variables) =>
    fc
      .array(clauseOver(variables), { minLength: 3, maxLength: 35 })
      .map((clauses) => ({ variables, clauses, tautologies: 0 })),
  );

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
const signVectors = (n: number): number[][] =>
  Array.from({ length: 2 ** n }, (_, bits) => range(n).map((v) => ((bits >> (v - 1)) & 1 ? 1 : -1)));
const point = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 5, maxLength: 5 });

const largestLiterals = ({ clauses }: Formula, x: readonly number[]): number[] =>
  clauses.map((clause) => Math.max(...clause.map((l) => Math.sign(l) * (x[Math.abs(l) - 1] as number))));
const weightsOf = (network: Network): number[] =>
  network.flatMap(({ rows }) => rows.flatMap((row) => row.map(([, weight]) => weight)));
const shapesOf = (network: Network): string[] => network.map(({ rows, columns }) => `${rows.length}x${columns}`);

describe("random formulas", () => {
  test("have a network that is positive somewhere exactly when signs satisfy them, and the search knows", () => {
    const met = { satisfiable: 0, unsatisfiable: 0 };
    fc.assert(
      fc.property(formula, (one) => {
        const isSatisfiable = signVectors(one.variables).some((signs) => isSatisfied(one, signs));
        const [tree, constant] = [treeNetwork(one), constantNetwork(one)];
        const values = signVectors(one.variables).flatMap((signs) => [
          [valueAt(tree, signs), valueAt(constant, [...signs, 1])],
        ]);
        expect(values.map(([value]) => value)).toEqual(values.map(([, value]) => value));
        expect(values.some(([value = 0]) => value > 0)).toBe(isSatisfiable);
        const { answer, signs } = search(one, () => false);
        expect(answer).toBe(isSatisfiable ? "satisfiable" : "unsatisfiable");
        if (signs) expect(isSatisfied(one, signs)).toBe(true);
        met[answer as "satisfiable"] += 1;
      }),
      { numRuns: 300 },
    );
    expect(Math.min(met.satisfiable, met.unsatisfiable)).toBeGreaterThan(50);
  });

  test("have the value of the formula at every point", () => {
    fc.assert(
      fc.property(formula, point, fc.integer({ min: -9, max: 9 }), (one, x, z) => {
        const at = x.slice(0, one.variables);
        const clauses = largestLiterals(one, at);
        const threshold = Math.max(0, z);
        const spent = clauses.reduce((sum, c) => sum + Math.max(0, threshold - c), 0);
        expect(valueAt(treeNetwork(one), at)).toBe(Math.max(0, Math.min(...clauses)));
        expect(valueAt(constantNetwork(one), [...at, z])).toBe(Math.max(0, threshold - spent));
      }),
    );
  });

  test("have weights of -1 and 1, and the shapes of the construction", () => {
    fc.assert(
      fc.property(formula, (one) => {
        const [n, c] = [one.variables, one.clauses.length];
        const [tree, constant] = [treeNetwork(one), constantNetwork(one)];
        expect(new Set([...weightsOf(tree), ...weightsOf(constant)])).toEqual(new Set([1, -1]));
        expect(tree.length).toBe(Math.ceil(Math.log2(c)) + 4);
        const [five, three, last] = [5 * c + 1, 3 * c + 1, c + 1];
        expect(shapesOf(constant)).toEqual([
          `${five}x${n + 1}`,
          `${three}x${five}`,
          `${last}x${three}`,
          `1x${last}`,
          "1x1",
        ]);
      }),
    );
  });

  test("run in the engine as they are", () => {
    fc.assert(
      fc.property(formula, point, (one, x) => {
        const at = x.slice(0, one.variables);
        const network = treeNetwork(one);
        expect(programOf(network)(tensor(at)).data[0]).toBe(valueAt(network, at));
      }),
    );
  });
});

test("networks whose dense matrices are too large are refused", () => {
  const clauses = Array.from({ length: 2000 }, () => [1, 2, 3]);
  expect(() => programOf(treeNetwork({ variables: 3, clauses, tautologies: 0 }))).toThrow("the matrices are too large");
});
