// Functions of trees as functions of flat lists, with a name for each leaf.
import { jvp, type Select, type Tensor, tensor, vjp } from "@nonsmooth/ad-core";
import { fail, inner, isFiniteTensor, isSameInner } from "./compare.ts";
import { wholeLike } from "./draws.ts";
import type { Verdict } from "./properties.ts";
import { isReal, tolerances } from "./tolerances.ts";

/** A function of a list of tensors, and a place. */
export interface Flat {
  readonly f: (...leaves: Tensor[]) => Tensor[];
  readonly args: Tensor[];
  /** What a message calls each argument, such as `argument 0.weights[1]`. */
  readonly names: readonly string[];
}

/** A tree taken apart. */
interface Taken {
  readonly leaves: Tensor[];
  readonly names: string[];
  readonly build: (leaves: readonly Tensor[]) => unknown;
}

const isLeaf = (tree: unknown): tree is Tensor | number =>
  typeof tree === "number" || (typeof tree === "object" && tree !== null && "dtype" in tree && "shape" in tree);

function take(tree: unknown, name: string): Taken {
  if (isLeaf(tree)) {
    const leaf = typeof tree === "number" ? tensor(tree) : tree;
    return { leaves: [leaf], names: [name], build: ([x]) => x };
  }
  if (Array.isArray(tree))
    return join(
      tree.map((part, i) => take(part, `${name}[${i}]`)),
      (parts) => parts,
    );
  const keys = Object.keys(tree as object).toSorted();
  const parts = keys.map((key) => take((tree as Record<string, unknown>)[key], `${name}.${key}`));
  return join(parts, (values) => Object.fromEntries(keys.map((key, i) => [key, values[i]])));
}

function join(parts: readonly Taken[], assemble: (values: unknown[]) => unknown): Taken {
  const ends = parts.map((_, i) => parts.slice(0, i + 1).reduce((n, part) => n + part.leaves.length, 0));
  return {
    leaves: parts.flatMap((part) => part.leaves),
    names: parts.flatMap((part) => part.names),
    build: (leaves) => assemble(parts.map((part, i) => part.build(leaves.slice(ends[i - 1] ?? 0, ends[i])))),
  };
}

/** A function of trees at a list of arguments, as a function of flat lists. */
export function flatten(f: (...args: never[]) => unknown, args: readonly unknown[]): Flat {
  const taken = join(
    args.map((argument, i) => take(argument, `argument ${i}`)),
    (values) => values,
  );
  return {
    f: (...leaves) => take(f(...(taken.build(leaves) as never[])), "").leaves,
    args: taken.leaves,
    names: taken.names,
  };
}

/** Where the two forms are compared: under a selection, along directions from a seed. */
export interface Directions {
  readonly select: Select;
  readonly seed: number;
}

/** Checks `<gy, J dx> = <Jᵀ gy, dx>` at one place, for one pair of directions; non-finite derivatives are skipped. */
export function expectTranspose(what: string, { f, args }: Flat, { select, seed }: Directions): Verdict {
  const tangents = wholeLike(args, seed);
  const [outputs, pushed] = jvp(f, args, tangents, { select });
  const gy = wholeLike(outputs, seed + 1);
  const pulled = vjp(f, args, { select })[1](gy) as Tensor[];
  if (![...pushed, ...pulled].every(isFiniteTensor)) return "skipped";
  const [left, right] = [inner(gy, pushed), inner(pulled, tangents)];
  const limit = Math.max(0, ...[...args, ...outputs].map(({ dtype }) => (isReal(dtype) ? tolerances[dtype].sums : 0)));
  if (isSameInner(left, right, limit)) return "compared";
  return fail(`${what}: <gy, J dx> = ${left.value} but <Jᵀ gy, dx> = ${right.value}`);
}
