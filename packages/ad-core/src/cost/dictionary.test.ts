import { describe, expect, test } from "vitest";
import type { Atom } from "../arithmetic/algebra.ts";
import type { Statement } from "../elementary/statement.ts";
import { records } from "../primitives/records.ts";
import { arityOf, atomOf, elementaryOf, type Role } from "./dictionary.ts";
import { backwardCost, boundsOf, forwardCost, sumsOf } from "./tally.ts";

const active: readonly Role[] = ["active", "active", "active"];
const statementOf = (name: string, params: unknown = null): Statement =>
  records.get(name)?.statement?.(params) as Statement;

/** The rows of the table of constants: `[p_g, cost(g), cost(gd)]` as functions of the price c of nonlinear operations. */
const table: [string, Statement, readonly Role[], (c: number) => [number, number, number]][] = [
  ["a + b", statementOf("add"), active, () => [2, 1, 1]],
  ["a - b", statementOf("sub"), active, () => [2, 1, 1]],
  ["a b", statementOf("mul"), active, () => [2, 1, 1]],
  ["a + const", statementOf("add"), ["active", "constant"], () => [1, 1, 1]],
  ["const a", statementOf("mul"), ["constant", "active"], () => [1, 1, 1]],
  ["a / const", statementOf("div"), ["active", "constant"], () => [1, 1, 1]],
  ["-a", statementOf("neg"), active, () => [1, 1, 1]],
  ["a^2", statementOf("square"), active, () => [1, 1, 2]],
  ["a / b", statementOf("div"), active, (c) => [2, c + 1, c + 3]],
  ["const / b", statementOf("div"), ["constant", "active"], (c) => [1, c + 1, c + 3]],
  ["exp", statementOf("exp"), active, (c) => [1, c, c]],
  ["log", statementOf("log"), active, (c) => [1, c, 2 * c]],
  ["sqrt", statementOf("sqrt"), active, (c) => [1, c, 2 * c + 1]],
  ["relu, shared test", statementOf("relu"), active, (c) => [1, c, c]],
  ["abs, shared test", statementOf("abs"), active, (c) => [1, c, c]],
  ["max, shared test", statementOf("maximum"), active, (c) => [2, c, c]],
  ["min, shared test", statementOf("minimum"), active, (c) => [2, c, c]],
  ["leaky relu", statementOf("leakyRelu", 0.5), active, (c) => [1, c + 1, c + 1]],
  ["tanh", statementOf("tanh"), active, (c) => [1, c, c + 2]],
  // The negation counts: exp(-a), 1 + it, and the inverse.
  ["sigmoid", statementOf("sigmoid"), active, (c) => [1, 2 * c + 2, 2 * c + 4]],
  // max, abs, neg, exp, log1p, add; and -expm1(-y).
  ["softplus", statementOf("softplus"), active, (c) => [1, 4 * c + 2, 5 * c + 4]],
  // exp(b log a); b a^(b - 1), y log a with a test for a = 0.
  ["pow", statementOf("pow"), active, (c) => [2, 2 * c + 1, 2 * c + 1 + (c + 3) + (3 * c + 1)]],
  ["less: locally constant", statementOf("less"), active, (c) => [0, c, c]],
  ["floor: locally constant", statementOf("floor"), active, (c) => [0, c, c]],
];

describe("an elementary function has the price of the table", () => {
  test.each(table)("%s", (_says, statement, roles, formula) => {
    for (const c of [1, 2, 3.5]) {
      const found = elementaryOf(statement, roles.slice(0, statement.arity), { add: 1, mul: 1, nonlinear: c });
      expect([found.edges, found.value, found.derived]).toEqual(formula(c));
    }
  });

  test("an inverse, and a selection whose test is made", () => {
    for (const c of [1, 2]) {
      const prices = { add: 1, mul: 1, nonlinear: c };
      expect(atomOf("inv", ["active"], prices)).toEqual({ value: c, derived: c + 2, edges: 1 });
      expect(atomOf("select", ["passive", "active", "active"], prices)).toEqual({ value: c, derived: c, edges: 2 });
      expect(atomOf("select", ["active", "active", "constant"], prices)).toEqual({ value: c, derived: c, edges: 1 });
    }
  });

  test("additions and products have prices of their own", () => {
    const prices = { add: 3, mul: 5, nonlinear: 7 };
    expect(elementaryOf(statementOf("tanh"), ["active"], prices)).toEqual({ value: 7, derived: 15, edges: 1 });
    expect(elementaryOf(statementOf("div"), active.slice(0, 2), prices)).toEqual({ value: 12, derived: 22, edges: 2 });
  });

  test("passive arguments vary, and no derivative passes", () => {
    const prices = { add: 1, mul: 1, nonlinear: 1 };
    expect(elementaryOf(statementOf("mul"), ["active", "passive"], prices)).toEqual({ value: 1, derived: 1, edges: 1 });
    expect(elementaryOf(statementOf("exp"), ["passive"], prices)).toEqual({ value: 1, derived: 1, edges: 0 });
  });

  test("what value and partials share is priced once", () => {
    const shared: Statement = {
      arity: 1,
      value: (m, a) => m.mul(a, m.exp(a)),
      partials: [(m, _y, a) => m.add(m.exp(a), m.mul(a, m.exp(a)))],
    };
    expect(elementaryOf(shared, ["active"], { add: 1, mul: 1, nonlinear: 10 })).toEqual({
      value: 11,
      derived: 12,
      edges: 1,
    });
  });
});

describe("the bounds", () => {
  const unit = { add: 1, mul: 1, nonlinear: 1 };
  const boundsFor = (names: readonly string[], c = 1) => {
    const prices = { ...unit, nonlinear: c };
    const used = names.map((name) => elementaryOf(statementOf(name), active.slice(0, statementOf(name).arity), prices));
    return boundsOf(used, prices);
  };

  test("are 5 and 4 for sums, products and relu", () => {
    for (const c of [1, 2, 10]) {
      expect(boundsFor(["add", "mul"], c)).toEqual({ omegaB: 5, omegaF: 4 });
      expect(boundsFor(["add", "mul", "relu"], c)).toEqual({ omegaB: 5, omegaF: 4 });
      const all = ["add", "sub", "mul", "neg", "square", "div", "exp", "log", "sqrt", "relu", "abs", "maximum", "tanh"];
      expect(boundsFor([...all, "minimum", "sigmoid", "softplus"], c)).toEqual({ omegaB: 5, omegaF: 4 });
    }
  });

  test("are those of what is used", () => {
    expect(boundsFor(["relu"])).toEqual({ omegaB: 3, omegaF: 2 });
    expect(boundsFor(["relu"], 2)).toEqual({ omegaB: 2, omegaF: 1.5 });
    expect(boundsFor(["erf"])).toEqual({ omegaB: 7, omegaF: 6 });
    expect(boundsFor([])).toEqual({ omegaB: 1, omegaF: 1 });
  });

  test("are infinite when a derivative passes through something free", () => {
    expect(boundsOf([{ value: 0, derived: 0, edges: 1 }], unit)).toEqual({ omegaB: Infinity, omegaF: Infinity });
    expect(boundsOf([{ value: 0, derived: 0, edges: 0 }], unit)).toEqual({ omegaB: 1, omegaF: 1 });
  });

  test("hold for each function that is used, in both modes", () => {
    for (const [, statement, roles] of table) {
      const entry = elementaryOf(statement, roles.slice(0, statement.arity), unit);
      const { omegaB, omegaF } = boundsOf([entry], unit);
      expect(backwardCost(sumsOf(entry), unit)).toBeLessThanOrEqual(omegaB * entry.value);
      for (const r of [1, 2, 17])
        expect(forwardCost(sumsOf(entry), unit, r)).toBeLessThanOrEqual(r * omegaF * entry.value + 1e-9);
    }
  });
});

test("every scalar operation has a price and as many arguments as its statement", () => {
  const atoms: Atom[] = ["add", "div", "inv", "select", "maximum", "pow"];
  expect(atoms.map(arityOf)).toEqual([2, 2, 1, 3, 2, 2]);
});
