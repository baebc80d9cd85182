// Soft maxima along axes.
import type { Expression } from "../encoding/expression.ts";
import type { Local } from "../encoding/function.ts";
import type { Kernel } from "./kernel.ts";
import { compute, repeated, whereLess } from "./numbers.ts";
import { reduce } from "./reduceRows.ts";
import { type Change, type RowCode, rewrite } from "./rowCode.ts";
import { applied, appliedToRow } from "./rowFunctions.ts";
import { reducing, rewriting } from "./rowKernel.ts";

/** About what an exponential costs. */
const exponentialCost = 25;

/** `exp(x - top)`. */
const exponential =
  ({ module }: RowCode, top: Local): Change =>
  (n, x, own) =>
    applied(module, n, "exp", compute(n, "sub", x, own(top)));

/** `log Σ exp(x_i - top)` */
function logOfSum(row: RowCode, x: Local, top: Local): Expression {
  return appliedToRow(row, "log", reduce(row, x, "add", exponential(row, top)));
}

const logSumExp: Kernel<readonly number[]> = reducing({
  name: "logSumExp",
  axes: (axes) => axes,
  cost: exponentialCost,
  reduce(row, x) {
    const { f, numbers } = row;
    const top = reduce(row, x, "max");
    const shifted = f.let(compute(numbers, "add", top, logOfSum(row, x, top)));
    const isOrdinary = [compute(numbers, "abs", top), repeated(numbers, Infinity)] as const;
    return whereLess(numbers, isOrdinary, shifted, top);
  },
});

/** The exponentials are kept in the result until their sum is known. */
const softmax: Kernel<number> = rewriting({
  name: "softmax",
  axes: (axis) => [axis],
  cost: exponentialCost,
  rewrite(row, x, out) {
    const top = reduce(row, x, "max");
    rewrite(row, { from: x, to: out, change: exponential(row, top), isInterim: true });
    const total = reduce(row, out, "add");
    const share: Change = (n, y, own) => compute(n, "div", y, own(total));
    rewrite(row, { from: out, to: out, change: share, isInPlace: true });
  },
});

const logSoftmax: Kernel<number> = rewriting({
  name: "logSoftmax",
  axes: (axis) => [axis],
  cost: exponentialCost,
  rewrite(row, x, out) {
    const top = reduce(row, x, "max");
    const logTotal = row.f.let(logOfSum(row, x, top));
    const change: Change = (n, term, own) => compute(n, "sub", compute(n, "sub", term, own(top)), own(logTotal));
    rewrite(row, { from: x, to: out, change });
  },
});

/** Kernels by the name of their record. */
export const softmaxKernels: Readonly<Record<string, Kernel>> = { logSumExp, softmax, logSoftmax };
