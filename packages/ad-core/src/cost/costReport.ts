// What a function and its derivatives cost, in two readings, beside the bounds of the theory.
import { checkSettings } from "../errors/messages.ts";
import { simplify } from "../programs/simplify.ts";
import { trace } from "../programs/trace.ts";
import { sizeOf } from "../tensors/shape.ts";
import type { Tensor } from "../tensors/tensor.ts";
import type { Flat } from "../tensors/tree.ts";
import { forwardFlat } from "../transforms/flat.ts";
import { flattenArguments, lower, type Targets, type TreeFunction, targetsOf } from "../transforms/frontend.ts";
import type { GradientOptions } from "../transforms/options.ts";
import { valueAndGrad } from "../transforms/reverse.ts";
import { chooserFor } from "../transforms/selectionChooser.ts";
import { type EngineCount, type EngineRow, engineRows, nothing, totalOf } from "./engine.ts";
import { countModel, type ModelCount } from "./model.ts";
import { type ModelReport, modelReport } from "./modelReport.ts";
import { type Prices, pricesOf } from "./prices.ts";
import { backwardCost } from "./tally.ts";

/** Settings of {@link costReport}. */
export interface CostOptions extends GradientOptions {
  /** Prices of the model; 1 each when absent. */
  readonly prices?: Partial<Prices>;
}

/** The engine count: operations of the simplified programs that a machine is given. */
export interface EngineReport {
  readonly evaluate: EngineCount;
  /** The value and the gradient that was asked for. */
  readonly backward: EngineCount;
  readonly forward: EngineCount;
  readonly backwardRatio: number;
  readonly forwardRatio: number;
}

/** The share of one operation at one site. */
export interface CostRow {
  readonly name: string;
  readonly site: string;
  readonly model: { readonly evaluate: number; readonly backward: number };
  readonly engine: { readonly evaluate: EngineCount; readonly backward: EngineCount };
}

/** What a function and its derivatives cost. */
export interface CostReport {
  readonly prices: Prices;
  /** Number of entries of the gradient: tangents that forward mode needs for all of it. */
  readonly directions: number;
  readonly model: ModelReport;
  readonly engine: EngineReport;
  /** By operation and site. A backward sweep may need operations that the function does not have. */
  readonly rows: readonly CostRow[];
}

/**
 * Counts one evaluation of a scalar function, its value with its gradient by backward mode, its value with one tangent
 * by forward mode, and its gradient by forward mode. Nothing is computed: the counts follow from types.
 *
 * The model count prices the literal algorithms of the theory on the scalar program that `f` stands for: every real
 * input is an input cell, a tensor that depends on no input is a number, a maximum of k numbers is k - 1 maxima. The
 * engine count adds up the operations of the simplified programs, where the gradient is with respect to `wrt` only.
 * Cost: four recordings of `f`.
 *
 * @param f - returns one scalar of a real dtype
 * @param args - its arguments, in a list
 * @param options - `wrt`, `select`, and `prices` of additions, products and everything nonlinear
 * @returns both counts with their ratios and bounds, and the shares of each operation
 * @throws AdError "shape" when the result is no scalar; "domain" for a price that is not positive
 * @see [BBPP23] the cost model and the cheap conservative gradient
 * @example
 * const report = costReport((x) => sum(relu(x)), [zeros([10])]);
 * report.model.evaluate // 19
 * report.model.backward // 75
 * report.model.omegaB // 5
 */
export function costReport<Args extends readonly unknown[]>(
  f: (...args: Args) => Tensor,
  args: readonly [...Args],
  options: CostOptions = {},
): CostReport {
  checkSettings("costReport", options, ["wrt", "select", "prices"]);
  const prices = pricesOf("costReport", options.prices);
  const flat = flattenArguments("costReport", args);
  const targets = targetsOf("costReport", flat, args, options);
  const directions = flat.leaves.reduce((n, x, i) => n + (targets.isActive(i) ? sizeOf(x.shape) : 0), 0);
  const evaluate = engineRows(simplify(trace(f, args)));
  const backward = engineRows(simplify(traceBackward(f, args, options)));
  const forward = totalOf(engineRows(simplify(traceForward(f as TreeFunction, flat, targets, options))));
  const counted = countModel(lower("costReport", f as TreeFunction, flat.form).run, flat.leaves, prices);
  return {
    prices,
    directions,
    model: modelReport(counted, prices, directions),
    engine: engineReport(totalOf(evaluate), totalOf(backward), forward),
    rows: rowsOf(counted, prices, evaluate, backward),
  };
}

const traceBackward = (f: unknown, args: readonly unknown[], { wrt = 0, select }: CostOptions) =>
  trace(
    (...inputs: unknown[]) =>
      valueAndGrad(f as (...a: unknown[]) => Tensor, { wrt, ...(select && { select }) })(...inputs),
    args,
  );

/** The value and one tangent: the tangents of the arguments asked for are inputs, the others are zero. */
function traceForward(f: TreeFunction, flat: Flat, { isActive }: Targets, { select }: CostOptions) {
  const run = lower("costReport", f, flat.form).run;
  const moving = flat.leaves.filter((_, i) => isActive(i));
  return trace(
    (leaves: readonly Tensor[], given: readonly Tensor[]) => {
      const left = [...given];
      const tangents = leaves.map((_, i) => (isActive(i) ? (left.shift() as Tensor) : null));
      const found = forwardFlat(run, leaves, tangents, chooserFor("costReport", select));
      return [...found.outputs, ...found.tangents.flatMap((tangent) => tangent ?? [])];
    },
    [flat.leaves, moving],
  );
}

const engineReport = (evaluate: EngineCount, backward: EngineCount, forward: EngineCount): EngineReport => ({
  evaluate,
  backward,
  forward,
  backwardRatio: backward.total / evaluate.total,
  forwardRatio: forward.total / evaluate.total,
});

function rowsOf(
  model: ModelCount,
  prices: Prices,
  evaluate: readonly EngineRow[],
  backward: readonly EngineRow[],
): CostRow[] {
  const rows = new Map<string, CostRow>();
  const change = ({ name, site }: { name: string; site: string }, update: (row: CostRow) => CostRow): void => {
    const key = `${name}@${site}`;
    const empty = { name, site, model: { evaluate: 0, backward: 0 }, engine: { evaluate: nothing, backward: nothing } };
    rows.set(key, update(rows.get(key) ?? empty));
  };
  for (const row of model.rows)
    change(row, (old) => ({ ...old, model: { evaluate: row.sums.value, backward: backwardCost(row.sums, prices) } }));
  for (const row of evaluate) change(row, (old) => ({ ...old, engine: { ...old.engine, evaluate: row.count } }));
  for (const row of backward) change(row, (old) => ({ ...old, engine: { ...old.engine, backward: row.count } }));
  return [...rows.values()];
}
