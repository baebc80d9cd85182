import { type Executable, type Machine, reference } from "@nonsmooth/ad-core";
import { expect, test } from "vitest";
import { conformsOverRuns } from "./conformsOverRuns.ts";

/** The reference, of which one method of every executable is another. */
const changed = (change: (inner: Executable) => Partial<Executable>): Machine => ({
  name: "changed",
  dtypes: ["f32"],
  compile(program, options) {
    const inner = reference().compile(program, options) as Executable;
    return Object.assign(Object.create(inner) as Executable, change(inner));
  },
});

test("the reference conforms, and so does a machine that answers later", async () => {
  await conformsOverRuns(reference());
  await conformsOverRuns(
    changed((inner) => ({ run: async (args) => inner.run(args), read: async (name) => inner.read(name) })),
  );
});

test("a machine that forgets what it carries does not", async () => {
  const first = new Map<string, unknown>();
  const forgets = changed((inner) => ({
    write: (name, tree) => {
      first.set(name, tree);
      inner.write(name, tree);
    },
    run: (args) => {
      const shown = inner.run(args);
      for (const name of inner.describe().carried) inner.write(name, first.get(name));
      return shown;
    },
  }));
  await expect(conformsOverRuns(forgets)).rejects.toThrow("a sum, value 1: expected f32[3]");
});

test("a machine that shows less does not", async () => {
  await expect(conformsOverRuns(changed(() => ({ run: () => ({}) })))).rejects.toThrow(
    /^a sum: expected 4 values, got 1/,
  );
});
