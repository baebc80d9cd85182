/** Wrong input of what sorts, runs along rows or moves slices. */
import { describe } from "vitest";
import { refuses, wrong } from "../../laws/refusals.ts";
import * as ad from "../index.ts";
import { type Tensor, tensor } from "../index.ts";

const i32 = (data: number | number[]): Tensor => tensor(data, { dtype: "i32" });
const f32 = (data: number[]): Tensor => tensor(data, { dtype: "f32" });
const total = (x: Tensor): Tensor => ad.sum(x);
const gradient = (f: (x: Tensor) => Tensor, select: ad.Select): (() => unknown) => {
  return () => ad.grad(f, { select })(tensor([0, 0]));
};

const two = tensor([1, 2]);
const square22 = tensor([
  [1, 2],
  [3, 4],
]);

describe("wrong shapes are shape errors", () => {
  refuses("shape", [
    ["sort refuses a scalar", "sort", () => ad.sort(tensor(1))],
    ["sort refuses an axis that does not exist", "sort", () => ad.sort(two, { axis: 1 }), { shapes: [[2]] }],
    ["median refuses nothing", "median", () => ad.median(ad.zeros([0]))],
    ["median refuses nothing along one axis", "median", () => ad.median(ad.zeros([2, 0]), { axes: 1 })],
    ["cumsum refuses a scalar", "cumsum", () => ad.cumsum(tensor(1), { axis: 0 })],
    ["cumsum refuses to go without an axis", "cumsum", () => ad.cumsum(two, wrong(undefined))],
    ["tril refuses a vector", "tril", () => ad.tril(two), { shapes: [[2]] }],
    ["gather refuses a scalar", "gather", () => ad.gather(tensor(1), i32([0]))],
    ["gather refuses an axis that does not exist", "gather", () => ad.gather(two, i32([0]), { axis: -2 })],
    [
      "gather refuses a seventh axis",
      "gather",
      () => ad.gather(ad.zeros([1, 1, 1, 1, 1, 1]), ad.zeros([1, 1], { dtype: "i32" })),
    ],
    [
      "scatterAdd refuses updates that do not fit",
      "scatterAdd",
      () => ad.scatterAdd(square22, i32([0]), two),
      { shapes: [[2]] },
    ],
  ]);
});

describe("wrong dtypes are dtype errors", () => {
  refuses("dtype", [
    ["elu refuses integers", "elu", () => ad.elu(i32(1)), { dtypes: ["i32"] }],
    ["sort refuses conditions", "sort", () => ad.sort(tensor([true])), { dtypes: ["bool"] }],
    ["a descending sort refuses conditions", "sort", () => ad.sort(tensor([true]), { descending: true })],
    ["median refuses integers", "median", () => ad.median(i32([1, 2])), { dtypes: ["i32"] }],
    ["cumsum refuses conditions", "cumsum", () => ad.cumsum(tensor([true]), { axis: 0 }), { dtypes: ["bool"] }],
    ["gather refuses indices that are not i32", "gather", () => ad.gather(two, tensor([0])), { dtypes: ["f64"] }],
    ["scatterAdd refuses indices that are not i32", "scatterAdd", () => ad.scatterAdd(two, tensor([0, 1]), two)],
    [
      "scatterAdd refuses updates of another dtype",
      "scatterAdd",
      () => ad.scatterAdd(two, i32([0, 1]), f32([1, 2])),
      { dtypes: ["f64", "f32"] },
    ],
    [
      "scatterAdd refuses conditions",
      "scatterAdd",
      () => ad.scatterAdd(tensor([true]), i32([0]), tensor([true])),
      { dtypes: ["bool"] },
    ],
  ]);
});

describe("numbers out of range and unknown settings are domain errors", () => {
  refuses("domain", [
    ["elu refuses an alpha of NaN", "elu", () => ad.elu(two, NaN), { name: "alpha", value: NaN }],
    ["elu refuses settings for alpha", "elu", () => ad.elu(two, wrong({ alpha: 2 })), { name: "alpha" }],
    ["tril refuses half a diagonal", "tril", () => ad.tril(square22, 0.5), { name: "k", value: 0.5 }],
    ["tril refuses settings", "tril", () => ad.tril(square22, wrong({ k: 1 })), { name: "k" }],
    [
      "gather refuses an index out of range",
      "gather",
      () => ad.gather(square22, i32([0, 2]), { axis: 1 }),
      { name: "index 1", value: 2, expected: "0 to 1" },
    ],
    ["gather refuses a negative index", "gather", () => ad.gather(two, i32([-1])), { name: "index 0", value: -1 }],
    ["gather refuses any index where there is nothing", "gather", () => ad.gather(ad.zeros([0]), i32([0]))],
    [
      "scatterAdd refuses an index out of range",
      "scatterAdd",
      () => ad.scatterAdd(two, i32([0, 2]), two),
      { name: "index 1", value: 2 },
    ],
    ["gather refuses a setting it does not know", "gather", () => ad.gather(two, i32([0]), wrong({ axes: 0 }))],
    [
      "scatterAdd refuses a setting it does not know",
      "scatterAdd",
      () => ad.scatterAdd(two, i32([0, 1]), two, wrong({ mode: "clip" })),
      { got: "mode" },
    ],
    ["cumsum refuses a setting it does not know", "cumsum", () => ad.cumsum(two, wrong({ axis: 0, exclusive: true }))],
    ["sort refuses a setting it does not know", "sort", () => ad.sort(two, wrong({ axes: 0 })), { got: "axes" }],
    ["median refuses a setting it does not know", "median", () => ad.median(two, wrong({ axis: 0 })), { got: "axis" }],
  ]);
});

describe("what is no tensor is a data error", () => {
  refuses("data", [
    ["elu refuses undefined", "elu", () => ad.elu(wrong(undefined)), { got: "undefined" }],
    ["sort refuses a list", "sort", () => ad.sort(wrong([2, 1]))],
    ["median refuses a list", "median", () => ad.median(wrong([2, 1]))],
    ["cumsum refuses a list", "cumsum", () => ad.cumsum(wrong([2, 1]), { axis: 0 })],
    ["tril refuses a list", "tril", () => ad.tril(wrong([[1]]))],
    ["gather refuses a list", "gather", () => ad.gather(wrong([1]), i32([0]))],
    ["gather refuses indices in a list", "gather", () => ad.gather(two, wrong([0]))],
    ["scatterAdd refuses an update that is a number", "scatterAdd", () => ad.scatterAdd(two, i32(0), wrong(1))],
  ]);
});

describe("selections that do not fit are selection errors", () => {
  refuses("selection", [
    ["a choice of two branches does not fit sort", "grad", gradient(total, { sort: ad.atKink(0.5) }), { key: "sort" }],
    ["a choice of two branches does not fit median", "grad", gradient(total, { median: ad.atKink(0.5) })],
    ["a vector at 0 does not fit sort", "grad", gradient(total, { sort: ad.atZero("zero") }), { key: "sort" }],
  ]);
});
