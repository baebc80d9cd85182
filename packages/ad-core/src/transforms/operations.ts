// Functions that bring their own derivative, and functions that are computed twice to keep less.

import { atSite, interpreter } from "../door/interpreter.ts";
import type { Maybe } from "../door/primitive.ts";
import type { JointMap, Operation } from "../door/roles.ts";
import { AdError } from "../errors/adError.ts";
import { barrier } from "../primitives/conversions.ts";
import type { Tensor } from "../tensors/tensor.ts";
import type { Form } from "../tensors/tree.ts";
import { forwardFlat, linearizeFlat } from "./flat.ts";
import { filled, flattenArguments, flattenLike, type Lowered, lower, type TreeFunction } from "./frontend.ts";

/** Calls a function through the door as one operation. */
function callOperation(
  where: string,
  f: TreeFunction,
  args: readonly unknown[],
  make: (lowered: Lowered, form: Form) => Operation,
): unknown {
  const flat = flattenArguments(where, args);
  const lowered = lower(where, f, flat.form);
  const outputs = interpreter().call({ operation: make(lowered, flat.form), inputs: flat.leaves, site: "" });
  return lowered.form().build(outputs);
}

/** Linearizes by running again: between the two runs only the inputs are kept. */
function recomputing(lowered: Lowered): Operation {
  return {
    run: lowered.run,
    linearize({ inputs, site }, _outputs, chooser, isActive): JointMap {
      const again = (primals: readonly Tensor[]): readonly Tensor[] => atSite(site, () => lowered.run(primals));
      return {
        jvp: (tangents) => forwardFlat(again, inputs.map(barrier), tangents, chooser).tangents,
        vjp: (cotangents) => linearizeFlat(again, inputs.map(barrier), chooser, isActive).vjp(cotangents),
      };
    },
  };
}

/**
 * Trades time for memory: the derivative of the result keeps the arguments only, and runs the function again when it
 * needs the rest.
 *
 * The derivative is the same for every selection but `random`, whose draws inside are others; what an argument
 * contributes inside and outside of the function is added in another order.
 * Cost: backward, one further run of `f`.
 *
 * @param f - a function of trees of tensors; what it depends on must be among its arguments
 * @returns the same function
 * @throws AdError "escaped" when `f` uses a traced tensor that is not among its arguments
 * @example
 * grad((x) => checkpoint((v) => mul(v, v))(x))(tensor(3)) // 6
 */
export function checkpoint<Args extends readonly unknown[], Out>(f: (...args: Args) => Out): (...args: Args) => Out {
  return (...args) => callOperation("checkpoint", f as TreeFunction, args, recomputing) as Out;
}

/** The two directions of a user's own derivative; each is an ordinary function. */
export interface CustomRules<Args extends readonly unknown[], Out> {
  /** From arguments, result and a cotangent of the result to the list of cotangents of the arguments. */
  readonly vjp?: (args: Args, output: Out, cotangent: Out) => readonly unknown[];
  /** From arguments, result and the list of tangents of the arguments to the tangent of the result. */
  readonly jvp?: (args: Args, output: Out, tangents: Args) => Out;
}

function missing(direction: "vjp" | "jvp"): never {
  const mode = direction === "vjp" ? "reverse" : "forward";
  throw new AdError({
    code: "missing",
    where: "customDerivative",
    problem: `no ${direction}`,
    expected: `a ${direction} rule, because ${mode} mode passes here`,
    got: "none",
    remedy: `add { ${direction} } to the rules, or use the other mode`,
  });
}

function custom<Args extends readonly unknown[], Out>(
  rules: CustomRules<Args, Out>,
  lowered: Lowered,
  form: Form,
): Operation {
  const whole = (found: readonly Maybe[], like: readonly Tensor[]): readonly Tensor[] =>
    like.map((x, i) => filled(found[i], x));
  return {
    isCustom: true,
    run: lowered.run,
    linearize({ inputs, site }, outputs): JointMap {
      const [args, output] = [form.build(inputs) as Args, lowered.form().build(outputs) as Out];
      return {
        vjp(cotangents) {
          const rule = rules?.vjp ?? missing("vjp");
          const incoming = lowered.form().build(whole(cotangents, outputs)) as Out;
          const found = atSite(site, () => rule(args, output, incoming));
          return flattenLike("customDerivative", "the list of cotangents", found, form, inputs);
        },
        jvp(tangents) {
          const rule = rules?.jvp ?? missing("jvp");
          const incoming = form.build(whole(tangents, inputs)) as Args;
          const found = atSite(site, () => rule(args, output, incoming));
          return flattenLike("customDerivative", "the tangent", found, lowered.form(), outputs);
        },
      };
    },
  };
}

/**
 * Gives a function a derivative of your own, for one mode or both.
 *
 * The rules are ordinary functions made of operations, so they can be differentiated again. Integer arguments get any
 * tensor of their shape.
 * A recorded program keeps the value and cannot keep the rules: record the gradient, not the function whose gradient you
 * want. Differentiating such a program is an error.
 * Cost: that of the rules.
 *
 * @param f - a function of trees of tensors; what it depends on must be among its arguments
 * @param rules - `vjp`, `jvp` or both
 * @returns the same function, with that derivative
 * @throws AdError "missing" when a mode passes that has no rule; "shape", "dtype" or "data" when a rule returns
 *   something unlike the arguments or the result; "escaped" for traced tensors that are not among the arguments
 * @example
 * grad(customDerivative((x) => floor(x), { vjp: (args, y, gy) => [gy] }))(tensor(2.5)) // 1
 */
export function customDerivative<Args extends readonly unknown[] = Tensor[], Out = Tensor>(
  f: (...args: Args) => Out,
  rules: CustomRules<Args, Out>,
): (...args: Args) => Out {
  const make = (lowered: Lowered, form: Form): Operation => custom(rules, lowered, form);
  return (...args) => callOperation("customDerivative", f as TreeFunction, args, make) as Out;
}
