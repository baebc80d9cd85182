// From functions on trees to functions on flat lists, with the checks that every transform makes.

import type { Maybe } from "../door/primitive.ts";
import { isReal } from "../dtypes/dtype.ts";
import { AdError } from "../errors/adError.ts";
import { dtypeError, shapeError } from "../errors/messages.ts";
import { zeros } from "../tensors/create.ts";
import { sameShape } from "../tensors/shape.ts";
import type { Tensor } from "../tensors/tensor.ts";
import { checkForm, type Flat, type Form, flattenTree } from "../tensors/tree.ts";
import type { FlatFunction } from "./flat.ts";
import type { GradientOptions } from "./options.ts";

/** Any function of trees. The public types are on the transforms; inside, trees are checked as they come. */
export type TreeFunction = (...args: never[]) => unknown;

/** A function on flat lists, and the form of what it returned last. */
export interface Lowered {
  readonly run: FlatFunction;
  form(): Form;
}

/** Lowers a function of trees whose arguments have the form `args`. */
export function lower(where: string, f: TreeFunction, args: Form): Lowered {
  if (typeof f !== "function") {
    const remedy = "pass the function first, and its arguments in a list";
    throw new AdError({ code: "data", where, problem: "no function", expected: "a function", got: typeof f, remedy });
  }
  let form: Form | undefined;
  const run: FlatFunction = (inputs) => {
    const output = flattenTree(where, f(...(args.build(inputs) as never[])));
    form = output.form;
    return output.leaves;
  };
  return { run, form: () => form as Form };
}

/** Takes a list of arguments apart. */
export function flattenArguments(where: string, args: unknown): Flat {
  if (Array.isArray(args)) return flattenTree(where, args);
  const remedy = "put the arguments in a list: [x]";
  throw new AdError({
    code: "data",
    where,
    problem: "no list of arguments",
    expected: "a list",
    got: typeof args,
    remedy,
  });
}

/** Takes apart tangents or cotangents for known values, leaf by leaf of the same shape and dtype. */
export function flattenLike(
  where: string,
  what: string,
  tree: unknown,
  form: Form,
  values: readonly Tensor[],
): readonly Tensor[] {
  const flat = flattenTree(where, tree);
  checkForm(where, what, form, flat.form);
  flat.leaves.forEach((leaf, i) => {
    const value = values[i] as Tensor;
    if (!sameShape(leaf.shape, value.shape)) {
      throw shapeError(
        where,
        `${what} has another shape`,
        `[${value.shape.join(", ")}]`,
        [leaf.shape],
        "give it the shape of its value",
      );
    }
    if (isReal(value.dtype) && leaf.dtype !== value.dtype) {
      throw dtypeError(where, `${what} of dtype ${value.dtype}`, [leaf.dtype], "give it the dtype of its value");
    }
  });
  return flat.leaves;
}

/** A tensor where there may be a zero that was never computed. */
export const filled = (found: Maybe | undefined, like: Tensor): Tensor =>
  found ?? zeros(like.shape, { dtype: like.dtype });

/** Which leaves belong to the arguments to differentiate with respect to. */
export interface Targets {
  /** The arguments asked for. */
  readonly wrt: readonly number[];
  readonly isActive: (leaf: number) => boolean;
  /** Puts one value per leaf of all arguments together, in the form that the options ask for. */
  readonly build: (leaves: readonly unknown[]) => unknown;
}

/** Reads `wrt`, and checks that those arguments carry derivatives. */
export function targetsOf(where: string, flat: Flat, args: readonly unknown[], { wrt = 0 }: GradientOptions): Targets {
  const wanted: readonly number[] = Array.isArray(wrt) ? wrt : [wrt as number];
  const parts = args.map((argument) => flattenTree(where, argument).form);
  const starts = parts.map((_, i) => parts.slice(0, i).reduce((total, part) => total + part.size, 0));
  for (const argument of wanted)
    checkArgument(where, flat, parts[argument], starts[argument] ?? 0, argument, args.length);
  const part = (argument: number): readonly [number, number] => {
    const start = starts[argument] as number;
    return [start, start + (parts[argument] as Form).size];
  };
  const pick = (leaves: readonly unknown[], argument: number): unknown =>
    parts[argument]?.build(leaves.slice(...part(argument)));
  return {
    wrt: wanted,
    isActive: (leaf) => wanted.some((argument) => leaf >= part(argument)[0] && leaf < part(argument)[1]),
    build: (leaves) =>
      Array.isArray(wrt) ? wanted.map((argument) => pick(leaves, argument)) : pick(leaves, wrt as number),
  };
}

function checkArgument(
  where: string,
  flat: Flat,
  part: Form | undefined,
  start: number,
  argument: number,
  count: number,
): void {
  if (part === undefined || typeof argument !== "number") {
    const remedy = "count arguments from 0";
    const [expected, got] = [`an argument from 0 to ${count - 1}`, `wrt: ${argument}`];
    throw new AdError({ code: "domain", where, problem: "no such argument", expected, got, remedy });
  }
  const odd = flat.leaves.slice(start, start + part.size).find((leaf) => !isReal(leaf.dtype));
  if (odd)
    throw dtypeError(where, "arguments that carry derivatives", [odd.dtype], "cast them, or leave them out of wrt");
}
