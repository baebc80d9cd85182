/** What gpu.js and devices do in silence, each case once: long loops, many arrays, high ranks, nothing at all, kernels made twice. */
import {
  add,
  broadcastTo,
  compile,
  concatenate,
  cumsum,
  gather,
  grad,
  isFinite,
  matmul,
  max,
  mul,
  random,
  relu,
  sum,
  type Tensor,
  tensor,
  trace,
  transpose,
} from "@nonsmooth/ad-core";
import { expect, test } from "vitest";
import { onEachMachine } from "./machines.ts";

const ones = (...shape: number[]): Tensor =>
  tensor(new Float32Array(shape.reduce((n, size) => n * size, 1)).fill(1), { shape, dtype: "f32" });
const row = (...values: number[]): Tensor => tensor(values, { dtype: "f32" });

await onEachMachine(({ machine, numerics }) => {
  const ran = async (f: (...args: Tensor[]) => unknown, ...args: Tensor[]): Promise<Tensor> => {
    const running = compile(trace(f as (...args: unknown[]) => Tensor, args as unknown[]), machine);
    const result = (await running.run(args)) as Tensor;
    running.dispose();
    return result;
  };

  test("loops of more than 1000 rounds run to their end", async () => {
    const found = [
      await ran((a, b) => matmul(a as Tensor, b as Tensor), ones(1, 2000), ones(2000, 1)),
      await ran((x) => sum(cumsum(x as Tensor, { axis: 0 })), ones(1500)),
      await ran((x) => sum(x as Tensor), ones(70_000)),
    ];
    expect(found.map(({ data }) => data[0])).toEqual([2000, (1500 * 1501) / 2, 70_000]);
  });

  test("more arrays than a device binds to one kernel", async () => {
    const args = Array.from({ length: 20 }, (_, i) => row(i, 1, 2 * i));
    const total = await ran((...all) => all.reduce((a, b) => add(mul(a, 0.5), b)), ...args);
    expect(Array.from(total.data)).toEqual(Array.from(args.reduce((a, b) => add(mul(a, 0.5), b)).data));
    expect((await ran((...all) => concatenate(all), ...args)).data).toEqual(concatenate(args).data);
  });

  test("six axes, and none", async () => {
    const x = tensor(
      Float32Array.from({ length: 64 }, (_, i) => i),
      { shape: [2, 2, 2, 2, 2, 2], dtype: "f32" },
    );
    const f = (y: Tensor) => transpose(y, [5, 3, 1, 0, 2, 4]);
    expect(await ran(f as never, x)).toEqual(f(x));
    expect(await ran((y) => mul(y as Tensor, 2), tensor(3, { dtype: "f32" }))).toEqual(tensor(6, { dtype: "f32" }));
  });

  test("tensors of nothing", async () => {
    expect(await ran((x) => mul(x as Tensor, 2), ones(0, 3))).toEqual(ones(0, 3));
    expect(await ran((x) => sum(x as Tensor, { axes: 0 }), ones(0, 2))).toEqual(row(0, 0));
    expect(await ran((x) => broadcastTo(x as Tensor, [0, 2]), row(1, 2))).toEqual(ones(0, 2));
  });

  test("positions are exact in large tensors", async () => {
    const size = 2 ** 21 + 3;
    const x = tensor(
      Float32Array.from({ length: size }, (_, i) => i),
      { dtype: "f32" },
    );
    const index = tensor([0, size - 1, 2 ** 20 + 1], { dtype: "i32" });
    expect(await ran((y, i) => gather(y as Tensor, i as Tensor), x, index)).toEqual(row(0, size - 1, 2 ** 20 + 1));
  });

  test("NaN and infinities where the device keeps them", async () => {
    const x = row(Number.NaN, Number.POSITIVE_INFINITY, -1, 2);
    expect(Array.from((await ran((y) => isFinite(y as Tensor), x)).data)).toEqual([0, 0, 1, 1]);
    const [nan, infinite, ...rest] = (await ran((y) => relu(y as Tensor), x)).data;
    expect(rest).toEqual([0, 2]);
    if (numerics.keepsInfinities) expect(infinite).toBe(Number.POSITIVE_INFINITY);
    if (numerics.keepsNaN) expect(nan).toBeNaN();
  });

  test("draws between many branches that tie are those of the engine", async () => {
    const slopes = (x: Tensor): Tensor =>
      grad((y: Tensor) => sum(max(y, { axes: 1 })), { select: { max: random(5) } })(x);
    for (const x of [ones(9, 256), ones(7, 1500)]) expect(await ran(slopes as never, x)).toEqual(slopes(x));
  });

  test("a chain of formulas is one kernel, and equal instructions share theirs", () => {
    const chain = compile(
      trace((x: Tensor) => add(mul(relu(x), 2), 1), [row(1, 2)]),
      machine,
    );
    expect(chain.describe()).toMatchObject({ dispatches: 1, kernels: 1 });
    const layers = trace((x: Tensor, w: Tensor) => matmul(matmul(x, w), w), [ones(2, 2), ones(2, 2)]);
    expect(compile(layers, machine).describe()).toMatchObject({ dispatches: 2, kernels: 1 });
  });
});
