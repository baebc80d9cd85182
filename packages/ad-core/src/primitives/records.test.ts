import { describe, expect, test } from "vitest";
import { records } from "../index.ts";

describe("the records of the package", () => {
  test("are found by the name that they carry", () => {
    for (const [name, record] of records) expect(record.name).toBe(name);
  });

  test("state these ties, this point and these jumps", () => {
    const named = (type: string): string[] =>
      [...records.values()].flatMap(({ name, kink }) => (kink?.type === type ? [name] : [])).toSorted();
    expect(named("tie")).toEqual([
      "abs",
      "clamp.high",
      "clamp.low",
      "elu",
      "hardtanh.high",
      "hardtanh.low",
      "leakyRelu",
      "max",
      "maxPool2d",
      "maximum",
      "median",
      "min",
      "minimum",
      "norm1",
      "normInf",
      "relu",
      "relu6.high",
      "relu6.low",
      "sort",
    ]);
    expect(named("point")).toEqual(["norm2", "normPool2d"]);
    expect(named("jump")).toEqual([
      "argmax",
      "argmin",
      "equal",
      "floor",
      "less",
      "lessEqual",
      "sign",
      "tieOrder",
      "tieWeights",
    ]);
  });

  test("that sum over axes in any order are these", () => {
    expect([...records.values()].flatMap(({ name, sums }) => (sums ? [name] : [])).toSorted()).toEqual([
      "conv2d",
      "conv2dFilterGradient",
      "conv2dImageGradient",
      "inverseDeviation",
      "logSoftmax",
      "logSumExp",
      "matmul",
      "mean",
      "norm2",
      "normPool2d",
      "normalize",
      "scatterAdd",
      "softmax",
      "sum",
    ]);
  });

  test("have the defaults of PyTorch: constants first, everything else uniform, pools first", () => {
    const defaults = [...records.values()].flatMap(({ name, kink }) =>
      kink?.type === "tie" ? [[name, kink.default.name]] : [],
    );
    const uniform = ["abs", "max", "maximum", "min", "minimum", "norm1", "normInf"];
    for (const [name, choice] of defaults)
      expect([name, choice]).toEqual([name, uniform.includes(name as string) ? "uniform" : "first"]);
  });
});
