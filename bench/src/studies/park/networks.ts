/** Small networks of whole numbers at points that sit on kinks, with the parameters that are trained. */
import {
  add,
  conv2d,
  matmul,
  maxPool2d,
  mul,
  neg,
  relu,
  relu6,
  reshape,
  slice,
  sum,
  type Tensor,
  tensor,
  zeros,
} from "@nonsmooth/ad-core";
import type { Draw } from "./draw.ts";

/** A scalar function of its trained parameters, and where they stand. */
export interface Network {
  readonly f: (...parameters: Tensor[]) => Tensor;
  readonly parameters: readonly Tensor[];
  /** Which parameters are trained. */
  readonly trained: string;
}

/** The networks are at most so wide: with few ties all limits of gradients are soon found. */
const units = 2;

/** For each activation, the distance between its kinks: what inputs are multiples of, so that both are hit. */
const activations = {
  relu: { apply: relu as typeof relu, scale: 1 },
  relu6: { apply: relu6 as typeof relu6, scale: 6 },
};

/** Biases that put units on the kink at 0 for the first sample: the first unit always, the others mostly. */
function tying(draw: Draw, before: Tensor, scale: number): Tensor {
  const height = before.shape[0] as number;
  const off = Array.from({ length: height }, (_, i) => [i === 0 ? 0 : draw.among([0, 0, 0, 1, -1]) * scale]);
  return add(neg(slice(before, [0, 0], [height, 1])), tensor(off));
}

/** Samples as columns; all of them equal half of the time. */
function samples(draw: Draw, inputs: number, batch: number, scale: number): Tensor {
  const drawn = mul(draw.integers([inputs, batch], 1), scale);
  return draw.among([true, false]) ? add(zeros([inputs, batch]), slice(drawn, [0, 0], [inputs, 1])) : drawn;
}

/** Two fully connected layers with a bias for each unit, and a weighted sum over outputs and samples. */
export function denseNetwork(draw: Draw, batch: number, activation: keyof typeof activations): Network {
  const { apply, scale } = activations[activation];
  const x = samples(draw, units, batch, scale);
  const [w1, w2] = [draw.integers([units, units], 1), draw.integers([units, units], 1)];
  const b1 = tying(draw, matmul(w1, x), scale);
  const b2 = tying(draw, matmul(w2, apply(add(matmul(w1, x), b1))), scale);
  const head = draw.weights([units, batch]);
  const f = (first: Tensor, c1: Tensor, second: Tensor, c2: Tensor): Tensor => {
    const hidden = apply(add(matmul(first, x), c1), { site: "layer1" });
    return sum(mul(head, apply(add(matmul(second, hidden), c2), { site: "layer2" })));
  };
  const ofBiases = (c1: Tensor, c2: Tensor): Tensor => f(w1, c1, w2, c2);
  return draw.among<Network>([
    { f: f as Network["f"], parameters: [w1, b1, w2, b2], trained: "weights and biases" },
    { f: ofBiases as Network["f"], parameters: [b1, b2], trained: "biases" },
  ]);
}

/** A linear layer whose values are 0, then relus without biases: x = relu(x) - relu(-x) is one of them. */
export function biaslessNetwork(draw: Draw): Network {
  const x = tensor([[1], [1]]);
  const column = draw.integers([units, 1], 2);
  const w1 = matmul(column, tensor([[1, -1]]));
  const w2 = draw.weights([3, units]);
  const head = draw.weights([3, 1]);
  const f = (first: Tensor, second: Tensor): Tensor =>
    sum(mul(head, relu(matmul(second, matmul(first, x)), { site: "layer2" })));
  return draw.among<Network>([
    { f: f as Network["f"], parameters: [w1, w2], trained: "weights" },
    { f: ((first: Tensor) => f(first, w2)) as Network["f"], parameters: [w1], trained: "first weights" },
  ]);
}

/** A convolution with two filters, a bias for each, relus, perhaps a pool of neighbours, and a weighted sum. */
export function convolution(draw: Draw, isPooled: boolean): Network {
  const x = draw.integers([1, 1, 1, 5], 1);
  const filter = draw.integers([units, 1, 1, 2], 1);
  const before = reshape(conv2d(x, filter), [units, 4]);
  const bias = reshape(tying(draw, before, 1), [units, 1, 1]);
  const head = draw.weights([1, units, 1, isPooled ? 3 : 4]);
  const f = (w: Tensor, b: Tensor): Tensor => {
    const hidden = relu(add(conv2d(x, w), b), { site: "layer1" });
    return sum(mul(head, isPooled ? maxPool2d(hidden, { window: [1, 2], stride: 1 }) : hidden));
  };
  return draw.among<Network>([
    { f: f as Network["f"], parameters: [filter, bias], trained: "weights and biases" },
    { f: ((b: Tensor) => f(filter, b)) as Network["f"], parameters: [bias], trained: "biases" },
  ]);
}
