import { expect, test } from "vitest";
import { matmulShader } from "./matmul.ts";
import { evenly, largestBlock, loop, shaderOf, when } from "./shader.ts";

const empty = { reads: [], result: "f32", body: [] } as const;

test.each([
  [1, [1, 1, 1]],
  [64, [1, 1, 1]],
  [65, [2, 1, 1]],
  [64 * 65535, [65535, 1, 1]],
  [64 * 65535 + 1, [32768, 2, 1]],
])("groups for %i threads", (threads, groups) => {
  const shader = shaderOf({ ...empty, places: { at: threads } });
  expect(shader.groups).toEqual(groups);
  expect(shader.wgsl).toContain(`id.y * ${(groups[0] as number) * 64}u`);
  expect(shader.wgsl).toContain(`if (thread >= ${threads}) { return; }`);
});

test("neighbouring threads are neighbours in the first place", () => {
  const { wgsl } = shaderOf({ ...empty, places: { column: 5, row: 7, sample: 2 } });
  expect(wgsl).toContain("let column = thread / 1 % 5;");
  expect(wgsl).toContain("let row = thread / 5 % 7;");
  expect(wgsl).toContain("let sample = thread / 35 % 2;");
});

test.each([
  [8, 4, 4],
  [9, 4, 3],
  [10, 4, 4],
  [10, 8, 5],
  [3, 8, 3],
])("%i in blocks of at most %i: %i each", (count, most, size) => expect(evenly(count, most)).toBe(size));

test("a block grows while threads remain and the text is short", () => {
  const sizeOf = (size: number) => ({ threads: 8000 / size, written: size * 20 });
  expect(largestBlock([16, 8, 4], 100, sizeOf)).toBe(16);
  expect(largestBlock([16, 8, 4], 900, sizeOf)).toBe(8);
  expect(largestBlock([64, 32, 4], 100, sizeOf)).toBe(4);
  expect(largestBlock([16, 8, 4], 9000, sizeOf)).toBe(4);
});

test("four numbers are bound at once only where all of an array begins at multiples of 4", () => {
  const elements = (rows: number, inner: number, columns: number): string[] => {
    const near = { a: { row: inner, inner: 1 }, b: { inner: columns, column: 1 } };
    const shader = matmulShader({ batch: 1, rows, inner, columns, ...near });
    return [...(shader?.wgsl ?? "").matchAll(/array<(.*)>;/g)].map(([, element]) => element as string);
  };
  expect(elements(64, 64, 64)).toEqual(["vec4<f32>", "vec4<f32>", "vec4<f32>"]);
  expect(elements(64, 63, 64)).toEqual(["f32", "vec4<f32>", "vec4<f32>"]);
  expect(elements(64, 64, 65)).toEqual(["vec4<f32>", "f32", "f32"]);
});

test("a shader knows how often a thread comes to the heads of its loops, and steps in under them", () => {
  const inner = loop("for (inner)", 5, ["inside;"]);
  const outer = loop("for (outer)", 3, ["before;", ...when("x > 0", [inner]), ...when("", ["always;"])]);
  const { rounds, wgsl } = shaderOf({ ...empty, places: { at: 1 }, body: [outer, loop("for (after)", 7, [])] });
  expect(rounds).toBe(4 + 3 * 6 + 8);
  expect(wgsl).toContain(
    "  for (outer) {\n    before;\n    if (x > 0) {\n      for (inner) {\n        inside;\n      }\n    }\n    always;\n  }\n",
  );
});
