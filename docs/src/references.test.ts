import { expect, test } from "vitest";
import { packages, read, sources } from "./files.ts";

/** The keys after `@see`, as in `@see [BP21, Theorem 1] and [GW08]`; a docstring's other lines may hold brackets of their own. */
export function keysUsed(source: string): string[] {
  const lines = source.match(/@see .*/g) ?? [];
  return lines.flatMap((line) => [...line.matchAll(/\[([A-Za-z]+\d+)\b[^\]]*\]/g)].map((match) => match[1] ?? ""));
}

const known = [...read("docs/references.md").matchAll(/^- \[(\w+)\]/gm)].map((match) => match[1]);

test("keys are read from the lines after @see", () => {
  expect(keysUsed(" * @see [BP21, Theorem 1] and [GW08]\n * shape [2, 3] of [Nobody99]")).toEqual(["BP21", "GW08"]);
});

test("every source that a docstring cites stands in docs/references.md", () => {
  const used = packages()
    .flatMap(sources)
    .flatMap((path) => keysUsed(read(path)).map((key) => ({ path, key })));
  expect(used.filter(({ key }) => !known.includes(key))).toEqual([]);
});

test("docs/references.md names each source once", () => {
  expect(known.length).toBeGreaterThan(0);
  expect(new Set(known).size).toBe(known.length);
});
