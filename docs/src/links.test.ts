/** What the pages point at exists: files, and the sources that they cite. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pages, read, root } from "./files.ts";

const linked = /\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g;
const known = [...read("docs/references.md").matchAll(/^- \[(\w+)\]/gm)].map((match) => match[1]);

test("every relative link on a page leads to a file", () => {
  const links = pages().flatMap((path) =>
    [...read(path).matchAll(linked)].map((match) => ({ path, to: match[1] ?? "" })),
  );
  expect(links.length).toBeGreaterThan(0);
  expect(links.filter(({ path, to }) => !existsSync(join(root, path, "..", to)))).toEqual([]);
});

test("every key that a page cites stands in docs/references.md", () => {
  const cited = pages().flatMap((path) =>
    [...read(path).matchAll(/\[([A-Z][A-Za-z]*\d{2})\](?!\()/g)].map((match) => ({ path, key: match[1] })),
  );
  expect(cited.filter(({ key }) => !known.includes(key))).toEqual([]);
});

test("the index of the documents leads to every page", () => {
  const index = read("docs/README.md");
  const others = pages().filter((path) => path.startsWith("docs/") && path !== "docs/README.md");
  expect(others.filter((path) => !index.includes(`](${path.slice("docs/".length)})`))).toEqual([]);
});
