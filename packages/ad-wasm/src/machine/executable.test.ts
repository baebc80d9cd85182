import {
  add,
  compile,
  gather,
  greater,
  isTrue,
  matmul,
  mul,
  reference,
  sum,
  type Tensor,
  tensor,
  trace,
  transpose,
} from "@nonsmooth/ad-core";
import { conformsOverRuns } from "@nonsmooth/ad-testing";
import { describe, expect, test } from "vitest";
import { wasm } from "./wasm.ts";

const row = (...values: number[]): Tensor => tensor(values, { dtype: "f32" });

test.each([1, 2])("what is carried is that of the reference, with %i threads", async (threads) => {
  const machine = wasm({ threads });
  await conformsOverRuns(machine);
  machine.dispose();
});

describe("what goes wrong", () => {
  test("a guard that differs is an error, and what is carried stays", () => {
    const f = (a: Tensor, x: Tensor) => ({ a: add(a, x), y: isTrue(greater(sum(x), 0)) ? mul(x, 2) : x });
    const running = compile(trace(f, [row(0), row(1)]), wasm(), { carry: { a: 0 } });
    running.write("a", row(5));
    expect(() => running.run([row(-1)])).toThrow(expect.objectContaining({ code: "guard" }));
    expect(running.read("a")).toEqual(row(5));
    expect(running.run([row(2)])).toEqual({ y: row(4) });
    expect(running.read("a")).toEqual(row(7));
  });

  test.each(["f64", "f32", "f16", "i32", "bool"] as const)("conditions may be %s", (dtype) => {
    const condition = (value: number): Tensor => tensor([value], { dtype });
    const program = trace((c: Tensor, x: Tensor) => (isTrue(c) ? mul(x, 2) : x), [condition(1), row(1)]);
    const running = wasm().compile(program);
    expect(running.run([condition(1), row(3)])).toEqual(row(6));
    expect(() => running.run([condition(0), row(3)])).toThrow(expect.objectContaining({ code: "guard" }));
    if (dtype !== "i32" && dtype !== "bool") expect(running.run([condition(Number.NaN), row(3)])).toEqual(row(6));
  });

  test("an index out of range is the error of the reference, and the machine stays usable", () => {
    const f = (a: Tensor, i: Tensor) => ({ a: add(a, 1), y: gather(a, i) });
    const index = (...values: number[]): Tensor => tensor(values, { dtype: "i32" });
    const running = compile(trace(f, [row(1, 2, 3), index(0)]), wasm(), { carry: { a: 0 } });
    running.write("a", row(1, 2, 3));
    expect(() => running.run([index(3)])).toThrow("gather: index 0 out of range: expected 0 to 2, got 3");
    expect(running.run([index(2)])).toEqual({ y: row(3) });
    expect(running.read("a")).toEqual(row(2, 3, 4));
  });

  test("arguments of another form or type, and values that were never set", () => {
    const running = compile(
      trace((a: Tensor, x: Tensor) => ({ a: add(a, x) }), [row(1), row(1)]),
      wasm(),
      {
        carry: { a: 0 },
      },
    );
    expect(() => running.run([row(1)])).toThrow(expect.objectContaining({ code: "missing" }));
    running.write("a", row(1));
    expect(() => running.run([row(1, 2)])).toThrow(expect.objectContaining({ code: "shape" }));
    expect(() => running.run([tensor([1])])).toThrow(expect.objectContaining({ code: "dtype" }));
    expect(() => running.run([])).toThrow(expect.objectContaining({ code: "data" }));
    expect(() => running.read("b")).toThrow(expect.objectContaining({ code: "missing" }));
    running.dispose();
    expect(() => running.run([row(1)])).toThrow("it was disposed of");
  });
});

test("products read operands whose axes are exchanged where they lie", () => {
  const [a, b] = [3, 5].map((n) =>
    tensor(
      Array.from({ length: 4 * n }, (_, i) => i % 7),
      { shape: [4, n] },
    ),
  );
  const f = (x: Tensor, y: Tensor) => ({ product: matmul(transpose(x), y), shown: transpose(x) });
  const program = trace(f, [a as Tensor, b as Tensor]);
  expect(wasm().compile(program).run([a, b])).toEqual(reference().compile(program).run([a, b]));
  const alone = trace((x: Tensor, y: Tensor) => matmul(transpose(x), y), [a as Tensor, b as Tensor]);
  expect(wasm().compile(alone).describe().items).toBe(1);
});
