import { describe, expect, test } from "vitest";
import { pageExamples, sourceExamples } from "./collect.ts";
import { runExample } from "./run.ts";
import { show } from "./show.ts";

const load = async (module: string): Promise<Record<string, unknown>> => ({ module, twice: (x: number) => 2 * x });

async function corrected(code: string, scope: Record<string, unknown> = {}): Promise<string[]> {
  return (await runExample(code, scope, load)).map(({ correct }) => correct);
}

describe("collecting", () => {
  const source = [
    "/** Not an example. */",
    "const hidden = 1;",
    "/**",
    " * Doubles.",
    " *",
    " * @example",
    " * const x: number = 2",
    " * twice(x) // 4",
    " * @see [KEY]",
    " * @example twice(3) // 6",
    " */",
    "export function twice(x: number): number {",
  ].join("\n");

  test("finds each example of an exported declaration", () => {
    expect(sourceExamples("a.ts", source)).toEqual([
      { title: "a.ts twice", code: "const x: number = 2\ntwice(x) // 4" },
      { title: "a.ts twice", code: "twice(3) // 6" },
    ]);
  });

  test("finds the ts blocks of a page", () => {
    const page = "# Title\n\n```ts\ntwice(1) // 2\n```\n\n```sh\nls\n```\n";
    expect(pageExamples("a.md", page)).toEqual([{ title: "a.md:3", code: "twice(1) // 2\n" }]);
  });
});

describe("running", () => {
  test("a wrong expectation is corrected, a true one is kept", async () => {
    expect(await corrected("1 + 1 // 2\n1 + 1 // 3")).toEqual(["1 + 1 // 2", "1 + 1 // 2"]);
  });

  test("statements run for their effect, and may span lines", async () => {
    const code = "const f = (x: number) => {\n  return x + one;\n};\nconst y = f(1); // 2\n[y, f(\n  y,\n)] // ?";
    expect(await corrected(code, { one: 1 })).toEqual(["const y = f(1) // 2", "[y, f(\n  y,\n)] // [2, 3]"]);
  });

  test("a line that starts with a bracket does not continue a checked one", async () => {
    expect(await corrected("1 // 1\n[2][0] // 2\n(3) // 3")).toEqual(["1 // 1", "[2][0] // 2", "(3) // 3"]);
  });

  test("a comment that checks nothing is refused", async () => {
    await expect(corrected("const f = () => {\n  return 1; // one\n};\nf() // 1")).rejects.toThrow(
      "lines of their own",
    );
  });

  test("an error of ours prints its code; another error is not swallowed", async () => {
    const fail = (): never => {
      throw Object.assign(new Error("no"), { code: "shape" });
    };
    expect(await corrected('fail() // AdError "shape"', { fail })).toEqual(['fail() // AdError "shape"']);
    await expect(corrected("missing() // 1")).rejects.toThrow("missing is not defined");
  });

  test("imports come from the packages of the workspace", async () => {
    const code =
      'import { twice as double, type Shape } from "@nonsmooth/x";\nimport type { Y } from "@nonsmooth/y";\ndouble(2) // 4';
    expect(await corrected(code)).toEqual(["double(2) // 4"]);
    await expect(corrected('import fs from "node:fs";')).rejects.toThrow("expected a package @nonsmooth/...");
  });
});

test.each([
  ["-0", -0],
  ["NaN", Number.NaN],
  ['"a"', "a"],
  ["undefined", undefined],
  ["[1, [true, null]]", [1, [true, null]]],
  ["{ a: 1, b: {} }", { a: 1, b: {} }],
  ["[1, 2]", Float32Array.of(1, 2)],
  ["7", { shape: [], dtype: "f64", data: [7] }],
  ["[[1, 2], [3, -0]]", { shape: [2, 2], dtype: "f64", data: [1, 2, 3, -0] }],
  ["[true, false]", { shape: [2], dtype: "bool", data: [1, 0] }],
  ["[[], []]", { shape: [2, 0], dtype: "f64", data: [] }],
])("show prints %s", (text, value) => {
  expect(show(value)).toBe(text);
});
