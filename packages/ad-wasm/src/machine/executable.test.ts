import {
  add,
  compile,
  gather,
  greater,
  isTrue,
  type Machine,
  matmul,
  mul,
  reference,
  sum,
  type Tensor,
  tensor,
  trace,
  transpose,
} from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { wasm } from "./wasm.ts";

const row = (...values: number[]): Tensor => tensor(values, { dtype: "f32" });

/** What a program shows and carries over some runs, on a machine. */
function story(
  machine: Machine,
  f: (...args: never[]) => unknown,
  begin: Readonly<Record<string, Tensor>>,
  carry: Readonly<Record<string, number>>,
  others: readonly (readonly Tensor[])[],
): unknown[] {
  const args: Tensor[] = Object.keys(carry).map((name) => begin[name] as Tensor);
  const program = trace(f as (...args: unknown[]) => Tensor, [...args, ...(others[0] ?? [])] as unknown[]);
  const running = compile(program, machine, { carry });
  for (const [name, value] of Object.entries(begin)) running.write(name, value);
  const shown = others.map((rest) => running.run(rest));
  return [...shown, ...Object.keys(carry).map((name) => running.read(name))];
}

const stories: [says: string, f: (...args: never[]) => unknown, carry: Record<string, number>][] = [
  ["a sum", (a: Tensor, x: Tensor) => ({ a: add(a, x), twice: mul(a, 2) }), { a: 0 }],
  ["the old value is shown", (a: Tensor, x: Tensor) => ({ a: add(a, x), old: a }), { a: 0 }],
  ["two change places", (a: Tensor, b: Tensor, x: Tensor) => ({ a: b, b: a, shown: add(a, x) }), { a: 0, b: 1 }],
  ["one becomes both", (a: Tensor, b: Tensor, x: Tensor) => ({ a: add(b, x), b: add(b, x), x: a }), { a: 0, b: 1 }],
  ["one follows the other", (a: Tensor, _b: Tensor, x: Tensor) => ({ a: add(a, x), b: a }), { a: 0, b: 1 }],
  ["a constant", (_a: Tensor, x: Tensor) => ({ a: row(7, 8, 9), x }), { a: 0 }],
  [
    "the new value is used again",
    (a: Tensor, x: Tensor) => {
      const next = mul(add(a, x), 0.5);
      return { a: next, total: sum(mul(next, a)), again: add(next, next) };
    },
    { a: 0 },
  ],
];

test.each(stories)("carried: %s", (_says, f, carry) => {
  const begin = { a: row(1, 2, 3), ...("b" in carry ? { b: row(4, 5, 6) } : {}) };
  const others = [[row(10, 20, 30)], [row(1, 1, 1)], [row(0, -1, 2)]];
  for (const threads of [1, 2]) {
    const machine = wasm({ threads });
    expect(story(machine, f, begin, carry, others)).toEqual(story(reference(), f, begin, carry, others));
    machine.dispose();
  }
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
