import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commanded } from "../../cli/commanded.ts";
import { parseFormula, readFormula } from "./dimacs.ts";
import type { Formula } from "./formula.ts";
import { isSatisfied } from "./formula.ts";
import { search } from "./search.ts";
import { type NetworkReport, type SatSettings, type SatStudy, satStudy } from "./study.ts";

const example = (name: string): string => new URL(`../../../examples/${name}-clauses.cnf`, import.meta.url).pathname;
const [eight, seven] = ["eight", "seven"].map((name) => readFormula(example(name))) as [Formula, Formula];

const settings: SatSettings = {
  networks: ["tree", "constant"],
  timeLimit: 10,
  reluAtZero: [0, 1, 0.5],
  seed: 1,
  now: () => 0,
};
const reports = (formula: Formula): [NetworkReport, NetworkReport] =>
  satStudy(formula, settings).networks as unknown as [NetworkReport, NetworkReport];
const shapes = ({ matrices }: NetworkReport): string =>
  matrices.map(({ rows, columns }) => `${rows}x${columns}`).join(" ");
const gradients = ({ backpropagation }: NetworkReport): (readonly number[])[] =>
  backpropagation.map(({ gradient }) => gradient);

describe("all eight clauses over three variables", () => {
  const [tree, constant] = reports(eight);

  test("have networks of known shapes", () => {
    expect(shapes(tree)).toBe("40x3 24x40 12x24 6x12 3x6 1x3 1x1");
    expect(shapes(constant)).toBe("41x4 25x41 9x25 1x9 1x1");
    expect([tree.depth, constant.depth]).toEqual([6, 4]);
  });

  test("get from backpropagation with relu'(0) = 0, 1 and 1/2", () => {
    const zero = [0, 0, 0];
    expect(gradients(tree)).toEqual([zero, zero, zero]);
    expect(gradients(constant)).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, -7],
      [0, 0, 0, -0.4375],
    ]);
  });

  test("are differentiable at 0, with one element and a field of several", () => {
    for (const { verdict, clarke, field } of [tree, constant]) {
      expect(verdict).toEqual({ answer: "differentiable", point: null, value: null });
      expect(clarke.gradient.every((v) => v === 0)).toBe(true);
      expect(clarke.claim).toBe("an element of the Clarke subdifferential");
      expect(field.elements).toHaveLength(2);
      expect(field.elements[0]).not.toEqual(field.elements[1]);
    }
  });
});

describe("without the first clause", () => {
  const [tree, constant] = reports(seven);

  test("they have networks of known shapes", () => {
    expect(shapes(tree)).toBe("35x3 21x35 11x21 6x11 3x6 1x3 1x1");
    expect(shapes(constant)).toBe("36x4 22x36 8x22 1x8 1x1");
  });

  test("they get from backpropagation with relu'(0) = 0, 1 and 1/2", () => {
    expect(gradients(tree)).toEqual([
      [0, 0, 0],
      [-2, -2, -4],
      [-1 / 32, -1 / 32, -1 / 16],
    ]);
    expect(gradients(constant)).toEqual([
      [0, 0, 0, 0],
      [-1, -1, -2, -6],
      [-1 / 16, -1 / 16, -1 / 8, -3 / 8],
    ]);
  });

  test("they are not differentiable at 0, with the solution as certificate", () => {
    expect(tree.verdict).toEqual({ answer: "not differentiable", point: [-1, -1, -1], value: 1 });
    expect(constant.verdict).toEqual({ answer: "not differentiable", point: [-1, -1, -1, 1], value: 1 });
  });

  test("elements are limits of gradients: 0 and minus the units", () => {
    const found = Array.from({ length: 120 }, (_, seed) =>
      String(satStudy(seven, { ...settings, networks: ["tree"], reluAtZero: [], seed }).networks[0]?.clarke.gradient),
    );
    expect([...new Set(found)].toSorted()).toEqual(["-1,0,0", "0,-1,0", "0,0,-1", "0,0,0"]);
  });
});

describe("the search", () => {
  test("says when its time is up, and never guesses", () => {
    let time = 0;
    const now = (): number => {
      time += 600;
      return time;
    };
    const study = satStudy(seven, { ...settings, timeLimit: 1, now });
    expect(study.search).toEqual({ answer: "undecided", signs: null, decisions: 1 });
    for (const { verdict } of study.networks)
      expect(verdict).toEqual({ answer: "undecided", point: null, value: null });
  });

  test("decides formulas where propagation alone fails", () => {
    const pigeons = ["1 2 0 3 4 0 5 6 0", "-1 -3 0 -1 -5 0 -3 -5 0 -2 -4 0 -2 -6 0 -4 -6 0"].join("\n");
    expect(search(parseFormula(`p cnf 6 9\n${pigeons}`, "pigeons"), () => false).answer).toBe("unsatisfiable");
    const chain = parseFormula("p cnf 5 5\n1 0 -1 2 0 -2 3 0 -3 4 0 -4 -1 5 0", "chain");
    const { answer, signs, decisions } = search(chain, () => false);
    expect([answer, decisions]).toEqual(["satisfiable", 0]);
    expect(isSatisfied(chain, signs ?? [])).toBe(true);
    expect(search(parseFormula("p cnf 1 2\n1 0 -1 0", "both"), () => false).answer).toBe("unsatisfiable");
  });
});

describe("the command", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nonsmooth-sat-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("prints what was found", async () => {
    const { code, written } = await commanded("study", "sat", example("seven"));
    expect(code).toBe(0);
    expect(written).toContain("35x3, 21x35, 11x21, 6x11, 3x6, 1x3, 1x1\n");
    expect(written).toMatch(/^ {2}backpropagation at 0, relu'\(0\) = 1 +\[-2, -2, -4\]$/m);
    expect(written).toContain("not differentiable: F = 1 at [-1, -1, -1],");
  });

  test("prints JSON for one network and the slopes that are asked for", async () => {
    const args = ["--network", "constant", "--relu-at-zero", "0.25", "--json"];
    const found: SatStudy & { schema: string } = JSON.parse(
      (await commanded("study", "sat", example("eight"), ...args)).written,
    );
    expect(found).toMatchObject({ schema: "nonsmooth.study.sat/1", variables: 3, clauses: 8 });
    expect(found.networks.map(({ network }) => network)).toEqual(["constant"]);
    expect(found.networks[0]?.backpropagation.map(({ reluAtZero }) => reluAtZero)).toEqual([0.25]);
  });

  test("says what it left out, and that no time is no answer", async () => {
    const path = join(folder, "mine.cnf");
    writeFileSync(path, "p cnf 3 2\n1 -1 0\n1 2 3 0\n");
    const { written } = await commanded("study", "sat", path, "--time-limit", "0");
    expect(written).toContain("left out: 1\n");
    expect(written).toContain("undecided within 0 s");
  });

  test.each([
    ["a file that is not there", "/nowhere.cnf"],
    ["no time", example("eight"), "--time-limit", "-1"],
    ["no slope", example("eight"), "--relu-at-zero", "1,"],
    ["no network", example("eight"), "--network", "deep"],
  ])("refuses %s", async (_says, ...args) => {
    expect((await commanded("study", "sat", ...args)).code).toBe(2);
  });
});
