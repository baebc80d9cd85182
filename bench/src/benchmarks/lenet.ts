// How long it takes to record the training loss of LeNet-5 and its gradient.
import {
  add,
  conv2d,
  crossEntropy,
  matmul,
  maxPool2d,
  mul,
  relu,
  reshape,
  type Tensor,
  tensor,
  trace,
  valueAndGrad,
  zeros,
} from "@nonsmooth/ad-core";
import { timed } from "./timing.ts";

const shapes = {
  filter1: [6, 1, 5, 5],
  bias1: [1, 6, 1, 1],
  filter2: [16, 6, 5, 5],
  bias2: [1, 16, 1, 1],
  weight3: [400, 120],
  bias3: [120],
  weight4: [120, 84],
  bias4: [84],
  weight5: [84, 10],
  bias5: [10],
} as const;

type Parameters = Readonly<Record<keyof typeof shapes, Tensor>>;

const batch = 32;

function logits(p: Parameters, images: Tensor): Tensor {
  const one = maxPool2d(relu(add(conv2d(images, p.filter1, { padding: 2 }), p.bias1)), { window: 2 });
  const two = maxPool2d(relu(add(conv2d(one, p.filter2), p.bias2)), { window: 2 });
  const three = relu(add(matmul(reshape(two, [batch, 400]), p.weight3), p.bias3));
  const four = relu(add(matmul(three, p.weight4), p.bias4));
  return add(matmul(four, p.weight5), p.bias5);
}

/** Milliseconds of the first recordings, one after the other: the first also compiles the code that records. */
export function measureTracing(times: number): number[] {
  const parameters = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, mul(zeros(shape, { dtype: "f32" }), 0.1)]),
  ) as Parameters;
  const images = zeros([batch, 1, 28, 28], { dtype: "f32" });
  const labels = tensor(new Int32Array(batch), { dtype: "i32" });
  const step = valueAndGrad((p: Parameters, x: Tensor, y: Tensor) => crossEntropy(logits(p, x), y));
  return Array.from({ length: times }, () => timed(() => trace(step, [parameters, images, labels]))[0]);
}
