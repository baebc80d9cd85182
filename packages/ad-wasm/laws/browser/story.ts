// What a page of a browser and Node both do: a few steps of training, on the reference machine and on WebAssembly.
import {
  compile,
  conv2d,
  grad,
  logSoftmax,
  type Machine,
  matmul,
  maxPool2d,
  mul,
  reference,
  relu,
  reshape,
  sub,
  sum,
  type Tensor,
  tensor,
  trace,
} from "@nonsmooth/ad-core";
import { wasm } from "../../src/index.ts";
import { Pool } from "../../src/machine/pool.ts";

/** What has happened. */
export interface Story {
  /** What the machine says that it has. */
  readonly threads: number;
  /** How many took part in a run. */
  readonly took: number;
  /** Numbers that stand for all bits of what was trained, on WebAssembly and on the reference machine. */
  readonly found: readonly number[];
  readonly expected: readonly number[];
}

const numbers = (shape: readonly number[], seed: number): Tensor => {
  const size = shape.reduce((product, n) => product * n, 1);
  const values = Array.from({ length: size }, (_, i) => (((i + seed) * 7919) % 2003) / 2003 - 0.5);
  return tensor(values, { shape, dtype: "f32" });
};

const [image, filter, weight] = [numbers([8, 1, 20, 20], 1), numbers([4, 1, 5, 5], 2), numbers([256, 10], 3)];

const loss = (filters: Tensor, weights: Tensor, images: Tensor): Tensor => {
  const pooled = maxPool2d(relu(conv2d(images, filters)), { window: 2 });
  return sum(mul(logSoftmax(matmul(reshape(pooled, [8, 256]), weights)), -0.01));
};

const step = trace(
  (filters: Tensor, weights: Tensor, images: Tensor) => {
    const [df, dw] = grad(loss, { wrt: [0, 1] })(filters, weights, images);
    return { filters: sub(filters, mul(df, 0.5)), weights: sub(weights, mul(dw, 0.5)) };
  },
  [filter, weight, image],
);

/** A number that changes with every bit. */
function digest({ data }: Tensor): number {
  const words = new Int32Array((data as Float32Array).slice().buffer);
  return words.reduce((hash, word) => Math.imul(hash ^ word, 0x01000193) >>> 0, 0x811c9dc5);
}

function train(machine: Machine): number[] {
  const running = compile(step, machine, { carry: { filters: 0, weights: 1 } });
  running.write("filters", filter);
  running.write("weights", weight);
  for (let run = 0; run < 4; run++) running.run([image]);
  const trained = ["filters", "weights"].map((name) => digest(running.read(name) as Tensor));
  running.dispose();
  return trained;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Trains on a machine of two threads, once they are there. */
export async function tell(): Promise<Story> {
  let took = 1;
  const { begin } = Pool.prototype;
  Pool.prototype.begin = function count(id) {
    const threads = begin.call(this, id);
    took = Math.max(took, threads);
    return threads;
  };
  const machine = wasm({ threads: 2 });
  for (let tries = 0; took < machine.threads && tries < 100; tries++) {
    await pause(50);
    train(machine);
  }
  const found = train(machine);
  machine.dispose();
  Pool.prototype.begin = begin;
  return { threads: machine.threads, took, found, expected: train(reference()) };
}
