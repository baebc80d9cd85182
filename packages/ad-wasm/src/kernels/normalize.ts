// Rows less their mean, divided by their deviation. Distances are computed anew wherever they are needed.
import type { Local } from "../encoding/function.ts";
import type { Kernel } from "./kernel.ts";
import { compute, repeated } from "./numbers.ts";
import { meanOf } from "./reductions.ts";
import { type Change, type RowCode, rewrite } from "./rowCode.ts";
import { reducing, rewriting } from "./rowKernel.ts";

/** The settings of the records. */
interface Params {
  readonly axes: readonly number[];
  readonly epsilon: number;
}

/** A row measured from its mean: the distances, and `√(variance + epsilon)`. */
interface Measured {
  readonly distance: Change;
  readonly deviation: Local;
}

/** The first mean is rounded; the mean of the distances to it says by how much. */
function measure(row: RowCode, x: Local, epsilon: number): Measured {
  const { f, numbers } = row;
  const center = f.let(meanOf(row, x));
  const shift = f.let(meanOf(row, x, (n, term) => compute(n, "sub", term, center)));
  const distance: Change = (n, term, own) => compute(n, "sub", compute(n, "sub", term, own(center)), own(shift));
  const variance = meanOf(row, x, (n, term, own) => {
    const size = f.let(distance(n, term, own));
    return compute(n, "mul", size, size);
  });
  const deviation = f.let(compute(numbers, "sqrt", compute(numbers, "add", variance, repeated(numbers, epsilon))));
  return { distance, deviation };
}

/** An element is read for each of three sums. */
const cost = 6;

const normalize: Kernel<Params> = rewriting({
  name: "normalize",
  axes: ({ axes }) => axes,
  cost,
  rewrite(row, x, out, { epsilon }) {
    const { distance, deviation } = measure(row, x, epsilon);
    const change: Change = (n, term, own) => compute(n, "div", distance(n, term, own), own(deviation));
    rewrite(row, { from: x, to: out, change });
  },
});

const inverseDeviation: Kernel<Params> = reducing({
  name: "inverseDeviation",
  axes: ({ axes }) => axes,
  cost,
  reduce(row, x, { epsilon }) {
    const { numbers, rows } = row;
    if (rows.length === 0) return repeated(numbers, NaN);
    return compute(numbers, "div", repeated(numbers, 1), measure(row, x, epsilon).deviation);
  },
});

/** Kernels by the name of their record. */
export const normalizeKernels: Readonly<Record<string, Kernel>> = { normalize, inverseDeviation };
