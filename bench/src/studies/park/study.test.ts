import { describe, expect, test } from "vitest";
import { commanded } from "../../cli/commanded.ts";
import { type FamilyReport, parkStudy } from "./study.ts";

const study = await parkStudy({ seed: 1, trials: 8, limit: 1000 }, () => {});
const named = (name: string): FamilyReport => study.families.find((family) => family.name === name) as FamilyReport;

test("where a theorem promises an element, no answer is another one", () => {
  const promised = study.families.filter(({ isPromised }) => isPromised);
  expect(promised.map(({ name }) => name)).toEqual([
    "one sample",
    "batch, one choice",
    "relu6, same side",
    "shared biases, one choice",
  ]);
  expect(promised.map(({ others }) => others)).toEqual([0, 0, 0, 0]);
  for (const { members } of promised) expect(members).toBeGreaterThanOrEqual(7);
});

test("where none does, some answers are no elements, and a direction shows it", () => {
  for (const { members, others, undecided, trials, example } of study.families) {
    expect(members + others + undecided).toBe(trials);
    expect(example === null).toBe(others === 0);
    if (example) expect(example.gap).toBeGreaterThan(0);
  }
  expect(named("batch, many choices").others).toBeGreaterThan(0);
});

describe("the command", () => {
  test("prints a table with examples, and its progress beside", async () => {
    const { code, written, warned } = await commanded("study", "park", "--trials", "3");
    expect(code).toBe(0);
    expect(warned.split("\n")[0]).toBe("study park: family 1, one sample");
    expect(written).toMatch(/^ {2}one sample +Theorem 1: an element .* 3 +\d +0 +\d$/m);
    expect(written).toContain("no elements, for instance\n");
  });

  test("prints JSON, the same for the same seed", async () => {
    const args = ["study", "park", "--trials", "2", "--limit", "500", "--seed", "3", "--json"];
    const first = await commanded(...args);
    expect(JSON.parse(first.written)).toMatchObject({ schema: "nonsmooth.study.park/1", seed: 3, limit: 500 });
    expect(await commanded(...args)).toEqual(first);
  });

  test.each([
    ["--trials", "0"],
    ["--limit", "1.5"],
    ["--seed", "-1"],
  ])("refuses %s %s", async (...args) => {
    expect((await commanded("study", "park", ...args)).code).toBe(2);
  });
});
