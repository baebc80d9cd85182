import {
  compile,
  conv2d,
  type DType,
  matmul,
  type Primitive,
  records,
  type Tensor,
  tensor,
  trace,
} from "@nonsmooth/ad-core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { runKernel } from "../../laws/runKernel.ts";
import { wasm } from "../index.ts";
import { matmulKernel } from "../kernels/matmul.ts";
import { requireFused } from "./fused.ts";

const formats = ["f32", "f64"] as const;

/** Half the distance from 1 to the next number. */
const halfStep = { f32: 2 ** -24, f64: 2 ** -53 } as const;

/** `-(1 + 2e) + (1 + e)²`, which is `e²`, and which is 0 when the square is rounded first: `e²` is less than half a step, or just that. */
function smallSquare(dtype: (typeof formats)[number]): {
  readonly factors: readonly [Tensor, Tensor];
  readonly rest: number;
} {
  const e = dtype === "f32" ? 2 ** -12 : 2 ** -27;
  const row = (a: number, b: number): Tensor => tensor([a, b], { shape: [1, 2], dtype });
  return { factors: [row(-1 - 2 * e, 1 + e), row(1, 1 + e)], rest: e * e };
}

const run = (f: (a: Tensor, b: Tensor) => Tensor, fma: boolean, args: readonly [Tensor, Tensor]): Tensor =>
  compile(trace(f, [...args]), wasm({ fma })).run(args) as Tensor;

/** Numbers whose products do not fit their format. */
const noise = (shape: readonly [number, number, number], dtype: DType): Tensor =>
  tensor(
    Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => Math.sin(1 + i)),
    { shape, dtype },
  );

const times = (a: Tensor, b: Tensor): Tensor => matmul(a, b);

/** A tensor with other axes, or with every number under the same function. */
const shaped = ({ data, dtype }: Tensor, shape: readonly number[]): Tensor =>
  tensor(Array.from(data), { shape, dtype });
const mapped = ({ data, shape, dtype }: Tensor, f: (value: number) => number): Tensor =>
  tensor(Array.from(data, f), { shape, dtype });

describe("fused multiply-add", () => {
  test("is off unless asked for", () => {
    expect(wasm().fma).toBe(false);
    expect(wasm({ fma: true }).fma).toBe(true);
  });

  test.each(formats)("rounds a product and an addition once, %s", (dtype) => {
    const { factors, rest } = smallSquare(dtype);
    const [a, b] = [factors[0], shaped(factors[1], [2, 1])];
    expect(run(times, false, [a, b]).data[0]).toBe(0);
    expect(run(times, true, [a, b]).data[0]).toBe(rest);
    const [image, filter] = factors.map((one) => shaped(one, [1, 2, 1, 1])) as [Tensor, Tensor];
    expect(run(conv2d, false, [image, filter]).data[0]).toBe(0);
    expect(run(conv2d, true, [image, filter]).data[0]).toBe(rest);
  });

  test.each(formats)("stays within the rounding of so many additions, %s", (dtype) => {
    const inner = 301;
    const [a, b] = [noise([1, 37, inner], dtype), noise([1, inner, 29], dtype)];
    const [plain, fused] = [run(times, false, [a, b]), run(times, true, [a, b])];
    const sizes = run(times, false, [mapped(a, Math.abs), mapped(b, Math.abs)]);
    const differences = Array.from(fused.data, (value, i) => Math.abs(value - (plain.data[i] as number)));
    expect(differences.some((difference) => difference > 0)).toBe(true);
    differences.forEach((difference, i) => {
      expect(difference).toBeLessThanOrEqual(2 * inner * halfStep[dtype] * (sizes.data[i] as number) * 1.01);
    });
  });

  test.each(["f64", "f32", "f16"] as const)("has the same bits in every tile, %s", (dtype: DType) => {
    requireFused();
    const matmulRecord = records.get("matmul") as Primitive<null>;
    for (const [rows, columns] of [
      [37, 53],
      [300, 21],
      [7, 5],
    ] as const) {
      const inputs = [noise([1, rows, 270], dtype), noise([1, 270, columns], dtype)];
      const outputs = [false, true].map((isWide) => {
        const vectors = { isWide, isFused: true };
        return [1, 3].map((parts) => runKernel(matmulKernel, matmulRecord, inputs, null, parts, vectors).output);
      });
      for (const one of outputs.flat()) expect(one).toEqual(outputs[0]?.[0]);
    }
  });
});

describe("a host without the instruction", () => {
  afterEach(() => void vi.restoreAllMocks());

  test("is refused what it does not have", () => {
    vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined as never);
    vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
    expect(() => wasm({ fma: true })).toThrowError(expect.objectContaining({ code: "unsupported", where: "wasm" }));
    expect(wasm().fma).toBe(false);
  });
});
