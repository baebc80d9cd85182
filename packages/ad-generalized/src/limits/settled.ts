// What is settled of a model on the way through its switches: which branches were taken, and what that asks of a direction.
import { addMultiple } from "../exactness/sums.ts";
import type { Model } from "../model/model.ts";
import type { Branch, Cell } from "../model/record.ts";

/** Some branches lie above others; those of one side have one gradient. */
export interface Above {
  readonly upper: readonly Branch[];
  readonly lower: readonly Branch[];
  /** The gradient of the difference. */
  readonly row: Float64Array;
}

/** Decisions so far. */
export interface Settled {
  /** For each settled variable its gradient. */
  readonly gradients: ReadonlyMap<number, Float64Array>;
  /** For each settled variable the branches that it may be, which all have that gradient. */
  readonly groups: ReadonlyMap<number, readonly Branch[]>;
  readonly order: readonly Above[];
  /** A direction along which all of `order` holds; null when none is known. */
  readonly direction: Float64Array | null;
}

/** The gradient of a cell with what is settled. */
export function gradientOf({ row, watch }: Model, { gradients }: Settled, cell: Cell): Float64Array {
  const { inputs, variables } = row(cell);
  const total = Float64Array.from(inputs);
  for (const [variable, coefficient] of variables) {
    const gradient = gradients.get(variable);
    if (gradient) addMultiple(watch, total, coefficient, gradient);
  }
  return total;
}
