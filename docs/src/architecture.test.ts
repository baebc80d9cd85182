/** The lists of ARCHITECTURE.md are those that the architecture test enforces, and what they call planned does not exist. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { read, root } from "./files.ts";

const page = read("ARCHITECTURE.md");
const rules = read("scripts/architecture.ts");

/** The first cells under a heading: a name in backticks, and whether it is planned. */
function namesUnder(heading: string): { name: string; isPlanned: boolean }[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(/^\| `([^`]+)`( \(planned\))?/gm)].map(([, name = "", planned]) => ({
    name,
    isPlanned: planned !== undefined,
  }));
}

test("the rooms stand in the order that is enforced", () => {
  const enforced = /const rooms = \[([\s\S]*?)^\];/m.exec(rules)?.[1] ?? "";
  const rooms = namesUnder("The rooms of ad-core");
  expect(rooms.map(({ name }) => name)).toEqual([...enforced.matchAll(/"(\w+)"/g)].map((match) => match[1]));
  for (const { name, isPlanned } of rooms) {
    expect({ name, isPlanned }).toEqual({ name, isPlanned: !existsSync(join(root, "packages/ad-core/src", name)) });
  }
});

test("the packages are those with rules of import", () => {
  const packages = namesUnder("Packages");
  expect(packages.length).toBeGreaterThan(0);
  for (const { name, isPlanned } of packages) {
    expect({ name, isPlanned }).toEqual({ name, isPlanned: !existsSync(join(root, name, "package.json")) });
    if (name !== "docs") expect(rules).toMatch(new RegExp(`^ {2}"?${name}"?: /`, "m"));
  }
});
