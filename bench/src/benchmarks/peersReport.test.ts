import { expect, test } from "vitest";
import { type PeersReport, peersChart, peersJson, peersText } from "./peersReport.ts";
import { atLeast, atMost, distanceOf, figureOf, type Row, verdictOf } from "./row.ts";

const step: Row = {
  ...{ work: "LeNet-5", threads: 1, unit: "ms", ours: 6, peer: "PyTorch", theirs: 10, ratio: 0.6 },
  ...{ goal: atMost(0.75), differs: null },
};
const product: Row = {
  ...{ work: "product < f32", threads: 2, unit: "GFLOP/s", ours: 45, peer: null, theirs: null, ratio: null },
  ...{ goal: atLeast(50), differs: null },
};
const rows: readonly Row[] = [
  step,
  product,
  { ...step, peer: "jax-js", theirs: 1234.5, ratio: 205.75, goal: atLeast(150) },
  { ...step, theirs: null, ratio: null },
  { ...step, goal: atMost(undefined) },
  { ...step, peer: "jax-js", differs: "loss 2 instead of 1 in step 1" },
];
const report: PeersReport = {
  ...{ host: { cpu: "a processor", node: "v20.1.0" }, rounds: 7, rows },
  wide: { isAsked: true, isOn: false, reason: "Node 20 has none" },
  peers: [{ name: "PyTorch", version: "1.13", threads: 1, kernels: "a BLAS" }],
  absent: [{ name: "TensorFlow.js", why: "not found; install it" }],
};

test("a bound holds for the ratio where there is a peer, and else for our figure", () => {
  expect(rows.map(figureOf)).toEqual([0.6, 45, 205.75, null, 0.6, 0.6]);
  expect(rows.map(verdictOf)).toEqual(["reached", "missed", "reached", null, null, "differs"]);
});

test("a bound itself is reached", () => {
  expect(verdictOf({ ...step, ratio: 0.75 })).toBe("reached");
  expect(verdictOf({ ...product, ours: 50 })).toBe("reached");
});

test("what is worse than its goal is further than 1 from it", () => {
  expect(rows.map(distanceOf)).toEqual([0.6 / 0.75, 50 / 45, 150 / 205.75, null, null, null]);
});

test("the table says goal and verdict beside each figure, and the lines around it what was and was not there", () => {
  expect(peersText(report).split("\n")).toMatchInlineSnapshot(`
    [
      "a processor, Node v20.1.0, rounds: 7; wide: off, Node 20 has none; goals of the default build",
      "PyTorch 1.13, threads 1: a BLAS",
      "",
      "work           beside   threads   ours   peer     unit  ratio     goal",
      "LeNet-5        PyTorch        1   6.00  10.00       ms   0.60  <= 0.75  reached",
      "product < f32  -              2  45.00      -  GFLOP/s      -    >= 50   missed",
      "LeNet-5        jax-js         1   6.00   1235       ms  205.8   >= 150  reached",
      "LeNet-5        PyTorch        1   6.00      -       ms      -  <= 0.75",
      "LeNet-5        PyTorch        1   6.00  10.00       ms   0.60        -",
      "LeNet-5        jax-js         1   6.00  10.00       ms   0.60  <= 0.75  differs",
      "",
      "ratio: ours over the peer's; with a goal >=, how many times as fast",
      "LeNet-5, jax-js: loss 2 instead of 1 in step 1",
      "TensorFlow.js: not measured: not found; install it",
    ]
  `);
  const plain = peersText({ ...report, wide: { isAsked: false, isOn: false, reason: null } });
  expect(plain).not.toContain("wide");
  expect(peersText({ ...report, wide: { isAsked: true, isOn: true, reason: null } })).toContain("wide: on");
});

test("the object has everything, with verdicts", () => {
  const { schema, rows: found, ...others } = JSON.parse(peersJson(report));
  expect(schema).toBe("nonsmooth.peers/2");
  expect(found[1]).toEqual({ ...product, verdict: "missed" });
  expect({ ...others, rows }).toEqual(report);
});

test("bars are shares of goals, and rows without a goal or a figure have none", () => {
  const svg = peersChart(report);
  expect(svg.match(/<line/g)).toHaveLength(3);
  expect(svg.match(/#c44/g)).toHaveLength(1);
  expect(svg).toContain("product &lt; f32, 2 threads<");
  expect(svg).toContain("LeNet-5, 1 thread, over jax-js<");
  expect(svg).toContain("45.00, goal &gt;= 50<");
});
