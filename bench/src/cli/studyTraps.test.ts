import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Trap, type TrapStudy, trapStudy } from "../studies/traps/index.ts";
import { CheckFailed } from "./output.ts";
import { buildStudyTraps } from "./studyTraps.ts";

async function traps(args: string[], study?: () => TrapStudy): Promise<string> {
  const written: string[] = [];
  const output = { write: (text: string) => void written.push(text), warn: () => {}, colours: false };
  try {
    await buildStudyTraps(output, study).parseAsync(args, { from: "user" });
  } catch (error) {
    written.push(error instanceof CheckFailed ? `failed: ${error.message}` : String(error));
  }
  return written.join("");
}

test("the tables", async () => {
  expect(await traps([])).toMatchInlineSnapshot(`
    "relu, rewritten

      function                                               at      choice          format  source    AD  expected  derivative         zone
      relu2(t) = relu(-t) + t, which is relu(t)              t = 0   relu'(0) = 0    f64     derived    1         1        none  bifurcation  agrees
                                                             t = 0   relu'(0) = 0.5  f64     derived  0.5       0.5        none  bifurcation  agrees
                                                             t = 0   relu'(0) = 1    f64     derived    0         0        none  bifurcation  agrees
                                                             t = -1  relu'(0) = 0    f64     derived    0         0           0            -  agrees
                                                             t = 1   relu'(0) = 0    f64     derived    1         1           1            -  agrees
      relu3(t) = (relu(t) + relu2(t)) / 2, which is relu(t)  t = 0   relu'(0) = 0    f64     derived  0.5       0.5        none  bifurcation  agrees
                                                             t = 0   relu'(0) = 0.5  f64     derived  0.5       0.5        none  bifurcation  agrees
                                                             t = 0   relu'(0) = 1    f64     derived  0.5       0.5        none  bifurcation  agrees
                                                             t = -1  relu'(0) = 0    f64     derived    0         0           0            -  agrees
                                                             t = 1   relu'(0) = 0    f64     derived    1         1           1            -  agrees
      zero(t) = relu2(t) - relu(t), which is 0               t = 0   relu'(0) = 0    f64     derived    1         1           0  bifurcation  agrees
                                                             t = 0   relu'(0) = 0.5  f64     derived    0         0           0            -  agrees
                                                             t = 0   relu'(0) = 1    f64     derived   -1        -1           0  bifurcation  agrees
                                                             t = -1  relu'(0) = 0    f64     derived    0         0           0            -  agrees
                                                             t = 1   relu'(0) = 0    f64     derived    0         0           0            -  agrees
      t - zero(t), which is t                                t = 0   relu'(0) = 0    f64     derived    0         0           1  bifurcation  agrees
                                                             t = 0   relu'(0) = 0.5  f64     derived    1         1           1            -  agrees
                                                             t = 0   relu'(0) = 1    f64     derived    2         2           1  bifurcation  agrees
                                                             t = -1  relu'(0) = 0    f64     derived    1         1           1            -  agrees
                                                             t = 1   relu'(0) = 0    f64     derived    1         1           1            -  agrees
      t + 10 zero(t), which is t                             t = 0   relu'(0) = 0    f64     derived   11        11           1  bifurcation  agrees
                                                             t = 0   relu'(0) = 0.5  f64     derived    1         1           1            -  agrees
                                                             t = 0   relu'(0) = 1    f64     derived   -9        -9           1  bifurcation  agrees
                                                             t = -1  relu'(0) = 0    f64     derived    1         1           1            -  agrees
                                                             t = 1   relu'(0) = 0    f64     derived    1         1           1            -  agrees

    maximum of two; A: (a + b)/2 + relu((a - b)/2) + relu((b - a)/2), B: b + relu(a - b)

      function  at         choice                                 format  source                    AD      expected  derivative         zone
      A         a = b = 1  s1 = 0, s2 = 0                         f64     derived           (0.5, 0.5)    (0.5, 0.5)        none  bifurcation  agrees
                a = b = 1  s1 = 1, s2 = 1                         f64     derived           (0.5, 0.5)    (0.5, 0.5)        none  bifurcation  agrees
                a = b = 1  s1 = 1, s2 = 0                         f64     derived               (1, 0)        (1, 0)        none  bifurcation  agrees
                a = b = 1  s1 = 0, s2 = 1                         f64     derived               (0, 1)        (0, 1)        none  bifurcation  agrees
                a = b = 1  s1 = 0.5, s2 = 0                       f64     derived         (0.75, 0.25)  (0.75, 0.25)        none  bifurcation  agrees
                a = b = 1  s1 = 1 by where(x >= 0, x, 0), s2 = 0  f64     published code        (1, 0)        (1, 0)        none  bifurcation  agrees
      B         a = b = 1  s = 0                                  f64     derived               (0, 1)        (0, 1)        none  bifurcation  agrees
                a = b = 1  s = 0.5                                f64     derived           (0.5, 0.5)    (0.5, 0.5)        none  bifurcation  agrees
                a = b = 1  s = 1                                  f64     derived               (1, 0)        (1, 0)        none  bifurcation  agrees

    maximum of four; loop: with >, library: equal shares, tournaments of form A: even with s1 = s2, ordered with s1 = 1, s2 = 0

      function         at            choice              format  source                         AD                  expected    derivative         zone
      max(a, b, c, d)  (1, 1, 1, 1)  loop                f64     derived              (1, 0, 0, 0)              (1, 0, 0, 0)          none  bifurcation  agrees
                       (1, 4, 2, 3)  loop                f64     derived              (0, 1, 0, 0)              (0, 1, 0, 0)  (0, 1, 0, 0)            -  agrees
                       (1, 1, 1, 1)  library             f64     derived  (0.25, 0.25, 0.25, 0.25)  (0.25, 0.25, 0.25, 0.25)          none  bifurcation  agrees
                       (1, 4, 2, 3)  library             f64     derived              (0, 1, 0, 0)              (0, 1, 0, 0)  (0, 1, 0, 0)            -  agrees
                       (1, 1, 1, 1)  even tournament     f64     derived  (0.25, 0.25, 0.25, 0.25)  (0.25, 0.25, 0.25, 0.25)          none  bifurcation  agrees
                       (1, 4, 2, 3)  even tournament     f64     derived              (0, 1, 0, 0)              (0, 1, 0, 0)  (0, 1, 0, 0)            -  agrees
                       (1, 1, 1, 1)  ordered tournament  f64     derived              (1, 0, 0, 0)              (1, 0, 0, 0)          none  bifurcation  agrees
                       (1, 4, 2, 3)  ordered tournament  f64     derived              (0, 1, 0, 0)              (0, 1, 0, 0)  (0, 1, 0, 0)            -  agrees

    zero(t) = max1(t x) - max2(t x), which is 0; the choice is max1 - max2 and the order of the sum over x

      function              at           choice                                               format  source                AD  expected  derivative          zone
      x = (1, 2, 3, 4)      t = 0        loop - library                                       f64     derived             -1.5      -1.5           0   bifurcation  agrees
                            t = 1        loop - library                                       f64     derived                0         0           0             -  agrees
                            t = -1       loop - library                                       f64     derived                0         0           0             -  agrees
                            t = 0        even tournament - ordered tournament                 f64     derived              1.5       1.5           0   bifurcation  agrees
                            t = 1        even tournament - ordered tournament                 f64     derived                0         0           0             -  agrees
                            t = -1       even tournament - ordered tournament                 f64     derived                0         0           0             -  agrees
      x = 1.14, four times  t = 0        loop - library; merged at t x                        f32     published output   2^-24     2^-24           0  compensation  agrees
                            t = 0.1      loop - library; merged at t x                        f32     published output   2^-24     2^-24           0  compensation  agrees
                            t = 1        loop - library; merged at t x                        f32     published output   2^-24     2^-24           0  compensation  agrees
                            t = -0.0001  loop - library; merged at t x                        f32     published output   2^-24     2^-24           0  compensation  agrees
                            t = -6       loop - library; merged at t x                        f32     published output   2^-24     2^-24           0  compensation  agrees
                            t = 0        loop - library; 0, 1, 2, 3                           f32     published output   2^-24     2^-24           0  compensation  agrees
                            t = 0.1      loop - library; 0, 1, 2, 3                           f32     published output   2^-24     2^-24           0  compensation  agrees
                            t = 1        loop - library; 0, 1, 2, 3                           f32     published output   2^-24     2^-24           0  compensation  agrees
                            t = -0.0001  loop - library; 0, 1, 2, 3                           f32     published output   2^-24     2^-24           0  compensation  agrees
                            t = -6       loop - library; 0, 1, 2, 3                           f32     published output   2^-24     2^-24           0  compensation  agrees
                            t = 1        loop - library; (0, 1), (2, 3)                       f32     published output   2^-24     2^-24           0  compensation  agrees
                            t = 1        loop - library; 1, 2, 0, 3                           f32     derived            2^-25     2^-25           0  compensation  agrees
                            t = 1        loop - library; 1, 2, 3, 0                           f32     derived                0         0           0             -  agrees
                            t = 1        loop - library; terms in f32, sum in f64             f64     derived            2^-25     2^-25           0  compensation  agrees
                            t = 1        loop - library; each maximum apart                   f32     derived                0         0           0             -  agrees
      x = 1.4, four times   t = 1        loop - library; merged at t x                        f32     derived           -2^-24    -2^-24           0  compensation  agrees
      x = 1.14, four times  t = 1        even tournament - ordered tournament; merged at t x  f32     derived           -2^-24    -2^-24           0  compensation  agrees

    beta-MaxPool

      function             at                                       choice             format    source                           AD                    expected                  derivative          zone
      largest of a window  (1, 1, 0, 0)                             beta = 0, fused    all four  derived                (1, 0, 0, 0)                (1, 0, 0, 0)                        none   bifurcation  agrees
                           (1, 1, 0, 0)                             beta = 0, coded    all four  derived                (1, 0, 0, 0)                (1, 0, 0, 0)                        none   bifurcation  agrees
                           (1, 1, 0, 0)                             beta = 1, fused    all four  derived            (0.5, 0.5, 0, 0)            (0.5, 0.5, 0, 0)                        none   bifurcation  agrees
                           (1, 1, 0, 0)                             beta = 1, coded    all four  derived            (0.5, 0.5, 0, 0)            (0.5, 0.5, 0, 0)                        none   bifurcation  agrees
                           (1, 1, 0, 0)                             beta = 10, fused   all four  derived               (-4, 5, 0, 0)               (-4, 5, 0, 0)                        none   bifurcation  agrees
                           (1, 1, 0, 0)                             beta = 10, coded   all four  derived               (-4, 5, 0, 0)               (-4, 5, 0, 0)                        none   bifurcation  agrees
                           (1, 1, 0, 0)                             beta = 100, fused  all four  derived             (-49, 50, 0, 0)             (-49, 50, 0, 0)                        none   bifurcation  agrees
                           (1, 1, 0, 0)                             beta = 100, coded  all four  derived             (-49, 50, 0, 0)             (-49, 50, 0, 0)                        none   bifurcation  agrees
                           (1, 1, 1, 1)                             beta = 0, fused    all four  derived                (1, 0, 0, 0)                (1, 0, 0, 0)                        none   bifurcation  agrees
                           (1, 1, 1, 1)                             beta = 0, coded    all four  derived                (1, 0, 0, 0)                (1, 0, 0, 0)                        none   bifurcation  agrees
                           (1, 1, 1, 1)                             beta = 1, fused    all four  derived    (0.25, 0.25, 0.25, 0.25)    (0.25, 0.25, 0.25, 0.25)                        none   bifurcation  agrees
                           (1, 1, 1, 1)                             beta = 1, coded    all four  derived    (0.25, 0.25, 0.25, 0.25)    (0.25, 0.25, 0.25, 0.25)                        none   bifurcation  agrees
                           (1, 1, 1, 1)                             beta = 10, fused   all four  derived       (-6.5, 2.5, 2.5, 2.5)       (-6.5, 2.5, 2.5, 2.5)                        none   bifurcation  agrees
                           (1, 1, 1, 1)                             beta = 10, coded   all four  derived       (-6.5, 2.5, 2.5, 2.5)       (-6.5, 2.5, 2.5, 2.5)                        none   bifurcation  agrees
                           (1, 4, 2, 3)                             beta = 10, fused   all four  derived                (0, 1, 0, 0)                (0, 1, 0, 0)                (0, 1, 0, 0)             -  agrees
                           (1, 4, 2, 3)                             beta = 10, coded   all four  derived                (0, 1, 0, 0)                (0, 1, 0, 0)                (0, 1, 0, 0)             -  agrees
                           (1, 4, 2, 3), cotangent 0.0999755859375  beta = 10, fused   f16       derived  (0, 0.0999755859375, 0, 0)  (0, 0.0999755859375, 0, 0)  (0, 0.0999755859375, 0, 0)             -  agrees
                           (1, 4, 2, 3), cotangent 0.0999755859375  beta = 10, coded   f16       derived    (0, 0.10009765625, 0, 0)    (0, 0.10009765625, 0, 0)  (0, 0.0999755859375, 0, 0)  compensation  agrees

    norm-pooling

      function          at            choice    format  source                    AD      expected  derivative         zone
      norm of a window  (0, 0, 0, 0)  choice 1  f32     published code  (0, 0, 0, 0)  (0, 0, 0, 0)        none  bifurcation  agrees
                        (0, 0, 0, 0)  choice 2  f32     published code  (1, 1, 1, 1)  (1, 1, 1, 1)        none  bifurcation  agrees

    relu at 0

      function  at                     choice      format  source            AD  expected  derivative         zone
      relu(t)   t = 0, cotangent 2^-7  multiply 0  f32     published code     0         0        none  bifurcation  agrees
                t = 0, cotangent 2^-7  multiply 1  f32     published code  2^-7      2^-7        none  bifurcation  agrees
                t = 0, cotangent 2^-7  assign 0    f32     published code     0         0        none  bifurcation  agrees
                t = 0, cotangent 2^-7  assign 1    f32     published code     1         1        none  bifurcation  agrees

    AD: what the engine returns; expected: what it should return; derivative: that of the function over the reals
    zone: bifurcation, wrong over the reals or there is no derivative; compensation, right over the reals, wrong in floats
    source: published output or code of the study, or derived from the rule by hand

    137 derivatives, 0 other than expected
    "
  `);
});

test("the readme shows rows of these tables", async () => {
  const page = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const collapsed = (text: string): string[] => text.split("\n").map((line) => line.trim().replace(/ +/g, " "));
  const shown = collapsed(page).filter((line) => line.endsWith(" agrees"));
  const printed = collapsed(await traps([]));
  expect(shown).toHaveLength(8);
  expect(shown.filter((line) => !printed.includes(line))).toEqual([]);
});

test("the JSON has a schema and says what the tables say", async () => {
  const written = await traps(["--json"]);
  expect(written.trimEnd()).not.toContain("\n");
  const { schema, rows } = JSON.parse(written);
  expect([schema, rows.length]).toEqual(["nonsmooth.study.traps/1", 137]);
  const fields = [
    "group",
    "what",
    "at",
    "dtype",
    "choice",
    "expected",
    "source",
    "overReals",
    "derivative",
    "returned",
  ];
  for (const row of rows) expect(Object.keys(row).toSorted()).toEqual([...fields, "agree", "zone"].toSorted());
});

test("the published output is reproduced to the last bit, and is an error of rounding alone", async () => {
  const { rows } = JSON.parse(await traps(["--json"]));
  const published = rows.filter(({ source }: { source: string }) => source === "published output");
  expect(published.length).toBe(11);
  expect(2 ** -24).toBe(Number("5.960464477539063e-08"));
  for (const row of published)
    expect(row).toMatchObject({
      returned: [2 ** -24],
      overReals: [0],
      derivative: [0],
      zone: "compensation",
    });
});

test("an answer that is not expected is printed, then fails the check", async () => {
  const [row] = trapStudy().rows as [Trap];
  const wrong: Trap = { ...row, returned: [7], agree: false };
  const text = await traps([], () => ({ rows: [row, wrong, wrong] }));
  expect(text).toMatch(/ 7 +1 +none .*DIFFERS/);
  expect(text).toContain("3 derivatives, 2 other than expected");
  expect(text).toContain(
    "failed: traps: relu2(t) = relu(-t) + t, which is relu(t), t = 0, relu'(0) = 0, f64: expected 1, got 7, and 1 more",
  );
});
