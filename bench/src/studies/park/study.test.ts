import { describe, expect, test } from "vitest";
import { commanded } from "../../cli/commanded.ts";
import { type FamilyReport, parkStudy } from "./study.ts";

const silent = (): void => {};
const study = parkStudy({ seed: 1, trials: 20, directions: 128 }, silent);
const named = (name: string): FamilyReport => study.families.find((family) => family.name === name) as FamilyReport;

test("where a theorem promises an element, there is one every time", () => {
  const promised = study.families.filter(({ isPromised }) => isPromised);
  expect(promised.map(({ name }) => name)).toEqual([
    "one sample",
    "batch, one choice",
    "relu6, same side",
    "shared biases, one choice",
  ]);
  expect(promised.map(({ inside, outside }) => [inside, outside])).toEqual(promised.map(() => [20, 0]));
});

test("where none does, some answers are outside of all that was found, and an example is shown", () => {
  for (const { isPromised, inside, outside, trials, example } of study.families) {
    expect(inside + outside).toBe(trials);
    expect(example === null).toBe(outside === 0);
    if (!isPromised) expect(inside).toBeGreaterThan(0);
    if (example) expect(example.elements.map(String)).not.toContain(String(example.answer));
  }
  for (const name of ["no biases", "batch, many choices", "shared biases, many choices", "max pooling"])
    expect(named(name).outside).toBeGreaterThan(0);
});

test("the question whether an answer is a mixture can be given to someone else", () => {
  const asked: number[] = [];
  const { families } = parkStudy(
    {
      ...{ seed: 1, trials: 1, directions: 8 },
      membership: (elements, answer) => {
        asked.push(elements.length);
        expect(elements.every((element) => element.length === answer.length)).toBe(true);
        return "outside of those found";
      },
    },
    silent,
  );
  expect(families.map(({ outside }) => outside)).toEqual(families.map(() => 1));
  expect(asked.length).toBe(2 * families.length);
});

describe("the command", () => {
  test("prints a table with examples, and its progress beside", async () => {
    const { code, written, warned } = await commanded("study", "park", "--trials", "12", "--directions", "64");
    expect(code).toBe(0);
    expect(warned.split("\n")[0]).toBe("study park: family 1, one sample");
    expect(written).toMatch(/^ {2}one sample +Theorem 1: an element .* 12 +12 +0$/m);
    expect(written).toContain("outside, for instance\n");
    expect(written).toContain("others may have been missed");
  });

  test("prints JSON, the same for the same seed", async () => {
    const args = ["study", "park", "--trials", "2", "--directions", "64", "--seed", "3", "--json"];
    const first = await commanded(...args);
    expect(JSON.parse(first.written)).toMatchObject({ schema: "nonsmooth.study.park/1", seed: 3, directions: 64 });
    expect(await commanded(...args)).toEqual(first);
  });

  test("fails where a theorem promises what too few directions do not find", async () => {
    const { code, warned } = await commanded("study", "park", "--trials", "5", "--directions", "1");
    expect([code, warned]).toEqual([1, expect.stringContaining("try more --directions")]);
  });

  test.each([
    ["--trials", "0"],
    ["--directions", "1.5"],
    ["--seed", "-1"],
  ])("refuses %s %s", async (...args) => {
    expect((await commanded("study", "park", ...args)).code).toBe(2);
  });
});
