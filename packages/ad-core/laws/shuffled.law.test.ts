/**
 * Laws of sums in another order: nothing changes where addition is exact, and elsewhere no more than rounding may.
 * Source: the error of a sum of n terms in any order is at most (n - 1) units of rounding of the sum of their magnitudes,
 * to first order.
 */
import {
  add,
  compile,
  conv2d,
  first,
  grad,
  layerNorm,
  type Machine,
  matmul,
  max,
  maxPool2d,
  reference,
  relu,
  reshape,
  shuffled,
  softmax,
  sum,
  type Tensor,
  tensor,
  trace,
} from "@nonsmooth/ad-core";
import { expectClose, expectSameBits, fc, type RealDType } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { numberOf, runs } from "./programs.ts";

type Matrices = (...x: Tensor[]) => Tensor;

const seeds = fc.maxSafeNat();
const formats: fc.Arbitrary<RealDType> = fc.constantFrom("f64", "f32", "f16", "bf16");

const wholeTensor = (dtype: RealDType, ...shape: number[]): fc.Arbitrary<Tensor> => {
  const size = shape.reduce((n, m) => n * m, 1);
  return fc
    .array(fc.integer({ min: -2, max: 2 }), { minLength: size, maxLength: size })
    .map((list) => tensor(list, { shape, dtype }));
};

/** A small network with every kind of contraction; its derivatives sum over batches too. Shares of ties must be whole. */
const network = (image: Tensor, filter: Tensor, weight: Tensor): Tensor => {
  const pooled = maxPool2d(relu(conv2d(image, filter, { padding: 1 })), { window: 2 });
  return sum(max(matmul(reshape(pooled, [3, 12]), weight), { axes: 1 }));
};

test("sums of whole numbers have the same bits in any order, gradients too", () => {
  const cases = formats.chain((dtype) =>
    fc.tuple(wholeTensor(dtype, 3, 2, 4, 4), wholeTensor(dtype, 3, 2, 3, 3), wholeTensor(dtype, 12, 4)),
  );
  fc.assert(
    fc.property(cases, seeds, (inputs, seed) => {
      const program = trace(grad(network, { wrt: [0, 1, 2], select: { max: first } }), inputs);
      const found = shuffled(program, seed)(...inputs);
      program(...inputs).forEach((expected, i) => {
        expectSameBits(`gradient ${i}`, found[i] as Tensor, expected);
      });
    }),
  );
});

test("the value of any program is the same up to rounding, and the same again with the same seed", () => {
  fc.assert(
    fc.property(runs("kinky", { kinked: false }), seeds, ({ program, inputs }, seed) => {
      const recorded = trace(program.run, inputs) as Matrices & ReturnType<typeof trace<Tensor[], Tensor>>;
      const found = (shuffled(recorded, seed) as Matrices)(...inputs);
      expectClose("shuffled", found, recorded(...inputs));
      const again = compile(recorded, reference({ shuffled: seed })).run(inputs) as Tensor;
      expectSameBits("the machine", again, found);
    }),
  );
});

test("derivatives of smooth programs are the same up to rounding", () => {
  fc.assert(
    fc.property(runs("smooth", { kinked: false }), seeds, ({ program, inputs }, seed) => {
      const gradient = trace((...x: Tensor[]) => grad(program.loss)(...x) as Tensor, inputs);
      expectClose(
        "grad, shuffled",
        (shuffled(gradient, seed) as Matrices)(...inputs),
        (gradient as Matrices)(...inputs),
      );
      const loss = trace(program.loss, inputs);
      const after = grad(shuffled(loss, seed) as Matrices)(...inputs) as Tensor;
      expectClose("shuffled, grad", after, grad(program.loss)(...inputs) as Tensor);
    }),
  );
});

/** Units of rounding of what sums are kept in. */
const roundings = { f64: 2 ** -53, f32: 2 ** -24 } as const;

const uniform = (size: number, seed: number): number[] => {
  let state = seed;
  return Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 23 / 3 - 1 / 3;
  });
};

const onMachine = (machine: Machine, f: Matrices, inputs: Tensor[]): number =>
  numberOf(compile(trace(f, inputs), machine).run(inputs) as Tensor);

const manySeeds = Array.from({ length: 40 }, (_, seed) => seed);

test.each(["f64", "f32"] as const)("long sums in %s move within the bound, and most orders differ", (dtype) => {
  const n = 5000;
  const [a, b] = [1, 2].map((seed) => tensor(uniform(n, seed), { dtype })) as [Tensor, Tensor];
  const ways: readonly (readonly [name: string, f: Matrices, terms: number[]])[] = [
    ["sum", (x) => sum(x as Tensor), Array.from(a.data)],
    ["matmul", (x, y) => matmul(x as Tensor, y as Tensor), Array.from(a.data, (v, i) => v * (b.data[i] as number))],
  ];
  for (const [, f, terms] of ways) {
    const exact = terms.toSorted((v, w) => Math.abs(v) - Math.abs(w)).reduce((total, v) => total + v, 0);
    const bound = n * roundings[dtype] * terms.reduce((total, v) => total + Math.abs(v), 0) * 2;
    const found = manySeeds.map((seed) => onMachine(reference({ shuffled: seed }), f, [a, b]));
    for (const value of found) expect(Math.abs(value - exact)).toBeLessThanOrEqual(bound);
    expect(new Set(found).size).toBeGreaterThan(5);
    const stated = onMachine(reference(), f, [a, b]);
    expect(found.filter((value) => value !== stated).length).toBeGreaterThan(manySeeds.length / 2);
  }
});

test("a normalization and a softmax come back in their own order", () => {
  const x = tensor(uniform(64 * 9, 3), { shape: [64, 9] });
  const f = (v: Tensor): Tensor => add(layerNorm(v, { axes: [0, 1] }), softmax(v, { axis: 0 }));
  for (const seed of manySeeds) expectClose("rows", shuffled(trace(f, [x]), seed)(x), f(x));
});
