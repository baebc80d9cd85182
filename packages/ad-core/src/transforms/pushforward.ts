// Forward mode for functions of trees.
import { checkSettings } from "../errors/messages.ts";
import type { Like } from "../tensors/tree.ts";
import { forwardFlat, linearizeFlat } from "./flat.ts";
import { filled, flattenArguments, flattenLike, lower, type TreeFunction } from "./frontend.ts";
import type { LikeAll, TransformOptions } from "./options.ts";
import { chooserFor } from "./selectionChooser.ts";

/**
 * Value of a function and the image of one tangent: `(f(x), J dx)`.
 *
 * At kinks `J` is what the selection says, the same matrix as in reverse mode: it is linear in the tangent, and so not
 * always the one-sided directional derivative.
 * Cost: a bounded multiple of the cost of `f`; keeps nothing.
 *
 * @param f - a function of trees of tensors, which may return any tree; it is run once
 * @param args - the arguments, in a list
 * @param tangents - a list of trees like the arguments
 * @param options - `select`
 * @returns the value and its tangent
 * @throws AdError "selection" for a choice that fits no kink; "shape", "dtype" or "data" for tangents unlike the arguments
 * @example
 * jvp((x) => mul(x, x), [tensor(3)], [tensor(1)]) // [9, 6]
 */
export function jvp<Args extends readonly unknown[], Out>(
  f: (...args: Args) => Out,
  args: readonly [...Args],
  tangents: LikeAll<Args>,
  options: TransformOptions = {},
): [Like<Out>, Like<Out>] {
  checkSettings("jvp", options, ["select"]);
  const flat = flattenArguments("jvp", args);
  const incoming = flattenLike("jvp", "the tangents", tangents, flat.form, flat.leaves);
  const chooser = chooserFor("jvp", options.select);
  const lowered = lower("jvp", f as TreeFunction, flat.form);
  const result = forwardFlat(lowered.run, flat.leaves, incoming, chooser);
  chooser.checkAllMet("derivative");
  const pushed = result.outputs.map((y, i) => filled(result.tangents[i], y));
  return [lowered.form().build(result.outputs) as Like<Out>, lowered.form().build(pushed) as Like<Out>];
}

/**
 * Value of a function and its derivative at that point, as a function of tangents: `(f(x), dx -> J dx)`.
 *
 * Cost: one run that also computes residuals; then, for each tangent, no more than the run itself.
 *
 * @param f - a function of trees of tensors, which may return any tree; it is run once
 * @param args - the arguments, in a list
 * @param options - `select`
 * @returns the value, and the function from tangents of the arguments to the tangent of the value
 * @throws AdError "selection" for a choice that fits no kink; "shape", "dtype" or "data" for tangents unlike the arguments
 * @example
 * linearize((x) => mul(x, x), [tensor(3)])[1](tensor(10)) // 60
 */
export function linearize<Args extends readonly unknown[], Out>(
  f: (...args: Args) => Out,
  args: readonly [...Args],
  options: TransformOptions = {},
): [Like<Out>, (...tangents: LikeAll<Args>) => Like<Out>] {
  checkSettings("linearize", options, ["select"]);
  const flat = flattenArguments("linearize", args);
  const chooser = chooserFor("linearize", options.select);
  const lowered = lower("linearize", f as TreeFunction, flat.form);
  const linearized = linearizeFlat(lowered.run, flat.leaves, chooser, () => true);
  chooser.checkAllMet("run");
  const form = lowered.form();
  const push = (...tangents: LikeAll<Args>): Like<Out> => {
    const incoming = flattenLike("linearize", "the tangents", tangents, flat.form, flat.leaves);
    const found = linearized.jvp(incoming);
    chooser.checkAllMet("derivative");
    return form.build(linearized.outputs.map((y, i) => filled(found[i], y))) as Like<Out>;
  };
  return [form.build(linearized.outputs) as Like<Out>, push];
}
