/** Running sums and slices added at their numbers by shaders of our own: the bits of the reference, in the order of the terms. */
import { compile, cumsum, full, scatterAdd, type Tensor, tensor, trace } from "@nonsmooth/ad-core";
import { expect, test } from "vitest";
import { onEachMachine } from "./machines.ts";
import { checkNumbers, drawn } from "./ownShaders.ts";

/** Whole numbers from 0 to below `length`, many of them several times. */
const numbersBelow = (length: number, count: number): Tensor =>
  tensor(
    Int32Array.from({ length: count }, (_, i) => (i * i * 7919 + 3 * i) % length),
    { dtype: "i32" },
  );

await onEachMachine(
  ({ machine }) => {
    test.each<[shape: number[], axis: number, shaders: number]>([
      [[60_000, 2], 0, 1],
      [[3, 211, 113], 0, 1],
      [[3, 211, 113], 1, 1],
      [[3, 211, 113], 2, 1],
      [[30, 40], 1, 0],
      [[0, 80_000], 1, 0],
    ])("running sums of %j along axis %i", async (shape, axis, shaders) => {
      const x = drawn(shape, 1);
      for (const reverse of [false, true])
        await checkNumbers(machine, `reverse ${reverse}`, (a) => cumsum(a as Tensor, { axis, reverse }), [x], shaders);
    });

    test.each<[shape: number[], axis: number, count: number, shaders: number]>([
      [[300, 300], 0, 200, 1],
      [[2, 300, 211], 1, 400, 1],
      [[400, 271], 1, 300, 1],
      [[2, 3, 4], 1, 5, 0],
      [[300, 300], 0, 0, 0],
      [[40_000], 0, 20_000, 0],
      [[20_000, 3], 0, 40_000, 1],
    ])("slices added to %j along axis %i, %#", async (shape, axis, count, shaders) => {
      const updates = shape.toSpliced(axis, 1, count);
      const indices = numbersBelow(shape[axis] as number, count);
      const add = (x: Tensor, u: Tensor): Tensor => scatterAdd(x, indices, u, { axis });
      await checkNumbers(machine, "scatterAdd", add as never, [drawn(shape, 1), drawn(updates, 2)], shaders);
    });

    test("a number out of range is the error of the reference", async () => {
      const [x, updates] = [drawn([300, 300], 1), drawn([200, 300], 2)];
      const indices = numbersBelow(300, 200);
      const program = trace(
        (a: Tensor, i: Tensor, u: Tensor) => scatterAdd(a, i, u, { axis: 0 }),
        [x, indices, updates],
      );
      const running = compile(program, machine);
      for (const bad of [300, -1]) {
        const wrong = tensor(
          Int32Array.from(indices.data, (n, k) => (k === 150 ? bad : n)),
          { dtype: "i32" },
        );
        await expect(running.run([x, wrong, updates])).rejects.toThrow(
          `index 150 out of range: expected 0 to 299, got ${bad}`,
        );
      }
      running.dispose();
    });
  },
  ["webgpu"],
);

await onEachMachine(({ machine, numerics }) => {
  test("a loop that a device would end early is refused, and never shortened", async () => {
    const x = full([70_000], 1, { dtype: "f32" });
    const running = compile(
      trace((a: Tensor) => cumsum(a, { axis: 0 }), [x]),
      machine,
    );
    if (numerics.finishesLoops) expect(((await running.run([x])) as Tensor).data.at(-1)).toBe(70_000);
    else await expect(running.run([x])).rejects.toThrow("ends long loops early: expected at most 65535 rounds");
    running.dispose();
  });
});
