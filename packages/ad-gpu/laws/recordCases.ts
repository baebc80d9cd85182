// Every operation of the engine, at shapes and settings at which kernels differ.
import * as ad from "@nonsmooth/ad-core";

/** An operation at arguments. */
export interface RecordCase {
  readonly name: string;
  readonly f: (...args: ad.Tensor[]) => ad.Tree;
  readonly args: readonly ad.Tensor[];
}

/** Numbers in the range of most functions, with ties and zeros among them; the same each time. */
function numbers(shape: readonly number[], seed = 1): ad.Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  const values = Array.from({ length: size }, (_, i) => Math.round(Math.sin(i * 1.7 + seed * 3.1) * 8) / 4);
  return ad.tensor(Float32Array.from(values), { shape, dtype: "f32" });
}

const whole = (values: readonly number[]): ad.Tensor => ad.tensor([...values], { dtype: "i32" });

const one = (name: string, f: (x: ad.Tensor) => ad.Tree, ...shape: number[]): RecordCase => ({
  ...{ name: `${name} of [${shape}]`, args: [numbers(shape)] },
  f: (x) => f(x as ad.Tensor),
});

const two = (name: string, f: (a: ad.Tensor, b: ad.Tensor) => ad.Tree, a: number[], b: number[]): RecordCase => ({
  ...{ name: `${name} of [${a}] and [${b}]`, args: [numbers(a, 1), numbers(b, 2)] },
  f: (x, y) => f(x as ad.Tensor, y as ad.Tensor),
});

const scalar: readonly [string, (x: ad.Tensor) => ad.Tensor][] = [
  ...Object.entries({
    abs: ad.abs,
    sign: ad.sign,
    square: ad.square,
    exp: ad.exp,
    expm1: ad.expm1,
    sin: ad.sin,
    cos: ad.cos,
  }),
  ...Object.entries({
    tanh: ad.tanh,
    sigmoid: ad.sigmoid,
    softplus: ad.softplus,
    erf: ad.erf,
    relu: ad.relu,
    relu6: ad.relu6,
  }),
  ...Object.entries({
    elu: ad.elu,
    gelu: ad.gelu,
    silu: ad.silu,
    hardtanh: ad.hardtanh,
    floor: ad.floor,
    isFinite: ad.isFinite,
  }),
  ["sqrt", (x) => ad.sqrt(ad.abs(x))],
  ["log", (x) => ad.log(ad.abs(x))],
  ["log1p", (x) => ad.log1p(ad.abs(x))],
  ["leakyRelu", (x) => ad.leakyRelu(x)],
  ["clamp", (x) => ad.clamp(x, { low: -0.5, high: 1 })],
];

const binary: readonly [string, (a: ad.Tensor, b: ad.Tensor) => ad.Tensor][] = [
  ...Object.entries({ add: ad.add, sub: ad.sub, mul: ad.mul, div: ad.div, maximum: ad.maximum, minimum: ad.minimum }),
  ...Object.entries({ less: ad.less, lessEqual: ad.lessEqual, equal: ad.equal, greater: ad.greater }),
  ["pow", (a, b) => ad.pow(ad.abs(a), b)],
  ["pow of negative numbers", (a, b) => ad.pow(a, ad.floor(b))],
];

const rows: readonly RecordCase[] = [
  ...[
    [3, 7],
    [2, 100],
    [1, 5000],
    [2, 3, 40],
  ].flatMap((shape) => [
    one("sum", (x) => [ad.sum(x), ad.sum(x, { axes: -1 }), ad.sum(x, { axes: 0 })], ...shape),
    one("mean and norms", (x) => [ad.mean(x, { axes: 0 }), ad.norm2(x), ad.norm1(x), ad.normInf(x)], ...shape),
    one(
      "extrema",
      (x) => [ad.max(x), ad.min(x, { axes: -1 }), ad.argmax(x, { axis: -1 }), ad.argmin(x, { axis: 0 })],
      ...shape,
    ),
  ]),
  one("sum over outer axes", (x) => ad.sum(x, { axes: [0, 2] }), 4, 3, 50),
  one("sum of nothing", (x) => [ad.sum(x), ad.sum(x, { axes: 0 })], 0, 3),
  ...[0, 1].map((axis) =>
    one(`softmax along ${axis}`, (x) => [ad.softmax(x, { axis }), ad.logSoftmax(x, { axis })], 5, 20),
  ),
  one("logSumExp", (x) => [ad.logSumExp(x), ad.logSumExp(x, { axes: 0 })], 4, 6),
  one("layerNorm", (x) => ad.layerNorm(x, {}), 4, 6),
  one("batchNorm", (x) => ad.batchNorm(x, {}), 3, 4, 5, 5),
  one("cumsum", (x) => [ad.cumsum(x, { axis: 0 }), ad.cumsum(x, { axis: 1, reverse: true })], 3, 4, 2),
  one("sort", (x) => [ad.sort(x), ad.sort(x, { axis: 0 }), ad.sort(x, { descending: true })], 4, 9),
  one("median", (x) => [ad.median(x), ad.median(x, { axes: 0 }), ad.median(x, { axes: -1 })], 4, 9),
  one("prod", (x) => ad.prod(x, { axes: 1 }), 3, 5),
  one("any and all", (x) => [ad.any(ad.greater(x, 0), { axes: 1 }), ad.all(ad.greater(x, 0))], 3, 5),
];

const moves: readonly RecordCase[] = [
  one("transpose", (x) => [ad.transpose(x), ad.transpose(x, [1, 0, 2]), ad.transpose(x, [0, 2, 1])], 2, 3, 4),
  one("broadcastTo", (x) => [ad.broadcastTo(x, [4, 2, 3]), ad.broadcastTo(ad.slice(x, [0, 0], [2, 1]), [2, 5])], 2, 3),
  one("slice", (x) => ad.slice(x, [1, 0, 2], [2, 3, 4]), 2, 3, 5),
  one("pad", (x) => ad.pad(x, [1, 0, 2], [0, 1, 1]), 2, 3, 2),
  one("tril", (x) => [ad.tril(x), ad.tril(x, 1), ad.tril(x, -1)], 2, 4, 5),
  two("concatenate", (a, b) => [ad.concatenate([a, b], 1), ad.stack([a, a])], [2, 3, 2], [2, 4, 2]),
  one("concatenate of many", (x) => ad.concatenate(Array.from({ length: 17 }, (_, i) => ad.mul(x, i))), 3),
  two("where", (a, b) => ad.where(ad.less(a, b), a, b), [3, 4], [3, 4]),
  two("where of a broadcast", (a, b) => ad.where(ad.less(a, 0), a, b), [3, 4], [4]),
  one("cast", (x) => [ad.cast(x, "i32"), ad.cast(ad.cast(x, "i32"), "f32"), ad.cast(x, "bool")], 9),
  { name: "oneHot", args: [whole([2, 0, 1])], f: (x) => ad.oneHot(x as ad.Tensor, 3, "f32") },
  {
    ...{ name: "gather", args: [numbers([3, 4]), whole([2, 0, 2, 1])] },
    f: (x, i) => [ad.gather(x as ad.Tensor, i as ad.Tensor), ad.gather(x as ad.Tensor, i as ad.Tensor, { axis: 1 })],
  },
  {
    ...{ name: "scatterAdd", args: [numbers([3, 4]), whole([2, 0, 2, 1]), numbers([4, 4], 2)] },
    f: (x, i, u) => ad.scatterAdd(x as ad.Tensor, i as ad.Tensor, u as ad.Tensor),
  },
  { name: "whole numbers", args: [whole([3, -4, 5])], f: (x) => [ad.add(x as ad.Tensor, 2), ad.neg(x as ad.Tensor)] },
];

const windows: readonly RecordCase[] = [
  ...(
    [
      [2, 2, 0],
      [3, 1, 1],
      [3, 2, 1],
      [2, 3, 0],
    ] as const
  ).flatMap(([window, stride, padding]) => {
    const settings = { window, stride, padding };
    const says = `window ${window}, stride ${stride}, padding ${padding}`;
    return [
      one(`maxPool2d, ${says},`, (x) => ad.maxPool2d(x, settings), 2, 2, 7, 6),
      one(`avgPool2d, ${says},`, (x) => ad.avgPool2d(x, settings), 2, 2, 7, 6),
      one(`normPool2d, ${says},`, (x) => ad.normPool2d(x, settings), 2, 2, 7, 6),
      two(`conv2d, ${says},`, (x, w) => ad.conv2d(x, w, { stride, padding }), [2, 3, 7, 6], [4, 3, window, window]),
    ];
  }),
  two(
    "conv2d with an odd window",
    (x, w) => ad.conv2d(x, w, { stride: [2, 1], padding: [0, 2] }),
    [1, 2, 5, 6],
    [3, 2, 2, 4],
  ),
];

const products: readonly RecordCase[] = [
  ...(
    [
      [1, 1, 1],
      [3, 4, 5],
      [17, 33, 20],
      [64, 70, 65],
    ] as const
  ).map(([n, k, m]) => two("matmul", ad.matmul, [n, k], [k, m])),
  two("matmul of batches", ad.matmul, [2, 1, 3, 4], [5, 4, 2]),
  two("matmul of nothing", ad.matmul, [2, 0], [0, 3]),
  two("matmul of a transposed left", (a, b) => ad.matmul(ad.transpose(a), b), [5, 3], [5, 4]),
  two("matmul of a transposed right", (a, b) => ad.matmul(a, ad.transpose(b)), [5, 3], [4, 3]),
  two("matmul of both transposed", (a, b) => ad.matmul(ad.transpose(a), ad.transpose(b)), [3, 5], [4, 3]),
  two("outer and dot", (a, b) => [ad.outer(a, b), ad.dot(a, a)], [5], [3]),
];

const key = ad.key(2 ** 40 + 7);
const draw = (name: string, f: (from: ad.Tensor) => ad.Tree): RecordCase => ({
  ...{ name, args: [key] },
  f: (from) => f(from as ad.Tensor),
});
const single = { dtype: "f32" } as const;

const others: readonly RecordCase[] = [
  two(
    "conditions",
    (a, b) => [ad.and(ad.less(a, b), ad.not(ad.less(a, 0))), ad.or(ad.less(a, b), ad.equal(a, b))],
    [9],
    [9],
  ),
  one("stopGradient and checkpoint", (x) => ad.checkpoint((y: ad.Tensor) => ad.mul(y, ad.stopGradient(y)))(x), 4),
  one(
    "a derivative of its own",
    (x) =>
      ad.customDerivative((y: ad.Tensor) => ad.square(y), {
        vjp: ([y], _z, g) => [ad.mul(y, g)],
        jvp: ([y], _z, [dy]) => ad.mul(y, dy as ad.Tensor),
      })(x),
    4,
  ),
  draw("randomUniform", (from) => ad.randomUniform(from, [5, 7], single)),
  draw("randomNormal", (from) => [ad.randomNormal(from, [5, 7], single), ad.randomNormal(from, [1], single)]),
  draw("split", (from) => ad.split(from, 3).map((child) => ad.randomUniform(child, [3], single))),
];

/** All cases. */
export const recordCases: readonly RecordCase[] = [
  ...scalar.map(([name, f]) => one(name, f, 3, 11)),
  ...binary.flatMap(([name, f]) => [two(name, f, [3, 4], [3, 4]), two(name, f, [3, 1, 2], [4, 1])]),
  ...[...rows, ...moves, ...windows, ...products, ...others],
];
