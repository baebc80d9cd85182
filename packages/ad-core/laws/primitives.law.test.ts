/** The laws of every primitive: one line for each record. */
import { records } from "@nonsmooth/ad-core";
import { type Cases, type LawOptions, primitiveLaws } from "@nonsmooth/ad-testing";
import { describe, expect, test } from "vitest";
import {
  binary,
  box,
  branchGroups,
  choice,
  conditions,
  convolution,
  keyed,
  labels,
  larger,
  margin,
  matrices,
  normalization,
  oneAxis,
  otherShape,
  parts,
  permutation,
  reduction,
  unary,
  unwindowed,
  windowed,
  withParams,
} from "./cases.ts";
import { gathered, rankedRows, runningSums, scattered, triangles } from "./rowCases.ts";

const lines = new Set<string>();

function check(name: string, cases: Cases, options: LawOptions = {}): void {
  lines.add(name);
  describe(name, () => {
    const record = records.get(name);
    if (record === undefined) throw new Error(`no record is called ${name}`);
    for (const law of primitiveLaws(record, cases, options)) test(law.name, { timeout: 60_000 }, () => law.check());
  });
}

const elementary = { elementary: true };
const contraction = { unguarded: "a contraction does not look at its factors" };
const looks = { uncounted: "the kernel looks at values" };
const keyLooks = { uncounted: "the kernel mixes the words of the key as integers" };
const draws = [
  { shape: [], dtype: "f64" },
  { shape: [2, 3], dtype: "f32" },
  { shape: [5], dtype: "f16" },
  { shape: [0, 2], dtype: "bf16" },
];

check("add", binary(), elementary);
check("sub", binary(), elementary);
check("mul", binary(), elementary);
check("div", binary(), elementary);
check("neg", unary(), elementary);
check("square", unary(), elementary);
check("sqrt", unary({ positive: true }), elementary);
check("exp", unary(), elementary);
check("expm1", unary(), elementary);
check("log", unary({ positive: true }), elementary);
check("log1p", unary({ positive: true }), elementary);
check("sin", unary(), elementary);
check("cos", unary(), elementary);
check("tanh", unary(), elementary);
check("erf", unary(), elementary);
check("sigmoid", unary(), elementary);
check("softplus", unary(), elementary);
check("silu", unary(), elementary);
check("gelu", unary(), elementary);
check("pow", binary({ positive: true }), elementary);
check("floor", unary(), elementary);
check("sign", unary(), elementary);
check("abs", unary(), elementary);
check("norm1", unary(), elementary);
check("relu", unary(), elementary);
check("relu6.low", unary(), elementary);
check("relu6.high", unary(), elementary);
check("leakyRelu", withParams(0.01, 0.5, 0, -0.5, 2), elementary);
check("elu", withParams(0.5, 1, 0, -0.5, 2), elementary);
check("hardtanh.low", withParams(-1, 0, 2), elementary);
check("hardtanh.high", withParams(-2, 0, 1), elementary);
check("maximum", binary(), elementary);
check("minimum", binary(), elementary);
check("clamp.low", binary(), elementary);
check("clamp.high", binary(), elementary);
check("less", binary(), elementary);
check("lessEqual", binary(), elementary);
check("equal", binary(), elementary);
check("not", conditions(1));
check("and", conditions(2));
check("or", conditions(2));
check("isFinite", unary());
check("scaleBy", binary(), elementary);
check("where", choice(), elementary);
check("cast", withParams("f64", "f32", "f16", "bf16", "i32", "bool"));
check("barrier", unary());
// its derivative is refused, so that only its value is left to check
check("customValue", conditions(1));
check("stopGradient", unary(), { undifferenced: "the derivative is stopped on purpose" });
check("oneHot", labels(), looks);
check("split", keyed(0, 1, 7), keyLooks);
check("randomUniform", keyed(...draws), keyLooks);
check("randomNormal", keyed(...draws), keyLooks);
check("sum", reduction());
check("broadcastTo", larger());
check("mean", reduction());
check("max", reduction());
check("min", reduction());
check("normInf", reduction());
check("norm2", reduction());
check("normPool2d", reduction());
check("normalize", normalization());
check("inverseDeviation", normalization());
check("logSumExp", reduction());
check("softmax", oneAxis());
check("logSoftmax", oneAxis());
check("argmax", oneAxis(), looks);
check("argmin", oneAxis(), looks);
check("tieWeights", branchGroups(), looks);
check("tieOrder", rankedRows(), looks);
check("sort", oneAxis(), looks);
check("median", reduction(), looks);
check("cumsum", runningSums());
check("gather", gathered(), looks);
check("scatterAdd", scattered(), looks);
check("tril", triangles());
check("matmul", matrices(), contraction);
check("conv2d", convolution("image", "filter"), contraction);
check("conv2dImageGradient", convolution("output", "filter"), contraction);
check("conv2dFilterGradient", convolution("image", "output"), contraction);
check("maxPool2d", windowed());
check("unfold", windowed({ fill: 0 }));
check("fold", unwindowed());
check("reshape", otherShape());
check("transpose", permutation());
check("slice", box());
check("pad", margin());
check("concatenate", parts());

test("every record of the package has a line here", () => {
  expect([...records.keys()].filter((name) => !lines.has(name))).toEqual([]);
});
