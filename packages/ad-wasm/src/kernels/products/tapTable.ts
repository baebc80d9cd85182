// Tables of the taps of a filter gradient, by which code visits them.
import { type Expression, load, op } from "../../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../../encoding/function.ts";
import type { ModuleBuilder } from "../../encoding/module.ts";
import { type FilterPlan, type TapGroup, tapGroups } from "./filterPlan.ts";

/** Where the image and the output lie, in bytes from one to the next. */
export interface TapSteps {
  readonly plane: number;
  readonly position: number;
  /** From one position of the output to the next. */
  readonly output: number;
}

/** A group of taps, as code knows it. */
export interface TapEntry {
  readonly output: Expression;
  readonly rows: Expression;
  readonly columns: Expression;
  /** Where each tap begins in the image, and where its weight is in the filter of a channel. */
  readonly images: readonly Expression[];
  readonly weights: readonly Expression[];
}

/** How taps are visited. */
export interface Visit {
  readonly together: number;
  readonly steps: TapSteps;
  readonly image: Expression;
  readonly weight: Expression;
}

function tableOf(module: ModuleBuilder, { lanes }: FilterPlan, groups: readonly TapGroup[], steps: TapSteps): number {
  const entries = groups.flatMap(({ output, rows, columns, taps }) => [
    ...[steps.output * output, rows, columns],
    ...taps.map(({ plane, position }) => plane * steps.plane + position * steps.position),
    ...taps.map(({ weight }) => weight * lanes.bytes),
  ]);
  return module.table(`taps ${entries}`, Int32Array.from(entries));
}

/** An entry of a table; `image` and `weight` are where its channels begin. */
function entryAt(entry: Local, taps: number, image: Local, weight: Local): TapEntry {
  const number = (index: number): Expression => load("i32.load", entry, 4 * index);
  const numbers = (base: Local, from: number): Expression[] =>
    Array.from({ length: taps }, (_, tap) => op("i32.add", base, number(from + tap)));
  return {
    ...{ output: number(0), rows: number(1), columns: number(2) },
    ...{ images: numbers(image, 3), weights: numbers(weight, 3 + taps) },
  };
}

/** Visits all taps, at most so many together; `image` and `weight` are what the places of taps are counted from. */
export function forTaps(
  f: FunctionBuilder,
  module: ModuleBuilder,
  plan: FilterPlan,
  { together, steps, image, weight }: Visit,
  visit: (entry: TapEntry, taps: number) => void,
): void {
  const { channels } = plan.image;
  const [x, w] = [f.let(image), f.let(weight)];
  const visitChannels = (count: number): void => {
    const groups = tapGroups(plan, count, together);
    for (let taps = together; taps >= 1; taps--) {
      const alike = groups.filter((group) => group.taps.length === taps);
      const bytes = 4 * (3 + 2 * taps);
      if (alike.length === 0) continue;
      const start = tableOf(module, plan, alike, steps);
      f.range(start, start + alike.length * bytes, bytes, (entry) => visit(entryAt(entry, taps, x, w), taps));
    }
    f.update(x, "i32.add", count * steps.plane);
    f.update(w, "i32.add", (count * plan.weights * plan.lanes.bytes) / channels);
  };
  if (channels >= together) f.range(0, Math.floor(channels / together), 1, () => visitChannels(together));
  if (channels % together > 0) visitChannels(channels % together);
}
