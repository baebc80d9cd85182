// Reverse mode for functions of trees.

import { isReal } from "../dtypes/dtype.ts";
import { checkSettings, dtypeError, shapeError } from "../errors/messages.ts";
import { ones } from "../tensors/create.ts";
import type { Tensor } from "../tensors/tensor.ts";
import type { Like } from "../tensors/tree.ts";
import { linearizeFlat } from "./flat.ts";
import { filled, flattenArguments, flattenLike, lower, type TreeFunction, targetsOf } from "./frontend.ts";
import type { Accept, GradientOf, GradientOptions, LikeAll, TransformOptions } from "./options.ts";
import { chooserFor } from "./selectionChooser.ts";

/**
 * Value of a function, and its pullback at that point: `(f(x), gy -> Jᵀ gy)`.
 *
 * At kinks `J` is what the selection says; the chain rule along curves holds whatever it says.
 * Cost: one run that also computes residuals; then, for each pullback, a bounded multiple of the cost of `f`.
 *
 * @param f - a function of trees of tensors, which may return any tree; it is run once
 * @param args - the arguments, in a list
 * @param options - `select`
 * @returns the value, and the function from a cotangent of it to the list of cotangents of the arguments
 * @throws AdError "selection" for a choice that fits no kink; "shape", "dtype" or "data" for a cotangent unlike the value
 * @see [BP21] the outputs over all choices are a conservative field
 * @example
 * vjp((x) => mul(x, x), [tensor(3)])[1](tensor(10)) // [60]
 */
export function vjp<Args extends readonly unknown[], Out>(
  f: (...args: Args) => Out,
  args: readonly [...Args],
  options: TransformOptions = {},
): [Like<Out>, (cotangent: Like<Out>) => LikeAll<Args>] {
  checkSettings("vjp", options, ["select"]);
  const flat = flattenArguments("vjp", args);
  const chooser = chooserFor("vjp", options.select);
  const lowered = lower("vjp", f as TreeFunction, flat.form);
  const linearized = linearizeFlat(lowered.run, flat.leaves, chooser, () => true);
  chooser.checkAllMet("run");
  const form = lowered.form();
  const pullback = (cotangent: Like<Out>): LikeAll<Args> => {
    const incoming = flattenLike("vjp", "the cotangent", cotangent, form, linearized.outputs);
    const found = linearized.vjp(incoming);
    chooser.checkAllMet("derivative");
    return flat.form.build(flat.leaves.map((leaf, i) => filled(found[i], leaf))) as LikeAll<Args>;
  };
  return [form.build(linearized.outputs) as Like<Out>, pullback];
}

function checkScalar(where: string, outputs: readonly Tensor[], text: string): Tensor {
  const [y] = outputs;
  if (text !== "*" || y === undefined || y.shape.length !== 0) {
    const remedy = "reduce it with sum or mean, or use vjp or jacobianReverse";
    throw shapeError(
      where,
      "the function is not scalar",
      "one tensor of shape []",
      outputs.map((output) => output.shape),
      remedy,
    );
  }
  if (!isReal(y.dtype)) throw dtypeError(where, "a real result", [y.dtype], "cast it");
  return y;
}

function valueAndGradient(
  where: string,
  f: TreeFunction,
  args: readonly unknown[],
  options: GradientOptions,
): [Tensor, unknown] {
  checkSettings(where, options, ["select", "wrt"]);
  const flat = flattenArguments(where, args);
  const targets = targetsOf(where, flat, args, options);
  const chooser = chooserFor(where, options.select);
  const lowered = lower(where, f, flat.form);
  const linearized = linearizeFlat(lowered.run, flat.leaves, chooser, targets.isActive);
  const y = checkScalar(where, linearized.outputs, lowered.form().text);
  const found = linearized.vjp([ones([], { dtype: y.dtype })]);
  chooser.checkAllMet("derivative");
  return [y, targets.build(flat.leaves.map((leaf, i) => filled(found[i], leaf)))];
}

/**
 * Gradient of a scalar function by reverse mode.
 *
 * At kinks it returns what the selection says: an element of a conservative field for every choice.
 * Cost: a bounded multiple of the cost of `f`, whatever the number of inputs.
 *
 * @param f - returns one scalar of a real dtype
 * @param options - `select`, and `wrt`: the argument or arguments to differentiate with respect to (the first)
 * @returns a function of the arguments of `f` that returns the gradient, in the form of the argument
 * @throws AdError "shape" when the result is no scalar; "selection" for a choice that fits no kink; "dtype" when an
 *   argument carries no derivative
 * @see [BBPP23] the cost does not depend on dimension, for nonsmooth programs too
 * @example
 * grad((x) => sum(relu(x)))(tensor([-1, 0, 2])) // [0, 0, 1]
 * grad((x, y) => mul(x, y), { wrt: [0, 1] })(tensor(2), tensor(5)) // [5, 2]
 */
export function grad<Args extends readonly unknown[] = Tensor[], const Wrt extends number | readonly number[] = 0>(
  f: (...args: Args) => Tensor,
  options: GradientOptions<Wrt> = {},
): (...args: Accept<Args>) => NoInfer<GradientOf<Args, Wrt>> {
  return gradientOf("grad", f as TreeFunction, options) as (...args: Accept<Args>) => GradientOf<Args, Wrt>;
}

/** The gradient as a function, for the transforms that are made of it. */
export function gradientOf(
  where: string,
  f: TreeFunction,
  options: GradientOptions,
): (...args: readonly unknown[]) => unknown {
  return (...args) => valueAndGradient(where, f, args, options)[1];
}

/**
 * Value and gradient of a scalar function by reverse mode.
 *
 * Cost: a bounded multiple of the cost of `f`, whatever the number of inputs.
 *
 * @param f - returns one scalar of a real dtype
 * @param options - `select`, and `wrt`: the argument or arguments to differentiate with respect to (the first)
 * @returns a function of the arguments of `f` that returns the value and the gradient, in the form of the argument
 * @throws AdError as {@link grad}
 * @example
 * valueAndGrad((x) => mul(x, x))(tensor(3)) // [9, 6]
 */
export function valueAndGrad<
  Args extends readonly unknown[] = Tensor[],
  const Wrt extends number | readonly number[] = 0,
>(
  f: (...args: Args) => Tensor,
  options: GradientOptions<Wrt> = {},
): (...args: Accept<Args>) => [Tensor, NoInfer<GradientOf<Args, Wrt>>] {
  return (...args) => {
    const [value, gradient] = valueAndGradient("valueAndGrad", f as TreeFunction, args, options);
    return [value, gradient as GradientOf<Args, Wrt>];
  };
}
