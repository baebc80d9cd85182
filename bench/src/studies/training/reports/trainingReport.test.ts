import { expect, test } from "vitest";
import { checkReport } from "../../../report/checks.ts";
import { renderPage } from "../../../report/page.ts";
import type { Claim, Report } from "../../../report/report.ts";
import type { Parameters } from "../../../sweeps/job.ts";
import type { Collected } from "../../../sweeps/sweepFolder.ts";
import { maxpoolReport, reluReport } from "./trainingReport.ts";

/** Accuracies by number, one for each seed; null ended in NaN. */
type Table = Readonly<Record<number, readonly (number | null)[]>>;

const nan = { epoch: 0, step: 96, operation: "cast", site: "pool2" };

/** Results of jobs that were never run. */
const resultsOf = (
  choice: "beta-coded" | "beta" | "relu" | "relu-assign",
  table: Table,
  change: Parameters = {},
): Collected[] =>
  Object.entries(table).flatMap(([value, accuracies]) =>
    accuracies.map((accuracy, i) => ({
      ...{ id: "", kind: "training" },
      parameters: {
        ...{ model: "lenet5", data: "mnist", optimizer: "momentum", batchNorm: false, dtype: "f16", mixed: null },
        ...{ seed: i + 1, epochs: 8, batch: 128, dataTrain: 8000, dataTest: 2000, pool: null, activation: null },
        [choice.startsWith("beta") ? "pool" : "activation"]: `${choice}:${value}`,
        ...change,
      },
      result: { status: "finished", steps: 8, epochs: [], accuracy, nan: accuracy === null ? nan : null },
    })),
  );

const settings = { epochs: 8, subset: null, width: null, batch: 128, rate: null };
const reportOf = (...results: Collected[][]): Report => {
  const all = results.flat();
  const isPool = all.some(({ parameters }) => parameters.pool !== null);
  const report = (isPool ? maxpoolReport : reluReport)(all, settings);
  checkReport(report);
  return report;
};
const claim = (report: Report, part: string): Claim | undefined =>
  report.claims.find(({ statement }) => statement.includes(part));

const good = [0.97, 0.975];
const ended = [null, null];
const fallen = [0.6, 0.61];

test("a statement says how large its runs were, and how their weights began", () => {
  const change = { "size.width": 8, weights: "volume" };
  expect(
    claim(reportOf(resultsOf("beta-coded", { 0: good, 1000: ended }, change)), "training ends")?.statement,
  ).toMatch(/^LeNet-5 8 wide from weights of the study of volumes on mnist \(8000 images, 8 epochs\), SGD/);
});

test("runs that end in NaN where it was published confirm it, runs that do not contradict it, few leave it open", () => {
  const says =
    "LeNet-5 on mnist (8000 images, 8 epochs), SGD, f16, coded: training ends in NaN at beta 1000 and 10000.";
  const verdict = (table: Table) => claim(reportOf(resultsOf("beta-coded", table)), says);
  expect(verdict({ 0: good, 1000: ended, 10000: ended })).toMatchObject({
    ...{ verdict: "confirmed", figure: "accuracy-0", source: expect.stringContaining("Bou24") },
    note: expect.stringContaining("NaN in 4 of 4 runs"),
  });
  expect(verdict({ 0: good, 1000: good, 10000: good })?.verdict).toBe("contradicted");
  expect(verdict({ 0: good, 1000: good, 10000: ended })).toMatchObject({
    ...{ verdict: "undecided at this size", interval: [expect.closeTo(0.15, 2), expect.closeTo(0.85, 2)] },
  });
});

test("the same accuracy for all is confirmed, contradicted by a fall or by NaN, and open with wide intervals", () => {
  const says = "LeNet-5 on mnist (8000 images, 8 epochs), SGD, f32, coded: beta 0, 1 and 10000 give the same accuracy.";
  const verdict = (large: readonly (number | null)[], first = good) =>
    claim(reportOf(resultsOf("beta-coded", { 0: first, 1: first, 10000: large }, { dtype: "f32" })), says)?.verdict;
  expect(verdict(good)).toBe("confirmed");
  expect(verdict([0.87, 0.875])).toBe("contradicted");
  expect(verdict([0.97, null])).toBe("contradicted");
  expect(verdict([0.96, 0.98])).toBe("undecided at this size");
  expect(verdict([0.1, 0.1], [0.1, 0.1])).toBe("undecided at this size");
});

test("one seed has no interval, and nothing that was learned says nothing", () => {
  const one = reportOf(resultsOf("beta-coded", { 0: [0.97], 1: [0.97] }, { dtype: "f32" }));
  expect(one.claims).toEqual([
    expect.objectContaining({ verdict: "undecided at this size", note: expect.stringContaining("two seeds") }),
  ]);
  expect(one.claims[0]).not.toHaveProperty("interval");
  const guess = reportOf(resultsOf("beta-coded", { 0: [0.1, 0.1], 1: [0.1, 0.1] }, { dtype: "f32" }));
  expect(guess.claims[0]?.note).toContain("nothing was learned");
});

test("16 bits are compared with 32, and the coded form with the fused one", () => {
  const table = { 0: good, 1000: ended, 10000: ended };
  const calm = { 0: good, 1000: good, 10000: good };
  const report = reportOf(
    resultsOf("beta-coded", table),
    resultsOf("beta", calm),
    resultsOf("beta-coded", calm, { dtype: "f32" }),
  );
  expect(claim(report, "more runs end in NaN with 16 bits than with 32")?.verdict).toBe("confirmed");
  expect(claim(report, "in the coded form than in the fused one")?.verdict).toBe("confirmed");
  expect(claim(report, "f16, fused: training ends in NaN")?.verdict).toBe("contradicted");
});

test("an unfinished sweep leaves open what it has no runs for", () => {
  const coded = resultsOf("beta-coded", { 1: good, 1000: ended });
  const report = reportOf(
    coded,
    resultsOf("beta", { 0: good }),
    resultsOf("beta-coded", { 0: good }, { batchNorm: true }),
  );
  expect(claim(report, "in the coded form than in the fused one")).toMatchObject({
    ...{ verdict: "undecided at this size", note: "Some of the runs are not there." },
  });
});

test.each<[string, readonly (number | null)[], string]>([
  ["does", [0.97, 0.975], "confirmed"],
  ["does not", [0.4, 0.41], "contradicted"],
  ["might", [0.6, 0.61], "undecided at this size"],
  ["ends in NaN", [null, null], "undecided at this size"],
])("batch norm %s buffer a fall", (_says, accuracies, verdict) => {
  const report = reportOf(
    resultsOf("beta-coded", { 0: good, 10000: fallen }, { dtype: "f32" }),
    resultsOf("beta-coded", { 0: good, 10000: accuracies }, { dtype: "f32", batchNorm: true }),
  );
  expect(claim(report, "batch norm buffers the effect of beta 10000")?.verdict).toBe(verdict);
});

test("a published fall is looked for, and Adam is compared with SGD", () => {
  const vgg = { model: "vgg11", data: "cifar10", dtype: "f32" };
  const report = reportOf(
    resultsOf("beta-coded", { 0: good, 1: good, 10000: fallen }, vgg),
    resultsOf("beta-coded", { 0: good, 1: good, 10000: good }, { ...vgg, optimizer: "adam" }),
  );
  expect(
    claim(
      report,
      "VGG11 on cifar10 (8000 images, 8 epochs), SGD, f32, coded: accuracy at beta 10000 is below that at 0.",
    )?.verdict,
  ).toBe("confirmed");
  expect(claim(report, "beta 0, 1 and 10000 give the same accuracy")?.statement).toContain("Adam");
  expect(claim(report, "the second buffers the effect of beta 10000")?.verdict).toBe("confirmed");
});

test.each<[string, Table, string, string]>([
  ["falls", { 0: good, 0.5: [0.8, 0.805], 1: fallen }, "confirmed", "confirmed"],
  ["does not fall", { 0: good, 0.5: good, 1: good }, "contradicted", "confirmed"],
  ["rises", { 0: good, 0.5: good, 1: [0.99, 0.995] }, "contradicted", "contradicted"],
  ["is unclear", { 0: good, 0.5: [0.9, 0.98], 1: [0.98, 0.9] }, "undecided at this size", "undecided at this size"],
])("where accuracy %s with ReLU'(0)", (_says, table, lower, best) => {
  const report = reportOf(resultsOf("relu-assign", table, { dtype: "f32" }));
  expect(claim(report, "accuracy at ReLU'(0) = 1 is below that at 0")?.verdict).toBe(lower);
  expect(claim(report, "no other ReLU'(0) is better than 0")?.verdict).toBe(best);
});

test("assigned and multiplied numbers are compared; so are batch norm and optimizers", () => {
  const [table, calm] = [
    { 0: good, 50: fallen },
    { 0: good, 50: good },
  ];
  const report = reportOf(
    resultsOf("relu-assign", table),
    resultsOf("relu", calm),
    resultsOf("relu-assign", calm, { batchNorm: true }),
    resultsOf("relu-assign", calm, { optimizer: "innaprop" }),
  );
  expect(claim(report, "lowers the accuracy more when it is assigned")?.verdict).toBe("confirmed");
  expect(claim(report, "batch norm buffers")?.verdict).toBe("confirmed");
  expect(claim(report, "INNAprop, f16, assign: the second buffers")?.verdict).toBe("confirmed");
});

test("the table has means without NaN runs, and what was published beside them", () => {
  const { tables } = reportOf(resultsOf("beta-coded", { 0: [0.97, 0.98], 1000: [0.5, null] }));
  const [accuracies, nans] = tables.map(({ data }) => data);
  expect(accuracies).toEqual([
    expect.objectContaining({ beta: 0, runs: 2, nan: 0, mean: 97.5, deviation: 0.71, published: "99.22 ± 0.05" }),
    expect.objectContaining({ beta: 1000, runs: 2, nan: 1, mean: 50, deviation: null, published: "NaN" }),
  ]);
  expect(nans).toEqual([
    {
      setting: "LeNet-5 on mnist (8000 images, 8 epochs), SGD, f16, coded",
      first: "cast at pool2 (1)",
      beta: 1000,
      runs: 1,
      stepFrom: 96,
      stepTo: 96,
    },
  ]);
  expect(reportOf(resultsOf("beta-coded", { 0: good })).tables.map(({ id }) => id)).toEqual(["accuracies"]);
});

test("there is a figure for each network, data, optimizer and batch norm, and equal results give equal pages", () => {
  const make = () =>
    reportOf(
      resultsOf("beta-coded", { 0: good, 1000: ended }),
      resultsOf("beta", { 0: good }),
      resultsOf("beta-coded", { 0: good }, { batchNorm: true }),
    );
  const { figures, intro } = make();
  expect(figures.map(({ id, title }) => [id, title])).toEqual([
    ["accuracy-0", "LeNet-5 on mnist (8000 images, 8 epochs), SGD: test accuracy"],
    ["accuracy-1", "LeNet-5 on mnist (8000 images, 8 epochs), SGD, batch norm: test accuracy"],
  ]);
  expect(figures[0]?.data.map(({ series }) => series)).toEqual(["f16, coded", "f16, coded", "f16, fused"]);
  expect(intro.at(-1)).toContain("LeNet-5 on mnist (8000 images, 8 epochs), SGD, f16: 0.02326 (published)");
  expect(renderPage(make())).toBe(renderPage(make()));
});
