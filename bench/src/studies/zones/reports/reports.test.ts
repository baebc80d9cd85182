import { expect, test } from "vitest";
import type { Format } from "../../../training/formats.ts";
import { pairs } from "../plan.ts";
import type { Draw } from "../zonesJob.ts";
import { more, nearlyAll, none, someButFewer } from "./judging.ts";
import { networkName, pairName, volumeOf, type ZonesRow } from "./rows.ts";
import { claimsOf } from "./volumeClaims.ts";
import { volumeReport } from "./volumeReport.ts";

const about = { statement: "It is so.", source: "somebody", figure: "figure" };
const share = (successes: number, trials: number) => ({ successes, trials });

test("a claim of none is confirmed by many, undecided by few, contradicted by one", () => {
  expect([share(0, 1000), share(0, 10), share(1, 1000)].map((of) => none(about, of).verdict)).toEqual([
    ...["confirmed", "undecided at this size", "contradicted"],
  ]);
});

test("a claim of nearly all looks at the whole interval", () => {
  expect([share(50, 50), share(9, 10), share(1, 10)].map((of) => nearlyAll(about, of).verdict)).toEqual([
    ...["confirmed", "undecided at this size", "contradicted"],
  ]);
});

test("more is more when intervals do not meet", () => {
  const [few, some, many] = [share(1, 40), share(5, 40), share(38, 40)];
  expect(
    [more(about, many, few), more(about, some, few), more(about, few, many)].map(({ verdict }) => verdict),
  ).toEqual([...["confirmed", "undecided at this size", "contradicted"]]);
  expect([some, share(0, 40), many].map((of) => someButFewer(about, of, share(20, 40)).verdict)).toEqual([
    ...["confirmed", "undecided at this size", "contradicted"],
  ]);
});

/** Draws of two mini-batches, of which so many draws differ in their first. */
function row(format: Format, differing: number, draws: number, changes: Partial<ZonesRow> = {}): ZonesRow {
  const draw = (i: number): Draw => {
    const d = i < differing ? [1, 0] : [0, 0];
    return { seed: i, batches: 2, differing: i < differing ? 1 : 0, d1: d, dInf: d, relative: d, census: null };
  };
  return {
    ...{
      network: "mlp",
      width: 256,
      depth: 3,
      batchNorm: false,
      weights: "default",
      batch: 128,
      format,
      ...pairs.relu,
    },
    samples: "digits, 256 images",
    found: { draws: Array.from({ length: draws }, (_, i) => draw(i)), layers: {}, kinks: [] },
    ...changes,
  };
}

test("volumes add up over jobs", () => {
  expect(volumeOf([row("f32", 2, 5), row("f32", 1, 3)])).toEqual({
    ...{ batches: 16, differing: 3, above: 3, draws: 8, differingDraws: 3 },
  });
});

test("the claims of perceptrons are those whose jobs are there", () => {
  const usual = [row("f64", 0, 200), row("f32", 20, 40), row("f16", 40, 40)];
  const statements = (rows: ZonesRow[]) => claimsOf(rows).map(({ verdict, statement }) => `${verdict}: ${statement}`);
  expect(statements(usual)).toEqual([
    "confirmed: With 64 bits ReLU'(0) does not show: no mini-batch has another gradient.",
    "confirmed: With 16 bits nearly every draw of a perceptron 3 x 256 has a mini-batch that depends on ReLU'(0).",
    "confirmed: With 32 bits some draws of a perceptron 3 x 256 have one, fewer than with 16 bits.",
  ]);
  const more = [...usual, row("f32", 1, 40, { depth: 1 }), row("f32", 39, 40, { width: 1024 })];
  expect(statements(more).slice(3)).toEqual([
    "confirmed: With 32 bits the share of draws of a perceptron grows with depth, in hidden layers (3 against 1).",
    "confirmed: With 32 bits the share of draws of a perceptron grows with width (1024 against 256).",
  ]);
  expect(claimsOf([])).toEqual([]);
});

test("the claims of max-pooling are made for each network", () => {
  const pool = { ...pairs.maxpool, network: "lenet5", width: null, depth: null };
  const rows = [row("f64", 0, 200, pool), row("f32", 20, 40, pool), row("f16", 0, 40, pool)];
  const found = claimsOf([...rows, row("f32", 20, 40, { ...pool, batch: 512 })]);
  expect(found.map(({ verdict }) => verdict)).toEqual([
    ...["confirmed", "contradicted", "contradicted", "undecided at this size"],
  ]);
  expect(found.every(({ figure }) => figure === "above-0")).toBe(true);
});

test("batch norm is claimed about where both are there, and other networks are not mixed in", () => {
  const pool = { ...pairs.maxpool, network: "lenet5", width: null, depth: null };
  const normed = row("f32", 39, 40, { ...pool, batchNorm: true });
  expect(claimsOf([normed])).toEqual([]);
  const found = claimsOf([row("f32", 1, 40, pool), normed, row("f32", 40, 40, { ...pool, network: "vgg11" })]);
  expect(found.map(({ verdict, statement }) => [verdict, statement])).toEqual([
    ["confirmed", "lenet5, 32 bits: batch norm raises the share."],
  ]);
});

test("a program is told by its points", () => {
  const sides = { ...pairs.order, radius: 0.5, seed: 1, draws: 1 };
  const parameters = { program: "/tmp/a;b.ts", programSha256: "0", inputs: 3, format: "f32", ...sides };
  const draw = { seed: 1, batches: 1, differing: 1, d1: [1], dInf: [1], relative: [1], census: null };
  const report = volumeReport([
    { id: "0", kind: "program-zones", parameters, result: { draws: [draw], layers: {}, kinks: [] } },
  ]);
  expect(report.intro[0]).toContain("points of a;b.ts, 3 inputs within 0.5 of its own");
  expect(report.tables.at(-1)?.data).toMatchObject([{ network: "a;b.ts, 3 inputs", format: "f32", batches: 1 }]);
});

test("names", () => {
  expect(pairName({ one: "", other: "relu=last" })).toBe("as it is, relu=last");
  expect(pairName(pairs.order)).toBe("order of sums");
  const pool = { network: "vgg11", width: 16, depth: null, batchNorm: true };
  expect(networkName(row("f32", 0, 1, pool))).toBe("vgg11 16 wide with batch norm");
});
