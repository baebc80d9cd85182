// What one run of a function costs, as a histogram.
import { addHistograms, type Histogram } from "../arithmetic/algebra.ts";
import type { Inputs } from "../door/primitive.ts";
import { lengthOf, stepAt, typeAt } from "../programs/program.ts";
import { trace } from "../programs/trace.ts";
import type { TensorType } from "../tensors/tensor.ts";

/**
 * The scalar operations of one run of a function, from the types of its arguments: nothing is computed.
 *
 * What does not depend on the arguments is a number and costs nothing. Operations that only move numbers cost nothing.
 *
 * @param f - a function of trees of tensors; any composition of operations and transforms
 * @param args - its arguments, in a list; their numbers matter only where `f` branches by `isTrue`
 * @returns how often each scalar operation occurs
 * @throws AdError as {@link trace}
 * @example
 * cost((x) => sum(relu(x)), [zeros([10])]) // { maximum: 10, add: 9 }
 * cost(grad((x) => sum(relu(x))), [zeros([10])]) // { maximum: 10, equal: 20, add: 9, scaleBy: 10 }
 */
export function cost<Args extends readonly unknown[], Out>(
  f: (...args: Args) => Out,
  args: readonly [...Args],
): Histogram {
  const program = trace(f, args);
  const parts = Array.from({ length: lengthOf(program) }, (_, i) => {
    const { primitive, params, operands } = stepAt(program, i);
    return primitive.cost(operands.map((place) => typeAt(program, place)) as unknown as Inputs<TensorType>, params);
  });
  return addHistograms(...parts);
}
