import { last, scalarBuilder, uniform } from "@nonsmooth/ad-core";
import { expect, test } from "vitest";
import { makeWorkload, operationsOf, runWorkload, workloadBytes } from "./workload.ts";

const workload = makeWorkload(40, 100, 7);

test("a seed makes one workload, and another seed another", () => {
  expect(workloadBytes(makeWorkload(40, 100, 7))).toEqual(workloadBytes(workload));
  expect(workloadBytes(makeWorkload(40, 100, 8))).not.toEqual(workloadBytes(workload));
});

test("the benchmark's has a million operations", () => {
  expect(operationsOf(makeWorkload(219, 1000, 1))).toBe(999_999);
});

test("it has as many operations as it says, and stays bounded and off kinks", () => {
  const b = scalarBuilder();
  const x = Int32Array.from(workload.inputs, (value) => b.input(value));
  const program = b.program([runWorkload(x, workload.layers, b)]);
  expect(program.length).toBe(operationsOf(workload));
  expect(Math.max(...program.recorded.values.map(Math.abs))).toBeLessThan(1000);
  const gradient = program.recorded.reverse();
  expect(gradient.every((g) => Number.isFinite(g) && g !== 0)).toBe(true);
  for (const selection of [last, uniform])
    expect(program.recorded.reverse([1], { select: { relu: selection, maximum: selection } })).toEqual(gradient);
});
