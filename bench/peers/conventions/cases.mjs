/**
 * Functions and the points where they have kinks: what every system is asked for, under one name each.
 *
 * `ours` is the same function in nonsmooth; the derivative is that of the sum of its results.
 */
import {
  abs,
  clamp,
  hardtanh,
  leakyRelu,
  max,
  maximum,
  maxPool2d,
  median,
  min,
  minimum,
  norm1,
  norm2,
  relu,
  relu6,
  slice,
  softplus,
  sort,
  sum,
  tensor,
} from "@nonsmooth/ad-core";

const image = (numbers) => tensor(numbers, { shape: [1, 1, 2, 2] });

/** One row of the table: a name that the scripts of all peers know, what it says, the arguments, our function. */
export const cases = [
  { id: "relu", says: "relu(x)", point: "x = 0", args: [tensor(0)], ours: (x) => relu(x) },
  { id: "relu6.low", says: "relu6(x)", point: "x = 0", args: [tensor(0)], ours: (x) => relu6(x) },
  { id: "relu6.high", says: "relu6(x)", point: "x = 6", args: [tensor(6)], ours: (x) => relu6(x) },
  { id: "leakyRelu", says: "leakyRelu(x, 0.1)", point: "x = 0", args: [tensor(0)], ours: (x) => leakyRelu(x, 0.1) },
  { id: "hardtanh.low", says: "hardtanh(x)", point: "x = -1", args: [tensor(-1)], ours: (x) => hardtanh(x) },
  { id: "hardtanh.high", says: "hardtanh(x)", point: "x = 1", args: [tensor(1)], ours: (x) => hardtanh(x) },
  {
    id: "clamp.low",
    says: "clamp(x, -1, 1)",
    point: "x = -1",
    args: [tensor(-1)],
    ours: (x) => clamp(x, { low: -1, high: 1 }),
  },
  {
    id: "clamp.high",
    says: "clamp(x, -1, 1)",
    point: "x = 1",
    args: [tensor(1)],
    ours: (x) => clamp(x, { low: -1, high: 1 }),
  },
  { id: "abs", says: "abs(x)", point: "x = 0", args: [tensor(0)], ours: (x) => abs(x) },
  {
    id: "maximum",
    says: "maximum(x, y)",
    point: "(1, 1)",
    args: [tensor(1), tensor(1)],
    ours: (x, y) => maximum(x, y),
  },
  {
    id: "minimum",
    says: "minimum(x, y)",
    point: "(1, 1)",
    args: [tensor(1), tensor(1)],
    ours: (x, y) => minimum(x, y),
  },
  { id: "max", says: "max(x)", point: "(1, 1, 0)", args: [tensor([1, 1, 0])], ours: (x) => max(x) },
  {
    id: "max.axis",
    says: "max(x, axis 0)",
    point: "(1, 1, 0)",
    args: [tensor([1, 1, 0])],
    ours: (x) => max(x, { axes: 0 }),
  },
  { id: "min", says: "min(x)", point: "(1, 1, 2)", args: [tensor([1, 1, 2])], ours: (x) => min(x) },
  {
    id: "maxPool2d",
    says: "maxPool2d(x), 2 by 2",
    point: "all equal",
    args: [image([1, 1, 1, 1])],
    ours: (x) => maxPool2d(x, { window: 2 }),
  },
  { id: "norm1", says: "norm1(x)", point: "(0, 2)", args: [tensor([0, 2])], ours: (x) => norm1(x) },
  { id: "norm2", says: "norm2(x)", point: "(0, 0)", args: [tensor([0, 0])], ours: (x) => norm2(x) },
  {
    id: "sort",
    says: "smallest of sort(x)",
    point: "(1, 1)",
    args: [tensor([1, 1])],
    ours: (x) => slice(sort(x), [0], [1]),
  },
  { id: "median", says: "median(x)", point: "(1, 1, 1)", args: [tensor([1, 1, 1])], ours: (x) => median(x) },
  { id: "softplus", says: "softplus(x), smooth", point: "x = 0", args: [tensor(0)], ours: (x) => softplus(x) },
].map((one) => ({ ...one, ours: (...args) => sum(one.ours(...args)) }));
