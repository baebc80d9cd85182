/**
 * Law: equal arguments give equal bits: nothing depends on what ran before, and draws depend on their seed alone.
 * Source: definition.
 */
import { add, full, grad, jvp, max, maxPool2d, random, sum, type Tensor, tensor, vjp } from "@nonsmooth/ad-core";
import { expectSameBits, fc, kinkedRecords } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { inner, runs } from "./programs.ts";

const allRandom = (seed: number): Record<string, ReturnType<typeof random>> =>
  Object.fromEntries(kinkedRecords.filter(({ kink }) => kink?.type === "tie").map(({ name }) => [name, random(seed)]));

test("the same seed gives the same bits, whatever ran in between", () => {
  fc.assert(
    fc.property(runs("kinky", { inputs: 1 }), runs("kinky"), fc.nat(), (run, other, seed) => {
      const { program, inputs } = run;
      const gradient = (): Tensor => grad(program.loss, { select: allRandom(seed) })(...inputs);
      const before = gradient();
      grad(other.program.loss, { select: other.select })(...other.inputs);
      expectSameBits("the gradient", gradient(), before);
    }),
  );
});

test("the same seed gives the same draws in both modes", () => {
  fc.assert(
    fc.property(runs("kinky"), fc.nat(), ({ program, inputs, tangents, cotangent }, seed) => {
      const select = allRandom(seed);
      const [, dy] = jvp(program.run, inputs, tangents, { select });
      const gx = vjp(program.run, inputs, { select })[1](cotangent) as Tensor[];
      const pulled = gx.reduce((total, g, i) => total + inner(g, tangents[i] as Tensor), 0);
      expect(Math.abs(inner(cotangent, dy) - pulled)).toBeLessThan(1e-9 * (1 + Math.abs(pulled)) * 100);
    }),
  );
});

test("a draw picks one branch, and over the seeds every branch alike", () => {
  const x = full([5], 1);
  const picks = Array.from({ length: 2000 }, (_, seed) => {
    const gradient = grad((v: Tensor) => max(v), { select: { max: random(seed) } })(x);
    expect([...gradient.data].toSorted()).toEqual([0, 0, 0, 0, 1]);
    return gradient.data.indexOf(1);
  });
  for (let branch = 0; branch < 5; branch++) {
    const count = picks.filter((pick) => pick === branch).length;
    // 400 are expected, with a standard deviation of 18
    expect(Math.abs(count - 400)).toBeLessThan(5 * 18);
  }
});

test("draws at different places and at different kinks of one run differ", () => {
  const pooled = (x: Tensor): Tensor => sum(maxPool2d(x, { window: 2 }));
  const image = tensor(new Float64Array(256), { shape: [1, 1, 16, 16] });
  const g = grad(pooled, { select: { maxPool2d: random(3) } })(image);
  const cells = Array.from({ length: 64 }, (_, w) => {
    const corner = 32 * Math.floor(w / 8) + 2 * (w % 8);
    return [0, 1, 16, 17].findIndex((step) => g.data[corner + step] === 1);
  });
  expect(new Set(cells).size).toBe(4);
  const ties = full([32, 8], 0);
  const both = grad((a: Tensor, b: Tensor) => sum(add(max(a, { axes: 1 }), max(b, { axes: 1 }))), {
    wrt: [0, 1],
    select: { max: random(3) },
  })(ties, ties);
  expect([...both[0].data]).not.toEqual([...both[1].data]);
});
