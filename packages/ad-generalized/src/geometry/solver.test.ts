import { expect, test } from "vitest";
import { type LinearProblem, loadSolver } from "./solver.ts";

const solver = await loadSolver();
const vector = (...values: number[]): Float64Array => Float64Array.from(values);

/** Maximize 3 x + 2 y in a triangle. */
const triangle: LinearProblem = {
  objective: vector(3, 2),
  rows: [vector(1, 1), vector(1, 0)],
  lower: vector(-Infinity, -Infinity),
  upper: vector(4, 3),
  columnLower: vector(0, 0),
  columnUpper: vector(Infinity, Infinity),
};

test("an optimum with its duals", () => {
  const { status, values, duals, objective } = solver.maximize(triangle);
  expect([status, Array.from(values), Array.from(duals), objective]).toEqual(["optimal", [3, 1], [2, 1], 11]);
});

test("no point, and no bound", () => {
  expect(solver.maximize({ ...triangle, lower: vector(5, -Infinity) }).status).toBe("infeasible");
  expect(solver.maximize({ ...triangle, upper: vector(Infinity, Infinity) }).status).toBe("unbounded");
});

test("a lower bound that holds has a dual from 0 down", () => {
  const { duals } = solver.maximize({ ...triangle, objective: vector(-1, -1), lower: vector(2, -Infinity) });
  expect(duals[0]).toBe(-1);
});

test("the solver is loaded once, and the same problem gives the same bits", async () => {
  expect(await loadSolver()).toBe(solver);
  const rows = Array.from({ length: 12 }, (_, i) =>
    Float64Array.from({ length: 8 }, (_other, j) => Math.sin(i * 8 + j)),
  );
  const hard: LinearProblem = {
    objective: Float64Array.from({ length: 8 }, (_, j) => Math.cos(j)),
    rows,
    lower: new Float64Array(12).fill(-1),
    upper: new Float64Array(12).fill(1),
    columnLower: new Float64Array(8).fill(-5),
    columnUpper: new Float64Array(8).fill(5),
  };
  const first = solver.maximize(hard);
  solver.maximize(triangle);
  expect(solver.maximize(hard)).toEqual(first);
});
