/**
 * Sums in another order: the bits of the reference machine with the same seed, for random programs and for a step of training
 * that is large enough for threads to share.
 */
import {
  compile,
  conv2d,
  gather,
  grad,
  layerNorm,
  logSoftmax,
  type Machine,
  matmul,
  maxPool2d,
  mul,
  reference,
  relu,
  reshape,
  shuffled,
  sum,
  type Tensor,
  tensor,
  trace,
} from "@nonsmooth/ad-core";
import { conforms, expectSameBits } from "@nonsmooth/ad-testing";
import { describe, expect, test } from "vitest";
import { wasm } from "../src/index.ts";
import { numbers } from "./numbers.ts";

test("random programs, their derivatives and the reports of their kinks", async () => {
  for (const seed of [1, 2, 2 ** 40]) {
    await conforms(wasm({ shuffled: seed }), { against: reference({ shuffled: seed }), runs: 10, steps: 8 });
  }
});

/** A small network, its loss, and all of its gradients. */
const network = (image: Tensor, filter: Tensor, weight: Tensor): Tensor => {
  const pooled = maxPool2d(relu(conv2d(image, filter)), { window: 2 });
  return sum(mul(logSoftmax(matmul(layerNorm(reshape(pooled, [5, 512])), weight)), weight.shape[1] as number));
};
const inputs: [Tensor, Tensor, Tensor] = [
  numbers([5, 3, 20, 20], "f32", 1),
  numbers([8, 3, 5, 5], "f32", 2),
  numbers([512, 40], "f32", 3),
];
const step = trace(grad(network, { wrt: [0, 1, 2] }), inputs);
const gradientsOn = (machine: Machine): Tensor[] => compile(step, machine).run(inputs) as Tensor[];

describe.each([1, 2])("a step of training on %s threads", (threads) => {
  test("has the bits of the reference with the same seed, run after run", async () => {
    for (const seed of [3, 4]) {
      const machine = wasm({ threads, shuffled: seed });
      // Threads need some time to start.
      if (threads > 1) await new Promise((resolve) => setTimeout(resolve, 500));
      const expected = gradientsOn(reference({ shuffled: seed }));
      const running = compile(step, machine);
      for (let run = 0; run < 3; run++) {
        (running.run(inputs) as Tensor[]).forEach((found, i) => {
          expectSameBits(`gradient ${i} in run ${run}`, found, expected[i] as Tensor);
        });
      }
      machine.dispose();
    }
  });
});

test("another seed gives other bits, and none gives those of the stated order", () => {
  const [stated, one, two] = [wasm(), wasm({ shuffled: 3 }), wasm({ shuffled: 4 })].map(gradientsOn);
  for (const i of [0, 1, 2]) {
    expect(one?.[i]?.data).not.toEqual(stated?.[i]?.data);
    expect(two?.[i]?.data).not.toEqual(one?.[i]?.data);
  }
  gradientsOn(reference()).forEach((expected, i) => {
    expectSameBits(`gradient ${i}`, stated?.[i] as Tensor, expected);
  });
});

test("is the same as compiling the shuffled program", () => {
  const found = compile(shuffled(step, 3), wasm()).run(inputs) as Tensor[];
  found.forEach((gradient, i) => {
    expectSameBits(`gradient ${i}`, gradient, gradientsOn(wasm({ shuffled: 3 }))[i] as Tensor);
  });
});

test("sums over constants, over what is repeated and over what lies transposed", () => {
  const places = tensor([3, 0, 2, 1], { dtype: "i32" });
  const f = (x: Tensor): unknown[] => [
    matmul(numbers([6, 5], "f64", 4), x),
    matmul(x, numbers([4, 5], "f64", 5)),
    grad((v: Tensor) => sum(mul(sum(v, { axes: 0, keepDims: true }), v)))(x),
    sum(gather(x, places, { axis: 1 })),
  ];
  const x = numbers([5, 4], "f64", 6);
  const program = trace(f, [x]);
  for (const seed of [1, 2, 3]) {
    const expected = compile(program, reference({ shuffled: seed })).run([x]);
    expect(compile(program, wasm({ shuffled: seed })).run([x])).toEqual(expected);
  }
});

test("a seed that is none is refused", () => {
  for (const seed of [-1, 0.5, 2 ** 53, Number.NaN]) {
    expect(() => wasm({ shuffled: seed })).toThrow("wasm: shuffled out of range");
  }
  expect([wasm().shuffled, wasm({ shuffled: 0 }).shuffled]).toEqual([null, 0]);
});
