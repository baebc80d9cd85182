import {
  add,
  compile,
  conv2d,
  exp,
  grad,
  logSoftmax,
  matmul,
  maxPool2d,
  mul,
  reference,
  relu,
  reshape,
  sum,
  type Tensor,
  tensor,
  trace,
} from "@nonsmooth/ad-core";
import { expectSameBits } from "@nonsmooth/ad-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type WasmMachine, wasm } from "./wasm.ts";

const size = 100_001;
const x = tensor(
  Array.from({ length: size }, (_, i) => ((i * 37) % 1009) / 500 - 1),
  { dtype: "f32" },
);
const f = (a: Tensor) => ({ next: add(mul(a, 0.5), 1), shown: exp(mul(a, a)) });
const program = trace(f, [x]);

/** Expects the same bits in trees of tensors: much faster than a deep comparison. */
function expectSame(found: unknown, expected: unknown): void {
  if ("dtype" in (expected as object)) expectSameBits("a result", found as Tensor, expected as Tensor);
  else {
    expect(Object.keys(found as object)).toEqual(Object.keys(expected as object));
    for (const [key, part] of Object.entries(expected as object))
      expectSame((found as Record<string, unknown>)[key], part);
  }
}

/** Runs until all threads have taken part for sure: they need some time to start. */
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe.each([2, 3])("%s threads", (threads) => {
  let machine: WasmMachine;
  beforeAll(async () => {
    machine = wasm({ threads });
    await pause(500);
  });
  afterAll(() => machine.dispose());

  test("give the same bits, run after run, with what is carried", () => {
    const [many, one] = [machine, reference()].map((on) => compile(program, on, { carry: { next: 0 } }));
    for (const running of [many, one]) running?.write("next", x);
    for (let run = 0; run < 5; run++) expectSame(many?.run([]), one?.run([]));
    expectSame(many?.read("next"), one?.read("next"));
    many?.dispose();
  });

  test("share convolutions, products, poolings and sums, and their derivatives", () => {
    const numbers = (shape: number[], seed: number): Tensor => {
      const size = shape.reduce((n, m) => n * m, 1);
      const values = Array.from({ length: size }, (_, i) => ((i * 7919 + seed) % 2003) / 1000 - 1);
      return tensor(values, { shape, dtype: "f32" });
    };
    const inputs = [numbers([5, 3, 20, 20], 1), numbers([8, 3, 5, 5], 2), numbers([512, 40], 3)];
    const loss = (image: Tensor, filter: Tensor, weight: Tensor): Tensor => {
      const pooled = maxPool2d(relu(conv2d(image, filter)), { window: 2 });
      return sum(logSoftmax(matmul(reshape(pooled, [5, 512]), weight)));
    };
    const gradients = trace(
      (...args: Tensor[]) => grad(loss, { wrt: [0, 1, 2] })(...(args as [Tensor, Tensor, Tensor])),
      inputs,
    );
    const running = compile(gradients, machine);
    const expected = compile(gradients, reference()).run(inputs);
    for (let run = 0; run < 5; run++) expectSame(running.run(inputs), expected);
  });

  test("serve several programs in turn", () => {
    const others = [1, 2, 3].map((by) => trace((a: Tensor) => mul(exp(a), by), [x]));
    const running = others.map((other) => compile(other, machine));
    const expected = others.map((other) => compile(other, reference()).run([x]));
    for (let round = 0; round < 3; round++) {
      const found = running.map((one) => one.run([x]));
      expectSame(found, expected);
    }
    running[1]?.dispose();
    expectSame(running[2]?.run([x]), expected[2]);
    expect(() => running[1]?.run([x])).toThrow("disposed");
  });
});

test("threads that have not started yet change nothing", () => {
  const chain = trace((a: Tensor) => exp(mul(exp(mul(a, 0.5)), tensor(x.data, { dtype: "f32" }))), [x]);
  const machine = wasm({ threads: 4 });
  const running = compile(chain, machine);
  const expected = compile(chain, reference()).run([x]);
  for (let run = 0; run < 12; run++) expectSame(running.run([x]), expected);
  machine.dispose();
});

test("a machine whose threads have ended goes on with one", async () => {
  const machine = wasm({ threads: 2 });
  await pause(300);
  const running = compile(program, machine);
  const before = running.run([x]);
  machine.dispose();
  expectSame(running.run([x]), before);
  expect(machine.threads).toBe(2);
});

test.each([0, 1.5, 65, Number.NaN])("%s threads are refused", (threads) => {
  expect(() => wasm({ threads })).toThrow("threads out of range");
});

test("an unknown setting is refused", () => {
  expect(() => wasm({ thread: 2 } as never)).toThrow("unknown setting");
});
