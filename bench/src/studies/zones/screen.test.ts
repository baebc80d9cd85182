import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { programZonesKind } from "./programJob.ts";
import type { Zones } from "./zonesJob.ts";

const root = mkdtempSync(join(tmpdir(), "nonsmooth-screen-"));
afterAll(() => rmSync(root, { recursive: true }));

/** The gradients of a program at a point, by two choices: whether they differ, and how many elements were seen on a kink. */
async function compared(code: string, inputs: string, one: string, other: string) {
  const program = join(root, "program.ts");
  const names = "atSite, div, max, median, norm2, relu, sort, slice, sum, mul, tensor, where, less";
  writeFileSync(
    program,
    `import { ${names} } from "@nonsmooth/ad-core";\nexport const inputs = ${inputs};\nexport const f = ${code};\n`,
  );
  const parameters = {
    program,
    programSha256: null,
    inputs: null,
    format: "f64",
    one,
    other,
    radius: 0,
    seed: 1,
    draws: 1,
  };
  const context = { signal: new AbortController().signal, progress: () => {} };
  const { draws, kinks } = (await programZonesKind.run(parameters, context)) as Zones;
  return [draws[0]?.differing, kinks.map(({ ties }) => ties)];
}

test.each<[string, string, string, string, string, number, (number | null)[]]>([
  ["a relu off its kink", "(x) => sum(relu(x))", "[[1, -1]]", "relu=first", "relu=last", 0, [0]],
  ["a relu at its kink", "(x) => sum(relu(x))", "[[1, 0]]", "relu=first", "relu=last", 1, [1]],
  [
    "a place in a block",
    '(x) => atSite("block", () => sum(relu(x, { site: "act" })))',
    "[[1, 0]]",
    "relu=first",
    "relu@block=last",
    1,
    [1],
  ],
  [
    "another place",
    '(x) => atSite("block", () => sum(relu(x, { site: "act" })))',
    "[[1, 0]]",
    "relu@block=last",
    "relu@block=last relu=first",
    0,
    [],
  ],
  ["the choice that is there anyway", "(x) => sum(relu(x))", "[[1, 0]]", "", "relu=first", 0, []],
  ["largest of rows", "(x) => max(x)", "[[2, 2, 1]]", "max=first", "max=last", 1, [1]],
  ["a norm at 0, which has no branches to count", "(x) => norm2(x)", "[[0, 0]]", "norm2=zero", "norm2=ones", 1, [null]],
  [
    "a sort, whose branches are not counted",
    "(x) => sum(mul(sort(x), tensor([1, 2, 3])))",
    "[[2, 2, 1]]",
    "sort=first",
    "sort=last",
    1,
    [null],
  ],
  ["a median", "(x) => median(x)", "[[2, 2, 1]]", "median=first", "median=last", 1, [null]],
  [
    "a NaN that the value hides",
    "(x) => sum(mul(where(less(max(mul(x, NaN)), 0), x, 1), 0))",
    "[[1, 2]]",
    "max=first",
    "max=last",
    0,
    [1],
  ],
])("%s", async (_says, code, inputs, one, other, differing, ties) => {
  expect(await compared(code, inputs, one, other)).toEqual([differing, ties]);
});
