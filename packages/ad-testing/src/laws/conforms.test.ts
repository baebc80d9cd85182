import { compile, type Executable, type Machine, mul, reference, type Tensor } from "@nonsmooth/ad-core";
import { expect, test } from "vitest";
import { expectClose } from "../tools/compare.ts";
import { conforms } from "./conforms.ts";

/** The reference, whose results `change` changes. */
const changed = (change: (x: Tensor) => Tensor): Machine => ({
  name: "changed",
  dtypes: ["f64", "f32"],
  compile(program, options) {
    const inner = compile(program, reference(), options);
    const deep = (tree: unknown): unknown => {
      if (Array.isArray(tree)) return tree.map(deep);
      if (typeof tree !== "object" || tree === null) return tree;
      if ("dtype" in tree) return (tree as Tensor).dtype === "bool" ? tree : change(tree as Tensor);
      return Object.fromEntries(Object.entries(tree).map(([key, part]) => [key, deep(part)]));
    };
    return Object.assign(Object.create(inner) as Executable, {
      run: async (args: readonly unknown[]) => deep(inner.run(args)),
    });
  },
});

test("the reference conforms, and so does a machine that answers later", async () => {
  await conforms(reference(), { runs: 10, seed: 1 });
  await conforms(
    changed((x) => x),
    { runs: 10, seed: 1 },
  );
});

test("a machine that is off by a bit does not, but may be close enough", async () => {
  const off = changed((x) => (x.dtype === "i32" ? x : mul(x, 1 + 2 ** -22)));
  await expect(conforms(off, { runs: 20, seed: 1 })).rejects.toThrow(/in f(64|32), result/);
  await conforms(off, {
    runs: 20,
    seed: 1,
    dtypes: ["f32"],
    agree: (what, got, expected) => expectClose(what, got, expected),
  });
});
