// The engine count: what the machine is really asked to do, by kind of work.
import type { Atom } from "../arithmetic/algebra.ts";
import type { Inputs } from "../door/primitive.ts";
import { lengthOf, type ProgramData, type Step, stepAt, typeAt } from "../programs/program.ts";
import { sizeOf } from "../tensors/shape.ts";
import type { TensorType } from "../tensors/tensor.ts";
import { type CostClass, classes, classOf } from "./classes.ts";

/** Scalar operations by kind; `total` is their sum. */
export interface EngineCount extends Readonly<Record<CostClass, number>> {
  /** Numbers that are only moved or converted. They are no operations and not in the total. */
  readonly move: number;
  readonly total: number;
}

/** The count of one operation at one site. */
export interface EngineRow {
  readonly name: string;
  readonly site: string;
  readonly count: EngineCount;
}

export const nothing: EngineCount = { mul: 0, add: 0, div: 0, cmp: 0, nonlinear: 0, move: 0, total: 0 };

const names = [...classes, "move", "total"] as const;

/** Adds counts. */
const addCounts = (a: EngineCount, b: EngineCount): EngineCount =>
  Object.fromEntries(names.map((name) => [name, a[name] + b[name]])) as unknown as EngineCount;

/** Counts one instruction: its operations, or the numbers that it moves when it has none. */
function countStep(program: ProgramData, { primitive, params, shape, operands }: Step): EngineCount {
  const types = operands.map((place) => typeAt(program, place)) as unknown as Inputs<TensorType>;
  const found: Record<keyof EngineCount, number> = { ...nothing };
  for (const [atom, times] of Object.entries(primitive.cost(types, params)) as [Atom, number][]) {
    found[classOf[atom]] += times;
    found.total += times;
  }
  if (found.total === 0) found.move = sizeOf(shape);
  return found;
}

/** The counts of a program, by operation and site. */
export function engineRows(program: ProgramData): EngineRow[] {
  const rows = new Map<string, EngineRow>();
  for (let i = 0; i < lengthOf(program); i++) {
    const step = stepAt(program, i);
    const [name, site] = [step.primitive.name, step.site];
    const sofar = rows.get(`${name}@${site}`)?.count ?? nothing;
    rows.set(`${name}@${site}`, { name, site, count: addCounts(sofar, countStep(program, step)) });
  }
  return [...rows.values()];
}

/** The sum of rows. */
export const totalOf = (rows: readonly EngineRow[]): EngineCount =>
  rows.reduce((total, { count }) => addCounts(total, count), nothing);
