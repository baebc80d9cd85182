import { describe, expect, test } from "vitest";
import { errorOf, wrong } from "../../laws/refusals.ts";
import {
  AdError,
  add,
  compile,
  full,
  grad,
  matmul,
  mul,
  ones,
  reference,
  sum,
  type Tensor,
  tensor,
  trace,
} from "../index.ts";

const numberOf = (tree: unknown): number => (tree as Tensor).data[0] as number;

const many = full([40_000], 0.1, { dtype: "f16" });
const total = trace((v: Tensor) => sum(v), [many]);
const storage = reference({ accumulate: "storage" });

describe("sums of f16 in a program", () => {
  test("are kept in f32 by default", () => {
    expect(numberOf(compile(total, reference()).run([many]))).toBe(4000);
    expect(numberOf(compile(total, reference({ accumulate: "f32" })).run([many]))).toBe(4000);
    expect(numberOf(total(many))).toBe(4000);
  });

  test("are kept in f16 when the machine says so, also when nothing around it does", () => {
    expect(numberOf(compile(total, storage).run([many]))).toBe(3932);
    expect(numberOf(storage.eager(() => total(many)))).toBe(3932);
  });

  test("are kept as the machine of the program says, inside another machine too", () => {
    const running = compile(total, reference());
    expect(numberOf(storage.eager(() => running.run([many])))).toBe(4000);
    const narrow = compile(total, storage);
    expect(numberOf(reference().eager(() => narrow.run([many])))).toBe(3932);
    expect(numberOf(total(many))).toBe(4000);
  });

  test("in matrix products follow the machine too", () => {
    // 2048 + 1 is 2048 in f16, and 2049 in f32 rounds to 2048 once: with two of them the sums differ.
    const row = tensor([[2048, 1, 1]], { dtype: "f16" });
    const column = ones([3, 1], { dtype: "f16" });
    const product = trace((a: Tensor, b: Tensor) => matmul(a, b), [row, column]);
    expect(numberOf(compile(product, reference()).run([row, column]))).toBe(2050);
    expect(numberOf(compile(product, storage).run([row, column]))).toBe(2048);
  });

  test("in a recorded gradient follow the machine that replays it", () => {
    const one = tensor(1, { dtype: "f16" });
    const gradient = trace((v: Tensor) => grad((d: Tensor) => sum(mul(d, v)))(one), [many]);
    expect(numberOf(compile(gradient, reference()).run([many]))).toBe(4000);
    expect(numberOf(compile(gradient, storage).run([many]))).toBe(3932);
  });

  test("of what does not depend on the arguments are computed where the trace stands", () => {
    const f = (v: Tensor): Tensor => add(v, sum(many));
    const zero = tensor(0, { dtype: "f16" });
    expect(numberOf(trace(f, [zero])(zero))).toBe(4000);
    expect(numberOf(storage.eager(() => trace(f, [zero]))(zero))).toBe(3932);
  });
});

describe("the machine", () => {
  test("keeps f64 and f32 as they are, whatever f16 sums are kept in", () => {
    for (const dtype of ["f64", "f32"] as const) {
      const x = full([1000], 0.1, { dtype });
      const program = trace((v: Tensor) => sum(v), [x]);
      expect(compile(program, storage).run([x])).toEqual(program(x));
    }
  });

  test("restores what stood before, also when the body throws", () => {
    expect(() => storage.eager(() => matmul(many, many.data as never))).toThrow(AdError);
    expect(numberOf(sum(many))).toBe(4000);
  });

  test("refuses settings that it does not know", () => {
    expect(errorOf(() => reference(wrong({ accumulate: "f64" }))).code).toBe("domain");
    expect(errorOf(() => reference(wrong({ acumulate: "storage" }))).code).toBe("domain");
  });
});
