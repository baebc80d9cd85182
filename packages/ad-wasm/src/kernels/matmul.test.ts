import { type Cells, type DType, type Primitive, records } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { numbers, type Special } from "../../laws/numbers.ts";
import { expectSameBits } from "../../laws/runKernel.ts";
import { ModuleBuilder, plainVectors, type Vectors } from "../encoding/module.ts";
import type { Task } from "./kernel.ts";
import { matmulKernel } from "./matmul.ts";

const matmul = records.get("matmul") as Primitive<null>;

type Sizes = readonly [batch: number, rows: number, inner: number, columns: number];

interface Flags {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const straight: Flags = { transposeA: false, transposeB: false };

/** Matrices with their last two axes exchanged. */
function flipped<N>(x: Cells<N>): Cells<N> {
  const [batch, rows, columns] = x.shape as [number, number, number];
  const data = Array.from({ length: batch * rows * columns }, (_, i) => {
    const inMatrix = i % (rows * columns);
    return x.data[i - inMatrix + (inMatrix % rows) * columns + Math.floor(inMatrix / rows)] as N;
  });
  return { ...x, shape: [batch, columns, rows], data };
}

/** The product of operands that are stored transposed, as the reference computes it. */
const storedAs = ({ transposeA, transposeB }: Flags): Primitive<null> => ({
  ...matmul,
  shape: ([a, b]) => [a.shape[0], a.shape[transposeA ? 2 : 1], b.shape[transposeB ? 1 : 2]] as number[],
  forward: (k, [a, b], params) =>
    matmul.forward(k, [transposeA ? flipped(a) : a, transposeB ? flipped(b) : b] as never, params) as never,
});

function expectSame(
  [batch, rows, inner, columns]: Sizes,
  dtype: DType,
  first: Special,
  flags = straight,
  second = first,
  vectors?: Vectors,
): void {
  const a = flags.transposeA ? [batch, inner, rows] : [batch, rows, inner];
  const b = flags.transposeB ? [batch, columns, inner] : [batch, inner, columns];
  const inputs = [numbers(a, dtype, rows + 3 * inner, first), numbers(b, dtype, columns + 5 * inner, second)];
  expectSameBits((task) => matmulKernel(task, flags), storedAs(flags), inputs, null, vectors);
}

const dtypes = ["f64", "f32", "f16", "bf16", "i32"] as const;
const allFlags = [false, true].flatMap((transposeA) => [false, true].map((transposeB) => ({ transposeA, transposeB })));

describe.each(dtypes)("products of %s have the bits of the reference", (dtype) => {
  test("in small shapes", () => {
    const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 17, 34];
    for (const [i, rows] of sizes.entries()) {
      for (const [j, columns] of sizes.entries()) {
        const inner = sizes[(3 * i + 7 * j) % 10] as number;
        const flags = allFlags[(i + j) % 4] as Flags;
        expectSame([1 + ((i * j) % 3) * 2, rows, inner, columns], dtype, i % 2 === 0 ? "none" : "all", flags);
      }
    }
  });

  test("when an axis is empty", () => {
    for (const sizes of [
      [0, 2, 3, 4],
      [2, 0, 3, 4],
      [2, 3, 0, 4],
      [2, 3, 4, 0],
      [0, 0, 0, 0],
    ] as const) {
      for (const flags of allFlags) expectSame(sizes, dtype, "none", flags);
    }
  });

  test("in several passes and panels", () => {
    for (const flags of allFlags) {
      expectSame([1, 37, 263, 53], dtype, "none", flags);
      expectSame([1, 1, 300, 70], dtype, "none", flags);
      expectSame([3, 40, 33, 12], dtype, "none", flags);
    }
    expectSame([1, 5, 41, 520], dtype, "none");
    expectSame([1, 1, 41, 1030], dtype, "none");
    expectSame([1, 521, 259, 21], dtype, "none", { transposeA: true, transposeB: false });
    expectSame([3, 513, 5, 17], dtype, "none", { transposeA: true, transposeB: false });
  });

  test("with zeros of both signs", () => {
    for (const flags of allFlags) {
      expectSame([2, 9, 3, 19], dtype, "zeros", flags);
      expectSame([1, 17, 270, 21], dtype, "zero", flags, "negative");
    }
  });
});

test.each(["f64", "f32", "f16"] as const)("tiles for joined vectors have the same bits, %s", (dtype) => {
  const wide = { ...plainVectors, isWide: true };
  const expectWide = (sizes: Sizes, flags: Flags): void => expectSame(sizes, dtype, "none", flags, "none", wide);
  for (const flags of allFlags) {
    for (const rows of [1, 3, 9, 34]) for (const columns of [3, 8, 21, 33]) expectWide([2, rows, 7, columns], flags);
    expectWide([1, 39, 263, 53], flags);
  }
  expectWide([1, 521, 259, 21], { transposeA: true, transposeB: false });
  expectWide([1, 75, 521, 150], straight);
});

test("operands may be stored transposed under the same name of shapes", () => {
  const module = new ModuleBuilder();
  const type = { dtype: "f32", shape: [1, 8, 8] } as const;
  const task: Task = { module, inputs: [type, type], output: type, params: null };
  const made = new Set(allFlags.map((flags) => matmulKernel(task, flags).function.index));
  expect(made.size).toBe(4);
});
