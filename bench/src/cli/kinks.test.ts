import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type RealDType, type SpellingStudy, spellingStudy } from "../studies/spellings.ts";
import { commanded } from "./commanded.ts";
import { build } from "./kinks.ts";
import { CheckFailed } from "./output.ts";

// The tests use the generated digits, wherever they run.
beforeEach(() => void vi.stubEnv("NONSMOOTH_DATA", ""));
afterEach(() => void vi.unstubAllEnvs());

interface Given {
  colours?: boolean;
  study?: (dtype: RealDType) => SpellingStudy;
}

async function kinks(args: string[], { colours = false, study = spellingStudy }: Given = {}): Promise<string> {
  const written: string[] = [];
  const output = { write: (text: string) => void written.push(text), warn: () => {}, colours };
  try {
    await build(output, study).parseAsync(["--spellings", ...args], { from: "user" });
  } catch (error) {
    written.push(error instanceof CheckFailed ? `failed: ${error.message}` : String(error));
  }
  return written.join("");
}

test("the table of spellings", async () => {
  expect(await kinks([])).toMatchInlineSnapshot(`
    "max(x, 0): derivative at 0; Clarke subdifferential [0, 1]

      spelling                    default   first   last   uniform   atKink(0.25)   modes
      relu(x)                           0       0      1       0.5           0.25   agree
      maximum(x, 0)                   0.5       1      0       0.5           0.75   agree
      clamp(x, {low: 0})                0       0      1       0.5           0.25   agree
      where(greater(x, 0), x, 0)        0       0      0         0              0   agree
      (x + |x|) / 2                   0.5       0      1       0.5           0.25   agree

    log(1 + exp(x)): derivative at 0; Clarke subdifferential {0.5}

      spelling                          default   first   last   uniform   atKink(0.25)   modes
      softplus(x)                           0.5     0.5    0.5       0.5            0.5   agree
      relu(x) + log1p(exp(-|x|))              0*    0.5    0.5       0.5            0.5   agree
      maximum(x, 0) + log1p(exp(-|x|))      0.5     1.5*  -0.5*      0.5              1*  agree

    x: derivative at 0; Clarke subdifferential {1}

      spelling            default   first   last   uniform   atKink(0.25)   modes
      x                         1       1      1         1              1   agree
      relu(x) - relu(-x)        0*      0*     2*        1            0.5*  agree

    * outside the Clarke subdifferential: no mixture of the derivatives on the two sides
    branches in written order: relu and clamp [0, x], maximum(x, 0) [x, 0], abs [-x, x]; where has none to select
    modes: whether reverse and forward mode give the same number for every selection of the row
    computed in f64
    "
  `);
});

test("the guide shows lines of this table", async () => {
  const page = readFileSync(new URL("../../../docs/guide/02-kinks-and-selections.md", import.meta.url), "utf8");
  const shown = page.split("\n").filter((line) => /^ {4}.* (agree|modes)$/.test(line));
  const printed = (await kinks([])).split("\n").map((line) => line.trim());
  expect(shown).toHaveLength(4);
  expect(shown.filter((line) => !printed.includes(line.trim()))).toEqual([]);
});

test("the JSON has a schema and says what the table says", async () => {
  const found = JSON.parse(await kinks(["--json"]));
  expect(Object.keys(found)).toEqual(["schema", "dtype", "at", "selections", "functions"]);
  expect(found).toMatchObject({ schema: "nonsmooth.spellings/1", dtype: "f64", at: 0 });
  expect(found.selections).toEqual(["default", "first", "last", "uniform", "atKink(0.25)"]);
  for (const { name, clarke, spellings } of found.functions) {
    expect([name, clarke.low, clarke.high].map((value) => typeof value)).toEqual(["string", "number", "number"]);
    for (const { spelling, derivatives } of spellings) {
      expect(typeof spelling).toBe("string");
      expect(derivatives.map(({ selection }: { selection: string }) => selection)).toEqual(found.selections);
      for (const derivative of derivatives) {
        expect(derivative).toEqual({
          selection: expect.any(String),
          reverse: expect.any(Number),
          forward: expect.any(Number),
          agree: true,
          member: expect.any(Boolean),
        });
      }
    }
  }
  expect(found.functions[2].spellings[1].derivatives[2]).toMatchObject({
    selection: "last",
    reverse: 2,
    member: false,
  });
});

test("the JSON is one line", async () => {
  expect((await kinks(["--json"])).trimEnd()).not.toContain("\n");
});

test("colours mark what lies outside, and only on request", async () => {
  const red = `${String.fromCharCode(27)}[31m2*`;
  expect(await kinks([], { colours: true })).toContain(red);
  expect(await kinks([])).not.toContain(String.fromCharCode(27));
});

test("modes that disagree are printed, then fail the check", async () => {
  const study = (dtype: RealDType): SpellingStudy => {
    const derivatives = [{ selection: "default", reverse: 0, forward: 1, agree: false, member: true }];
    const functions = [{ name: "f", clarke: { low: 0, high: 1 }, spellings: [{ spelling: "f(x)", derivatives }] }];
    return { dtype, at: 0, selections: ["default"], functions };
  };
  const text = await kinks([], { study });
  expect(text).toContain("DIFFER");
  expect(text).toContain("failed: kinks: the two modes disagree: f(x), default: reverse 0, forward 1");
});

describe("the kinks of a program", () => {
  const report = (...args: string[]) => commanded("kinks", "lenet5", "--batch", "2", ...args);

  test("are a table with a status", async () => {
    const { code, written } = await report("--limit", "1");
    expect(code).toBe(0);
    expect(written).toContain("status 1: a tie");
    expect(written).toMatch(/maxPool2d +pool1 +tie +[\d,]+ +\[0, 0, 0, 0\] +4 +0 0 0 0/);
  });

  test("are one object with a schema", async () => {
    const found = JSON.parse((await report("--json", "--limit", "2")).written);
    expect(found).toMatchObject({
      schema: "nonsmooth.kinks/1",
      program: "lenet5",
      status: 1,
      tolerance: 0,
      watched: 6,
    });
    expect(found.parameters).toMatchObject({ batch: 2, data: "generated digits" });
    const [pool] = found.kinks;
    expect(pool).toMatchObject({ name: "maxPool2d", site: "pool1", type: "tie" });
    expect(pool.places).toHaveLength(2);
  });

  test("grow with the tolerance", async () => {
    const count = async (...args: string[]): Promise<number> =>
      JSON.parse((await commanded("kinks", "random", "--inputs", "50", "--json", ...args)).written).kinks.length;
    expect(await count()).toBe(0);
    expect(await count("--tolerance", "0.1")).toBeGreaterThan(0);
  });

  test("of a smooth program are none", async () => {
    const { written } = await commanded("kinks", "speelpenning");
    expect(written).toContain("status 3: smooth here");
    expect(written).not.toContain("branches");
  });
});
