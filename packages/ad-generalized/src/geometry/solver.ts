// Linear programs with dense rows, solved by HiGHS.
import type { Highs, RawModelApi } from "highs";

/** Maximize `<objective, x>` with `lower <= rows x <= upper` and `columnLower <= x <= columnUpper`. */
export interface LinearProblem {
  readonly objective: Float64Array;
  readonly rows: readonly Float64Array[];
  /** Bounds of the rows; infinite ones are none. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly columnLower: Float64Array;
  readonly columnUpper: Float64Array;
}

/** What the solver says; numbers mean something where the status is "optimal", up to its tolerance of 1e-10. */
export interface LinearSolution {
  readonly status: "optimal" | "infeasible" | "unbounded" | "other";
  readonly values: Float64Array;
  /** For each row: by how much the optimum grows when its active bound grows by one. */
  readonly duals: Float64Array;
  readonly objective: number;
}

/** A solver of linear programs. The same problem gives the same bits, whatever was solved before. */
export interface LinearSolver {
  maximize(problem: LinearProblem): LinearSolution;
}

const settings = {
  output_flag: false,
  log_to_console: false,
  presolve: "off",
  solver: "simplex",
  primal_feasibility_tolerance: 1e-10,
  dual_feasibility_tolerance: 1e-10,
  small_matrix_value: 1e-12,
} as const;

type Matrix = Parameters<RawModelApi["passLp"]>[0]["matrix"];

/** The entries of rows that are not 0, row after row. */
function sparse(rows: readonly Float64Array[], numCols: number): Matrix {
  const starts = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => {
    starts[i + 1] = (starts[i] as number) + row.reduce((count, v) => count + (v === 0 ? 0 : 1), 0);
  });
  const [indices, values] = [new Int32Array(starts.at(-1) ?? 0), new Float64Array(starts.at(-1) ?? 0)];
  let next = 0;
  for (const row of rows)
    for (let j = 0; j < row.length; j++)
      if (row[j] !== 0) {
        indices[next] = j;
        values[next++] = row[j] as number;
      }
  return { format: "csr", numRows: rows.length, numCols, starts, indices, values };
}

const statuses: Readonly<Record<number, LinearSolution["status"]>> = { 7: "optimal", 8: "infeasible", 10: "unbounded" };

function maximizeBy(highs: Highs, model: RawModelApi, problem: LinearProblem): LinearSolution {
  const { objective, rows, lower, upper, columnLower, columnUpper } = problem;
  const empty = new Float64Array(0);
  const passed = model.passLp({
    numCols: objective.length,
    numRows: rows.length,
    sense: highs.constants.objectiveSense.maximize,
    colCost: objective,
    colLower: columnLower,
    colUpper: columnUpper,
    rowLower: lower,
    rowUpper: upper,
    matrix: sparse(rows, objective.length),
  });
  const isDone = passed.status !== -1 && model.run().status !== -1;
  const status = isDone ? (statuses[model.getModelStatus()] ?? "other") : "other";
  if (status !== "optimal") return { status, values: empty, duals: empty, objective: NaN };
  const { value } = model.getSolution();
  if (!value) return { status: "other", values: empty, duals: empty, objective: NaN };
  return { status, values: value.colValue, duals: value.rowDual, objective: model.getObjectiveValue() };
}

async function load(): Promise<LinearSolver> {
  // its types are written for CommonJS, where the loader would stand one level deeper
  const { default: loader } = (await import("highs")) as unknown as { default: (options: object) => Promise<Highs> };
  const highs = await loader({ print: () => {}, printErr: () => {} });
  const model = highs.raw.createModel();
  for (const [name, value] of Object.entries(settings)) model.setOptionValue(name, value);
  return { maximize: (problem) => maximizeBy(highs, model, problem) };
}

let loaded: Promise<LinearSolver> | undefined;

/**
 * The solver, which is loaded at the first call and lives as long as the process.
 *
 * @see [HH18] what is inside
 */
export function loadSolver(): Promise<LinearSolver> {
  loaded ??= load();
  return loaded;
}
