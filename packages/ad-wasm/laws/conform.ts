// Programs beside the reference machine: the same bits.
import { compile, type Machine, reference, type Tensor, type Tree, trace } from "@nonsmooth/ad-core";
import { expect } from "vitest";

/** Leaves with their bits; NaN is one number. */
const printed = (tree: unknown): unknown => {
  if (typeof tree !== "object" || tree === null) return tree;
  if ("dtype" in tree) {
    const { dtype, shape, data } = tree as Tensor;
    const bits = Array.from(data as ArrayLike<number>, (value) => (Object.is(value, -0) ? "-0" : String(value)));
    return `${dtype}[${shape}] ${bits.join(" ")}`;
  }
  if (Array.isArray(tree)) return tree.map(printed);
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, printed(value)]));
};

/** Expects that a machine gives the bits of the reference for a function of tensors. */
export function expectConforms(machine: Machine, f: (...args: never[]) => unknown, args: readonly Tree[]): void {
  const program = trace(f as (...args: unknown[]) => Tensor, args as unknown[]);
  const executable = compile(program, machine);
  const found = printed(executable.run(args));
  expect(found).toEqual(printed(compile(program, reference()).run(args)));
  // A second run must not depend on what the first has left in memory.
  expect(printed(executable.run(args))).toEqual(found);
  executable.dispose();
}
