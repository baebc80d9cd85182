// Drawing what a plan asks for, and finding it again by name.
import { AdError, cast, type Shape, split, type Tensor, type Tree } from "@nonsmooth/ad-core";
import { checkReal } from "../data/checks.ts";
import type { RealDType } from "../data/labelledImages.ts";
import type { Variable } from "./initializers.ts";
import type { Initialized, Plan, Variables } from "./layer.ts";

type Branch = Record<string, Tree>;

/** A tree without the branches that hold nothing, so that trees name only what exists. */
export function withoutEmpty(branches: Readonly<Record<string, Tree>>): Branch {
  return Object.fromEntries(Object.entries(branches).filter(([, branch]) => Object.keys(branch).length > 0));
}

/** Variables of a plan, each from a key of its own: adding a part at the end changes none before it. */
export function draw(where: string, plan: Plan, from: Tensor, dtype: RealDType): Initialized {
  checkReal(where, dtype);
  return { ...drawn(plan, from, dtype), outputShape: plan.outputShape };
}

function drawn({ params, state, parts }: Plan, from: Tensor, dtype: RealDType): Variables {
  const [forParams, forState, forParts] = split(from, 3);
  const inside = eachWithKey(parts, forParts, (part, key) => drawn(part, key, dtype));
  const side = (own: Plan["params"], key: Tensor, name: keyof Variables): Branch => ({
    ...eachWithKey<Variable, Tensor>(own, key, (variable, one) => variable.initializer(one, variable, dtype)),
    ...withoutEmpty(Object.fromEntries(Object.entries(inside).map(([part, trees]) => [part, trees[name]]))),
  });
  return { params: side(params, forParams, "params"), state: side(state, forState, "state") };
}

function eachWithKey<A, B>(record: Readonly<Record<string, A>>, from: Tensor, f: (value: A, key: Tensor) => B) {
  const entries = Object.entries(record);
  const keys = split(from, entries.length);
  return Object.fromEntries(entries.map(([name, value], i) => [name, f(value, keys[i] as Tensor)]));
}

/** A branch of a tree of variables; nothing when the part has no variables. */
export const branchOf = (tree: Tree, name: string): Tree => (tree as Branch)[name] ?? {};

/** A variable of a layer by name. */
export function variableOf(where: string, tree: Tree, name: string): Tensor {
  const found = (tree as Branch)[name];
  if (typeof found === "object" && "shape" in found && "dtype" in found) return found as Tensor;
  throw new AdError({
    code: "data",
    where,
    problem: "a variable is missing",
    expected: `a tensor named ${name}`,
    got: Object.keys(tree).join(", ") || "nothing",
    remedy: "pass what init returned for this layer",
    details: { name },
  });
}

/** Whether a layer that was given `x` computes in a shorter format than its variables have: that of mixed precision. */
const isShorter = (x: Tensor, variable: Tensor): boolean =>
  (x.dtype === "f16" || x.dtype === "bf16") && (variable.dtype === "f32" || variable.dtype === "f64");

/** A variable as a layer multiplies with it: in 16 bits where its input has 16, with mixed precision. */
export const inFormatOf = (x: Tensor, variable: Tensor): Tensor =>
  isShorter(x, variable) ? cast(variable, x.dtype) : variable;

/** The input as a layer averages it: in the format of its variables where they are wider, with mixed precision. */
export const widenedTo = (variable: Tensor, x: Tensor): Tensor =>
  isShorter(x, variable) ? cast(x, variable.dtype) : x;

/** Number of elements of a shape. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, n) => product * n, 1);
