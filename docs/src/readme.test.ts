/** The tables of the front page say what the packages export and what the records of the operations say. */

import { join } from "node:path";
import { records } from "@nonsmooth/ad-core";
import { expect, test } from "vitest";
import { packages, read, root } from "./files.ts";

const page = read("README.md");

/** The rows under a heading, cell by cell, without the two lines of the table's head. */
function rowsUnder(heading: string): string[][] {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const codes = (cell = ""): string[] => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");

test("what the front page says is supported is exported, and what is not yet is not", async () => {
  const modules = await Promise.all(packages().map((folder) => import(join(root, folder, "src/index.ts"))));
  const exported = new Set(modules.flatMap((module) => Object.keys(module)));
  const rows = rowsUnder("What is supported");
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.flatMap(([, now]) => codes(now)).filter((name) => !exported.has(name))).toEqual([]);
  expect(rows.flatMap(([, , later]) => codes(later)).filter((name) => exported.has(name))).toEqual([]);
});

test("the front page names every kink, with the default that its record states", () => {
  const stated = rowsUnder("Kinks").map(([key, , , choice]) => [codes(key)[0], codes(choice)[0]?.replaceAll('"', "")]);
  const kinked = [...records.values()].flatMap(({ name, kink }) =>
    kink && kink.type !== "jump" ? [[name, kink.default.name]] : [],
  );
  expect(stated.toSorted()).toEqual(kinked.toSorted());
});

test("the front page names every jump", () => {
  const jumps = [...records.values()].flatMap(({ name, kink }) => (kink?.type === "jump" ? [name] : []));
  const sentence = /^Jumps .*?\n\n/ms.exec(page)?.[0];
  expect(jumps.filter((name) => !codes(sentence).includes(name))).toEqual([]);
});
