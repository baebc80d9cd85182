import { describe, expect, test, vi } from "vitest";
import { errorOf, refuses, wrong } from "../../laws/refusals.ts";
import * as ad from "../index.ts";
import { type Tensor, tensor } from "../index.ts";

const i32 = (data: number | number[]): Tensor => tensor(data, { dtype: "i32" });
const f32 = (data: number | number[]): Tensor => tensor(data, { dtype: "f32" });
const image = (...shape: number[]): Tensor => ad.zeros(shape);
const total = (x: Tensor): Tensor => ad.sum(x);

const two = tensor([1, 2]);
const three = tensor([1, 2, 3]);
const square22 = tensor([
  [1, 2],
  [3, 4],
]);

describe("wrong shapes are shape errors", () => {
  refuses("shape", [
    ["add refuses sizes 2 and 3", "add", () => ad.add(two, three), { shapes: [[2], [3]] }],
    ["maximum refuses sizes 2 and 3", "maximum", () => ad.maximum(two, three), { shapes: [[2], [3]] }],
    ["clamp refuses a bound that does not broadcast", "clamp.low", () => ad.clamp(two, { low: three })],
    ["where refuses operands that do not broadcast", "where", () => ad.where(tensor([true, false]), three, 0)],
    ["matmul refuses inner sizes 2 and 3", "matmul", () => ad.matmul(square22, three), { shapes: [[2, 2], [3]] }],
    ["matmul refuses a scalar", "matmul", () => ad.matmul(tensor(2), two), { shapes: [[]] }],
    ["matmul refuses batches 2 and 3", "matmul", () => ad.matmul(ad.ones([2, 1, 1]), ad.ones([3, 1, 1]))],
    ["dot refuses sizes 2 and 3", "dot", () => ad.dot(two, three), { shapes: [[2], [3]] }],
    ["dot refuses matrices", "dot", () => ad.dot(square22, square22)],
    ["outer refuses matrices", "outer", () => ad.outer(square22, two), { shapes: [[2, 2], [2]] }],
    ["conv2d refuses rank 3", "conv2d", () => ad.conv2d(image(1, 2, 2), image(1, 1, 1, 1))],
    ["conv2d refuses other channels", "conv2d", () => ad.conv2d(image(1, 2, 2, 2), image(1, 3, 1, 1))],
    ["conv2d refuses a window above the image", "conv2d", () => ad.conv2d(image(1, 1, 2, 2), image(1, 1, 3, 1))],
    ["conv2d refuses an empty window", "conv2d", () => ad.conv2d(image(1, 1, 2, 2), image(1, 1, 0, 1))],
    [
      "maxPool2d refuses rank 3",
      "maxPool2d",
      () => ad.maxPool2d(image(1, 2, 2), { window: 2 }),
      { shapes: [[1, 2, 2]] },
    ],
    ["maxPool2d refuses a window above the image", "maxPool2d", () => ad.maxPool2d(image(1, 1, 2, 2), { window: 3 })],
    ["avgPool2d refuses rank 2", "avgPool2d", () => ad.avgPool2d(square22, { window: 1 })],
    ["normPool2d refuses rank 2", "normPool2d", () => ad.normPool2d(square22, { window: 1 })],
    ["layerNorm refuses a scalar", "layerNorm", () => ad.layerNorm(tensor(1)), { shapes: [[]] }],
    ["layerNorm refuses an axis named twice", "layerNorm", () => ad.layerNorm(square22, { axes: [1, -1] })],
    ["layerNorm refuses a scale of 3", "layerNorm", () => ad.layerNorm(square22, { scale: three })],
    ["layerNorm refuses a shift that would broadcast", "layerNorm", () => ad.layerNorm(two, { shift: tensor(1) })],
    ["batchNorm refuses rank 1", "batchNorm", () => ad.batchNorm(two), { shapes: [[2]] }],
    ["batchNorm refuses a scale of 3", "batchNorm", () => ad.batchNorm(square22, { scale: three })],
    ["batchNorm refuses a mean of 3", "batchNorm", () => ad.batchNorm(square22, { mean: three, variance: two })],
    ["reshape refuses another number of elements", "reshape", () => ad.reshape(three, [2, 2]), { shapes: [[2, 2]] }],
    ["reshape refuses two holes", "reshape", () => ad.reshape(square22, [-1, -1])],
    ["reshape refuses a hole that would not be whole", "reshape", () => ad.reshape(three, [2, -1])],
    ["broadcastTo refuses sizes 2 and 3", "broadcastTo", () => ad.broadcastTo(two, [3])],
    ["broadcastTo refuses to shrink", "broadcastTo", () => ad.broadcastTo(square22, [2])],
    ["squeeze refuses an axis of size 2", "squeeze", () => ad.squeeze(square22, 0)],
    ["transpose refuses an axis named twice", "transpose", () => ad.transpose(square22, [0, 0])],
    ["transpose refuses a missing axis", "transpose", () => ad.transpose(square22, [0])],
    ["slice refuses a box outside", "slice", () => ad.slice(two, [0], [3]), { shapes: [[0], [3]] }],
    ["slice refuses an end before the start", "slice", () => ad.slice(three, [2], [1])],
    ["slice refuses an axis left out", "slice", () => ad.slice(square22, [0], [1])],
    ["pad refuses a negative margin", "pad", () => ad.pad(two, [-1], [0]), { shapes: [[-1]] }],
    ["pad refuses an axis left out", "pad", () => ad.pad(square22, [1], [1])],
    ["concatenate refuses an empty list", "concatenate", () => ad.concatenate([])],
    ["concatenate refuses other axes that differ", "concatenate", () => ad.concatenate([square22, ad.ones([1, 3])])],
    ["stack refuses an empty list", "stack", () => ad.stack([])],
    ["stack refuses shapes that differ", "stack", () => ad.stack([two, three]), { shapes: [[2], [3]] }],
    ["stack refuses a seventh axis", "reshape", () => ad.stack([ad.ones([1, 1, 1, 1, 1, 1])])],
    ["sum refuses an axis that does not exist", "sum", () => ad.sum(two, { axes: 1 }), { shapes: [[2]] }],
    ["sum refuses an axis named twice, also from the end", "sum", () => ad.sum(square22, { axes: [1, -1] })],
    ["sum refuses an axis that is not whole", "sum", () => ad.sum(square22, { axes: 0.5 })],
    ["max refuses nothing", "max", () => ad.max(ad.zeros([0]))],
    ["min refuses nothing along one axis", "min", () => ad.min(ad.zeros([2, 0]), { axes: 1 })],
    ["normInf refuses nothing", "normInf", () => ad.normInf(ad.zeros([0]))],
    ["logSumExp refuses nothing", "logSumExp", () => ad.logSumExp(ad.zeros([0]))],
    ["argmax refuses an axis that does not exist", "argmax", () => ad.argmax(two, { axis: 1 })],
    ["argmax refuses to go without an axis", "argmax", () => ad.argmax(two, wrong(undefined))],
    ["argmin refuses nothing", "argmin", () => ad.argmin(ad.zeros([0]), { axis: 0 })],
    ["softmax refuses a scalar", "softmax", () => ad.softmax(tensor(1))],
    ["crossEntropy refuses another batch", "crossEntropy", () => ad.crossEntropy(square22, i32([0]))],
    ["oneHot refuses a negative number of classes", "oneHot", () => ad.oneHot(i32([0]), -1)],
    ["isTrue refuses two conditions", "isTrue", () => ad.isTrue(tensor([true, false])), { expected: "one element" }],
    ["zeros refuses seven axes", "full", () => ad.zeros([1, 1, 1, 1, 1, 1, 1])],
    ["tensor refuses ragged lists", "tensor", () => tensor([[1, 2], [3]])],
  ]);
});

describe("wrong dtypes are dtype errors", () => {
  refuses("dtype", [
    ["add refuses f64 with f32", "add", () => ad.add(two, f32([1, 2])), { dtypes: ["f64", "f32"] }],
    ["matmul refuses f64 with f32", "matmul", () => ad.matmul(two, f32([1, 2])), { dtypes: ["f64", "f32"] }],
    ["concatenate refuses f64 with i32", "concatenate", () => ad.concatenate([two, i32([1])])],
    ["where refuses branches of f64 and i32", "where", () => ad.where(tensor(true), two, i32([1, 2]))],
    ["where refuses a condition of numbers", "where", () => ad.where(tensor(1), two, 0), { dtypes: ["f64"] }],
    ["exp refuses integers", "exp", () => ad.exp(i32(1)), { dtypes: ["i32"] }],
    ["div refuses integers", "div", () => ad.div(i32(4), 2), { dtypes: ["i32"] }],
    ["relu refuses integers", "relu", () => ad.relu(i32(1)), { dtypes: ["i32"] }],
    ["relu refuses conditions", "relu", () => ad.relu(tensor(true)), { dtypes: ["bool"] }],
    ["norm2 refuses integers", "norm2", () => ad.norm2(i32([3, 4])), { dtypes: ["i32"] }],
    ["mean refuses integers", "mean", () => ad.mean(i32([1, 2])), { dtypes: ["i32"] }],
    ["softmax refuses integers", "softmax", () => ad.softmax(i32([1, 2])), { dtypes: ["i32"] }],
    ["layerNorm refuses integers", "layerNorm", () => ad.layerNorm(i32([1, 2])), { dtypes: ["i32"] }],
    ["layerNorm refuses an f32 shift", "layerNorm", () => ad.layerNorm(two, { shift: f32([1, 2]) })],
    ["batchNorm refuses integers", "batchNorm", () => ad.batchNorm(ad.cast(square22, "i32")), { dtypes: ["i32"] }],
    ["batchNorm refuses an f32 scale", "batchNorm", () => ad.batchNorm(square22, { scale: f32([1, 2]) })],
    [
      "normPool2d refuses integers",
      "normPool2d",
      () => ad.normPool2d(ad.cast(image(1, 1, 1, 1), "i32"), { window: 1 }),
    ],
    [
      "conv2d refuses integers",
      "conv2d",
      () => ad.conv2d(ad.ones([1, 1, 1, 1], { dtype: "i32" }), ad.ones([1, 1, 1, 1], { dtype: "i32" })),
    ],
    [
      "maxPool2d refuses integers",
      "maxPool2d",
      () => ad.maxPool2d(ad.ones([1, 1, 1, 1], { dtype: "i32" }), { window: 1 }),
    ],
    ["sum refuses conditions", "sum", () => ad.sum(tensor([true])), { dtypes: ["bool"] }],
    ["matmul refuses conditions", "matmul", () => ad.matmul(tensor([true]), tensor([true])), { dtypes: ["bool"] }],
    ["not refuses numbers", "not", () => ad.not(tensor(1)), { dtypes: ["f64"] }],
    ["and refuses numbers", "and", () => ad.and(tensor(1), tensor(0)), { dtypes: ["f64"] }],
    ["abs refuses conditions", "abs", () => ad.abs(tensor(true)), { dtypes: ["bool"] }],
    ["sign refuses conditions", "sign", () => ad.sign(tensor(true)), { dtypes: ["bool"] }],
    ["any refuses numbers", "any", () => ad.any(tensor([-1, 0])), { dtypes: ["f64"] }],
    ["all refuses numbers", "all", () => ad.all(i32([1, 0])), { dtypes: ["i32"] }],
    ["oneHot refuses labels that are not i32", "oneHot", () => ad.oneHot(tensor([0]), 2), { dtypes: ["f64"] }],
    ["crossEntropy refuses labels that are not i32", "oneHot", () => ad.crossEntropy(square22, two)],
    ["cast refuses an unknown dtype", "cast", () => ad.cast(two, wrong("f8")), { dtypes: ["f8"] }],
    [
      "tensor refuses an unknown dtype",
      "tensor",
      () => tensor(1, { dtype: wrong("toString") }),
      { dtypes: ["toString"] },
    ],
    ["grad refuses an integer argument", "grad", () => ad.grad(total)(i32([1])), { dtypes: ["i32"] }],
    [
      "grad refuses a tree with an integer leaf",
      "grad",
      () => ad.grad(({ x }: { x: Tensor; n: Tensor }) => x)({ x: tensor(1), n: i32(2) }),
    ],
    [
      "grad refuses an integer result",
      "grad",
      () => ad.grad((x: Tensor) => ad.cast(x, "i32"))(tensor(1)),
      { dtypes: ["i32"] },
    ],
    ["jacobianForward refuses an integer argument", "jacobianForward", () => ad.jacobianForward(total, [i32([1])])],
    ["vjp refuses a cotangent of another dtype", "vjp", () => ad.vjp(total, [two])[1](f32(1)), { dtypes: ["f32"] }],
    ["jvp refuses a tangent of another dtype", "jvp", () => ad.jvp(total, [two], [f32([1, 1])]), { dtypes: ["f32"] }],
    [
      "jvp refuses a plain number as tangent of an f32 scalar",
      "jvp",
      () => ad.jvp(total, [f32(1)], [wrong(1)]),
      { dtypes: ["f64"] },
    ],
  ]);
});

describe("numbers out of range are domain errors", () => {
  refuses("domain", [
    ["leakyRelu refuses a slope of NaN", "leakyRelu", () => ad.leakyRelu(two, NaN), { name: "slope", value: NaN }],
    [
      "hardtanh refuses equal bounds",
      "hardtanh",
      () => ad.hardtanh(two, { low: 1, high: 1 }),
      { name: "low", value: 1 },
    ],
    [
      "conv2d refuses stride 0",
      "conv2d",
      () => ad.conv2d(image(1, 1, 1, 1), image(1, 1, 1, 1), { stride: 0 }),
      { name: "stride" },
    ],
    [
      "conv2d refuses padding -1",
      "conv2d",
      () => ad.conv2d(image(1, 1, 1, 1), image(1, 1, 1, 1), { padding: [0, -1] }),
      { name: "padding" },
    ],
    [
      "maxPool2d refuses window 0",
      "maxPool2d",
      () => ad.maxPool2d(image(1, 1, 1, 1), { window: 0 }),
      { name: "window" },
    ],
    [
      "maxPool2d refuses padding above half a window",
      "maxPool2d",
      () => ad.maxPool2d(image(1, 1, 4, 4), { window: 2, padding: [0, 2] }),
      { name: "padding" },
    ],
    [
      "variance refuses a correction that uses up the terms",
      "variance",
      () => ad.variance(two, { correction: 2 }),
      { name: "correction", value: 2 },
    ],
    ["layerNorm refuses an epsilon below 0", "layerNorm", () => ad.layerNorm(two, { epsilon: -1 }), { value: "-1" }],
    ["layerNorm refuses an epsilon of NaN", "layerNorm", () => ad.layerNorm(two, { epsilon: NaN }), { value: "NaN" }],
    ["layerNorm refuses a setting of batchNorm", "layerNorm", () => ad.layerNorm(two, wrong({ mean: two }))],
    ["batchNorm refuses an infinite epsilon", "batchNorm", () => ad.batchNorm(square22, { epsilon: Infinity })],
    ["batchNorm refuses a mean alone", "batchNorm", () => ad.batchNorm(square22, { mean: two }), { name: "variance" }],
    [
      "batchNorm refuses a variance alone",
      "batchNorm",
      () => ad.batchNorm(square22, { variance: two }),
      { name: "mean" },
    ],
    ["batchNorm refuses axes", "batchNorm", () => ad.batchNorm(square22, wrong({ axes: 1 }))],
    ["normPool2d refuses window 0", "normPool2d", () => ad.normPool2d(image(1, 1, 1, 1), { window: 0 })],
    ["normPool2d refuses a power", "normPool2d", () => ad.normPool2d(image(1, 1, 1, 1), wrong({ window: 1, p: 3 }))],
    ["arange refuses half a number", "arange", () => ad.arange(1.5), { name: "n", value: 1.5 }],
    ["oneHot refuses a label out of range", "oneHot", () => ad.oneHot(i32([0, 2]), 2), { name: "label 1", value: 2 }],
    ["oneHot refuses a negative label", "oneHot", () => ad.oneHot(i32([-1]), 2), { name: "label 0", value: -1 }],
    ["weights refuses what is no rule", "weights", () => ad.weights(wrong(3)), { name: "rule", value: 3 }],
    [
      "maxPool2d refuses to go without a window",
      "maxPool2d",
      () => ad.maxPool2d(image(1, 1, 2, 2), wrong({})),
      { name: "window" },
    ],
    ["random refuses a seed that is not whole", "random", () => ad.random(0.5), { name: "seed", value: 0.5 }],
    ["atKink refuses infinity", "atKink", () => ad.atKink(Infinity), { name: "s", value: Infinity }],
    ["blend refuses NaN", "blend", () => ad.blend(ad.first, ad.last, NaN), { name: "t", value: NaN }],
    ["atZero refuses an unknown vector", "atZero", () => ad.atZero(wrong("twos")), { name: "vector", value: "twos" }],
    ["grad refuses an argument that was not given", "grad", () => ad.grad(total, { wrt: 1 })(two), { got: "wrt: 1" }],
    ["grad refuses an argument below 0", "grad", () => ad.grad(total, { wrt: [0, -1] })(two), { got: "wrt: -1" }],
    ["grad refuses half an argument", "grad", () => ad.grad(total, { wrt: 0.5 })(two), { got: "wrt: 0.5" }],
    [
      "grad refuses a call without arguments",
      "grad",
      () => (ad.grad(() => tensor(1)) as () => unknown)(),
      { got: "wrt: 0" },
    ],
    [
      "jacobianReverse refuses an argument that was not given",
      "jacobianReverse",
      () => ad.jacobianReverse(total, [two], { wrt: 3 }),
    ],
    ["grad refuses a wrt that is a string", "grad", () => ad.grad(total, { wrt: wrong("0") })(two)],
    [
      "grad refuses a setting it does not know",
      "grad",
      () => ad.grad(total, wrong({ selct: {} }))(two),
      { got: "selct" },
    ],
    ["grad refuses null for its settings", "grad", () => ad.grad(total, wrong(null))(two), { got: "null" }],
    [
      "valueAndGrad refuses a setting it does not know",
      "valueAndGrad",
      () => ad.valueAndGrad(total, wrong({ Wrt: 0 }))(two),
    ],
    ["vjp refuses wrt", "vjp", () => ad.vjp(total, [two], wrong({ wrt: 0 })), { got: "wrt" }],
    ["jvp refuses wrt", "jvp", () => ad.jvp(total, [two], [two], wrong({ wrt: 0 })), { got: "wrt" }],
    ["linearize refuses wrt", "linearize", () => ad.linearize(total, [two], wrong({ wrt: 0 })), { got: "wrt" }],
    [
      "hessian refuses a setting it does not know",
      "hessian",
      () => ad.hessian(total, [two], wrong({ wtr: 0 })),
      { got: "wtr" },
    ],
    [
      "elementary refuses a name without a package",
      "elementary",
      () => ad.elementary("cube", { arity: 1, value: (_m, a) => a }),
      { got: "cube" },
    ],
    [
      "elementary refuses a name with a site",
      "elementary",
      () => ad.elementary("me/cube@x", { arity: 1, value: (_m, a) => a }),
      { got: "me/cube@x" },
    ],
  ]);
});

describe("what is not there is a missing error", () => {
  const halfway = ad.customDerivative((x: Tensor) => ad.square(x), { vjp: (_args, _y, gy) => [gy] });
  const forwardOnly = ad.customDerivative((x: Tensor) => ad.square(x), { jvp: (_args, _y, [dx]) => dx });
  refuses("missing", [
    ["clamp refuses to bound nothing", "clamp", () => ad.clamp(two, {}), { got: "neither" }],
    [
      "elementary refuses a smooth function without partials",
      "me/square",
      () => ad.elementary("me/square", { arity: 1, value: (m, a) => m.square(a) }),
    ],
    [
      "elementary refuses one partial for two arguments",
      "me/product",
      () =>
        ad.elementary("me/product", { arity: 2, value: (m, a, b) => m.mul(a, b), partials: [(_m, _y, _a, b) => b] }),
      { expected: "2 partials", got: "1" },
    ],
    [
      "forward mode refuses a custom derivative with a vjp only",
      "customDerivative",
      () => ad.jvp(halfway, [tensor(1)], [tensor(1)]),
    ],
    [
      "reverse mode refuses a custom derivative with a jvp only",
      "customDerivative",
      () => ad.grad(forwardOnly)(tensor(1)),
    ],
  ]);
});

describe("wrong results of custom rules are refused", () => {
  const giving = (found: (gy: Tensor) => unknown): (() => unknown) => {
    return () =>
      ad.grad(ad.customDerivative((x: Tensor) => ad.sum(x), { vjp: (_args, _y, gy) => wrong(found(gy)) }))(two);
  };
  const pushing = (found: (dx: Tensor) => unknown): (() => unknown) => {
    const f = ad.customDerivative((x: Tensor) => ad.sum(x), { jvp: (_args, _y, [dx]) => wrong(found(dx as Tensor)) });
    return () => ad.jvp(f, [two], [two]);
  };
  refuses("shape", [
    ["a cotangent of another shape", "customDerivative", giving((gy) => [gy]), { shapes: [[]] }],
    ["a tangent of another shape", "customDerivative", pushing((dx) => dx), { shapes: [[2]] }],
  ]);
  refuses("dtype", [
    ["a cotangent of another dtype", "customDerivative", giving(() => [f32([1, 1])]), { dtypes: ["f32"] }],
    ["a tangent of another dtype", "customDerivative", pushing(() => f32(1)), { dtypes: ["f32"] }],
  ]);
  refuses("data", [
    ["a cotangent that is not in a list", "customDerivative", giving(() => two), { expected: "[*]", got: "*" }],
    [
      "two cotangents for one argument",
      "customDerivative",
      giving(() => [two, two]),
      { expected: "[*]", got: "[*,*]" },
    ],
    ["a tangent in a list", "customDerivative", pushing((dx) => [ad.sum(dx)]), { expected: "*", got: "[*]" }],
    ["nothing at all", "customDerivative", giving(() => undefined), { got: "undefined" }],
  ]);
});

describe("functions that are not scalar have no gradient", () => {
  refuses("shape", [
    ["grad refuses a vector", "grad", () => ad.grad((x: Tensor) => ad.square(x))(two), { shapes: [[2]] }],
    [
      "grad refuses a vector of one element",
      "grad",
      () => ad.grad((x: Tensor) => ad.square(x))(tensor([3])),
      { shapes: [[1]] },
    ],
    [
      "grad refuses a list of scalars",
      "grad",
      () => ad.grad(wrong((x: Tensor) => [x, x]))(tensor(1)),
      { shapes: [[], []] },
    ],
    ["valueAndGrad refuses a vector", "valueAndGrad", () => ad.valueAndGrad((x: Tensor) => ad.square(x))(two)],
    ["hessian refuses a vector", "hessian", () => ad.hessian((x: Tensor) => ad.square(x), [two])],
    ["vjp refuses a cotangent of another shape", "vjp", () => ad.vjp(total, [two])[1](two), { shapes: [[2]] }],
    ["jvp refuses a tangent of another shape", "jvp", () => ad.jvp(total, [two], [three]), { shapes: [[3]] }],
    [
      "linearize refuses a tangent of another shape",
      "linearize",
      () => ad.linearize(total, [two])[1](three),
      { shapes: [[3]] },
    ],
    [
      "a Jacobian block of seven axes is refused",
      "reshape",
      () => ad.jacobianReverse((x: Tensor) => ad.square(x), [ad.ones([1, 1, 1, 2])]),
    ],
  ]);
});

describe("what is no tensor is a data error", () => {
  refuses("data", [
    ["add refuses null", "add", () => ad.add(two, wrong(null)), { got: "null" }],
    ["add refuses a string", "add", () => ad.add(two, wrong("2")), { got: "string" }],
    ["add refuses a promise", "add", () => ad.add(two, wrong(Promise.resolve(two))), { got: "a promise" }],
    ["relu refuses undefined", "relu", () => ad.relu(wrong(undefined)), { got: "undefined" }],
    ["apply refuses a number", "neg", () => ad.apply(ad.corePrimitives.neg, [wrong(2)], null), { got: "number" }],
    [
      "apply refuses a promise",
      "neg",
      () => ad.apply(ad.corePrimitives.neg, [wrong(Promise.resolve(two))], null),
      { got: "a promise" },
    ],
    ["isTrue refuses a boolean", "isTrue", () => ad.isTrue(wrong(true)), { got: "boolean" }],
    ["sum refuses a list", "sum", () => ad.sum(wrong([1, 2]))],
    ["sum refuses a promise", "sum", () => ad.sum(wrong(Promise.resolve(two))), { got: "a promise" }],
    ["where refuses a condition that is a boolean", "where", () => ad.where(wrong(true), two, 0)],
    ["matmul refuses a number", "matmul", () => ad.matmul(wrong(2), two)],
    ["softmax refuses a list", "softmax", () => ad.softmax(wrong([1, 2]))],
    ["layerNorm refuses a list", "layerNorm", () => ad.layerNorm(wrong([1, 2]))],
    ["layerNorm refuses null for its scale", "layerNorm", () => ad.layerNorm(two, { scale: wrong(null) })],
    [
      "batchNorm refuses a number for its mean",
      "batchNorm",
      () => ad.batchNorm(square22, wrong({ mean: 0, variance: 1 })),
    ],
    ["normPool2d refuses a promise", "normPool2d", () => ad.normPool2d(wrong(Promise.resolve(two)), { window: 1 })],
    ["reshape refuses a list", "reshape", () => ad.reshape(wrong([1, 2]), [2])],
    ["conv2d refuses a list", "conv2d", () => ad.conv2d(wrong([1]), image(1, 1, 1, 1))],
    ["cast refuses a number", "cast", () => ad.cast(wrong(1), "f32")],
    ["tensor refuses a string", "tensor", () => tensor(wrong("1")), { got: "string at position 0" }],
    ["tensor refuses null among numbers", "tensor", () => tensor(wrong([1, null])), { got: "object at position 1" }],
    [
      "tensor refuses 64-bit integers",
      "tensor",
      () => tensor(wrong(new BigInt64Array(1))),
      { got: "bigint at position 0" },
    ],
    [
      "tensor refuses a traced tensor as an element",
      "tensor",
      () => ad.grad((x: Tensor) => tensor(wrong([x])))(1),
      { got: "object at position 0" },
    ],
    ["grad refuses a leaf that is a boolean", "grad", () => ad.grad(total)(wrong(true)), { got: "boolean" }],
    [
      "grad refuses a leaf of a class",
      "grad",
      () => ad.grad(wrong((x: unknown) => x))(wrong({ when: new Map() })),
      { got: "Map" },
    ],
    [
      "grad refuses a function that returns nothing",
      "grad",
      () => ad.grad(wrong(() => undefined))(two),
      { got: "undefined" },
    ],
    ["grad refuses what is no function", "grad", () => ad.grad(wrong(two))(two), { got: "object" }],
    ["vjp refuses arguments that are not in a list", "vjp", () => ad.vjp(total, wrong(two)), { expected: "a list" }],
    [
      "jvp refuses a tangent that is missing",
      "jvp",
      () => ad.jvp((x: Tensor, y: Tensor) => ad.add(x, y), [two, two], wrong([two])),
      { expected: "[*,*]", got: "[*]" },
    ],
    [
      "vjp refuses a cotangent of another form",
      "vjp",
      () => ad.vjp((x: Tensor) => ({ y: x }), [two])[1](wrong({ z: two })),
      { expected: '{"y":*}', got: '{"z":*}' },
    ],
    ["hessianVector refuses a direction of another form", "jvp", () => ad.hessianVector(total, [two], [{ x: two }])],
  ]);
});

describe("wrong selections are selection errors", () => {
  const gradient = (f: (x: Tensor) => Tensor, select: Record<string, unknown>): (() => unknown) => {
    return () => ad.grad(f, { select: select as ad.Select })(tensor([0, 0]));
  };
  const relus = (x: Tensor): Tensor => ad.sum(ad.relu(x, { site: "here" }));
  const run = vi.fn(relus);
  refuses("selection", [
    ["an unknown name is refused", "grad", gradient(total, { rleu: ad.last }), { key: "rleu" }],
    ["a name of an operation without a kink is refused", "grad", gradient(total, { exp: ad.last }), { key: "exp" }],
    ["a jump cannot be selected", "grad", gradient(total, { sign: ad.last }), { key: "sign" }],
    ["an unknown name with a site is refused", "grad", gradient(total, { "rleu@here": ad.last }), { key: "rleu@here" }],
    [
      "an unknown half of a kink is refused",
      "grad",
      gradient(total, { "relu6.middle": ad.last }),
      { key: "relu6.middle" },
    ],
    ["a vector at 0 does not fit relu", "grad", gradient(relus, { relu: ad.atZero("zero") }), { key: "relu" }],
    ["a share of ties does not fit norm2", "grad", gradient((x) => ad.norm2(x), { norm2: ad.first }), { key: "norm2" }],
    [
      "a share of ties does not fit normPool2d",
      "grad",
      gradient(total, { normPool2d: ad.last }),
      { key: "normPool2d" },
    ],
    [
      "a choice of two branches does not fit max",
      "grad",
      gradient((x) => ad.max(x), { max: ad.atKink(0.5) }),
      { key: "max" },
    ],
    ["a choice of two branches does not fit maxPool2d", "grad", gradient(total, { maxPool2d: ad.atKink(0.5) })],
    [
      "a blend with two branches does not fit normInf",
      "grad",
      gradient(total, { normInf: ad.blend(ad.first, ad.atKink(0), 0.5) }),
    ],
    ["a number is no selection", "grad", gradient(relus, { relu: 0.5 }), { got: "0.5" }],
    ["the name of a selection is none", "grad", gradient(relus, { relu: "first" }), { got: "first" }],
    ["null is no table of selections", "grad", () => ad.grad(total, { select: wrong(null) })(two)],
    ["a hand-made selection is refused", "grad", gradient(relus, { relu: { kind: "tie", name: "mine" } })],
    [
      "a hand-made selection whose shares sum to 2 is refused",
      "grad",
      gradient(relus, { relu: { ...ad.first, last: 1 } }),
    ],
    ["blend refuses null", "blend", () => ad.blend(wrong(null), ad.first, 0.5)],
    ["undefined is no selection", "grad", gradient(relus, { relu: undefined }), { got: "undefined" }],
    [
      "a site that no operation has is refused",
      "grad",
      gradient(relus, { "relu@there": ad.last }),
      { missed: ["relu@there"] },
    ],
    [
      "a foreign name that never came is refused",
      "grad",
      gradient(relus, { "me/kink": ad.last }),
      { missed: ["me/kink"] },
    ],
    ["jvp refuses an unknown name", "jvp", () => ad.jvp(total, [two], [two], { select: { x: ad.last } }), { key: "x" }],
    ["jvp refuses an unknown site", "jvp", () => ad.jvp(total, [two], [two], { select: { "relu@x": ad.last } })],
    ["vjp refuses an unknown site", "vjp", () => ad.vjp(total, [two], { select: { "relu@x": ad.last } })],
    [
      "linearize refuses an unknown site",
      "linearize",
      () => ad.linearize(total, [two], { select: { "relu@x": ad.last } }),
    ],
    [
      "jacobianForward refuses an unknown name",
      "jacobianForward",
      () => ad.jacobianForward(total, [two], { select: { x: ad.last } }),
    ],
    ["hessian refuses an unknown name", "hessian", () => ad.hessian(total, [two], { select: { x: ad.last } })],
    [
      "weights that sum to 2 are refused",
      "weights",
      () => ad.weights((k) => Array<number>(k).fill(1)),
      { ties: 2, weights: [1, 1] },
    ],
    ["weights that are too few are refused", "short", () => ad.weights(() => [1], "short"), { ties: 2, weights: [1] }],
    [
      "weights that are not numbers are refused",
      "weights",
      () => ad.weights((k) => Array<number>(k).fill(NaN)),
      { ties: 2 },
    ],
    [
      "weights that go wrong at three ties are refused",
      "weights",
      () => ad.weights((k) => (k === 2 ? [1, 0] : [])),
      { ties: 3, weights: [] },
    ],
    [
      "a vector at 0 of another length is refused",
      "atZero(fn)",
      () => ad.grad((x: Tensor) => ad.norm2(x), { select: { norm2: ad.atZero(() => [1]) } })(tensor([0, 0])),
    ],
    ["blend refuses a vector at 0", "blend", () => ad.blend(wrong(ad.atZero("zero")), ad.first, 0.5)],
    ["blend refuses draws with two seeds", "blend", () => ad.blend(ad.random(1), ad.random(2), 0.5)],
    [
      "blend refuses a draw with a user's rule",
      "blend",
      () =>
        ad.blend(
          ad.random(1),
          ad.weights((k) => Array<number>(k).fill(1 / k)),
          0.5,
        ),
    ],
    [
      "a user's rule is refused at more than 64 ties",
      "mine",
      () =>
        ad.grad((x: Tensor) => ad.max(x), { select: { max: ad.weights((k) => Array<number>(k).fill(1 / k), "mine") } })(
          ad.zeros([65]),
        ),
      { ties: 65 },
    ],
  ]);

  test("a misspelt name is refused before the function runs", () => {
    expect(errorOf(gradient(run, { rleu: ad.last })).code).toBe("selection");
    expect(run).not.toHaveBeenCalled();
  });

  test("a foreign kink checks the kind of its selection when it is met", () => {
    const kink = ad.elementary("me/hinge", {
      arity: 1,
      value: (m, a) => m.maximum(a, m.constant(0)),
      kink: {
        order: "max",
        default: ad.first,
        branches: (m, a) => [m.constant(0), a],
        partials: [(_m, mix) => mix(0, 1)],
      },
    });
    const body = gradient((x) => ad.sum(kink(x)), { "me/hinge": ad.atZero("zero") });
    expect(errorOf(body)).toMatchObject({ code: "selection", where: "grad" });
  });
});
