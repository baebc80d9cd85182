import { describe, expect, test } from "vitest";
import { Bytes } from "./bytes.ts";
import { constant, lane, load, op, select, shuffle, vector, withLane } from "./expression.ts";
import { call, type FunctionBuilder, type Local } from "./function.ts";
import { ModuleBuilder, tablesStart } from "./module.ts";
import { type OperationName, operations } from "./operations.ts";

type Callable = (...args: number[]) => number;

/** A module with one function, and its memory. */
function made(
  params: readonly ("i32" | "f64" | "f32")[],
  result: "i32" | "f64" | "f32" | null,
  build: (f: FunctionBuilder, ...params: Local[]) => void,
  module: ModuleBuilder = new ModuleBuilder(),
): { run: Callable; memory: WebAssembly.Memory } {
  module.export("run", module.function("run", params, result, build));
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const bytes = module.finish({ pages: 1, isShared: false });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  return { run: exports.run as Callable, memory };
}

describe("numbers", () => {
  test.each([
    [0n, [0]],
    [63n, [63]],
    [64n, [0xc0, 0]],
    [-1n, [0x7f]],
    [-64n, [0x40]],
    [-65n, [0xbf, 0x7f]],
    [-(2n ** 63n), [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f]],
  ])("%s is written in the fewest bytes", (value, bytes) => {
    const out = new Bytes();
    out.signed(value);
    expect([...out.bytes]).toEqual(bytes);
  });

  test("grow beyond the bytes that were reserved", () => {
    const out = new Bytes();
    for (let i = 0; i < 1000; i++) out.unsigned(300);
    expect([out.length, ...out.bytes.subarray(1998)]).toEqual([2000, 0xac, 2]);
  });
});

describe("functions", () => {
  test("count, compare and return", () => {
    const { run } = made(["i32", "i32"], "i32", (f, from, to) => {
      const total = f.local("i32");
      f.range(from, to, 3, (i) => f.update(total, "i32.add", i));
      f.if(
        op("i32.lt_s", total, 0),
        () => f.return(constant("i32", -1)),
        () => f.update(total, "i32.mul", 2),
      );
      f.result(total);
    });
    expect([run(0, 10), run(5, 5), run(-9, 0), run(9, 3)]).toEqual([36, 0, -1, 0]);
  });

  test("switch over a table, and leave by the last body where it ends", () => {
    const { run } = made(["i32"], "i32", (f, i) => {
      const found = f.local("i32");
      const body = (value: number) => () => {
        f.update(found, "i32.add", value);
        f.if(op("i32.eq", i as Local, 3), () => f.return(constant("i32", -1)));
      };
      f.switch(i as Local, [1, 0, 1, 2], [body(10), body(20), body(30)]);
      f.result(op("i32.add", found, 1));
    });
    expect([run(0), run(1), run(2), run(3), run(4), run(-1)]).toEqual([21, 11, 21, -1, 31, 31]);
  });

  test("call each other, and are made once by name", () => {
    const module = new ModuleBuilder();
    const twice = () =>
      module.function("twice", ["f64"], "f64", (f, x) => f.result(op("f64.add", x as Local, x as Local)));
    const { run } = made(["f64"], "f64", (f, x) => f.result(call(twice(), call(twice(), x as Local))), module);
    expect([run(1.5), module.has("twice"), module.has("thrice")]).toEqual([6, true, false]);
  });

  test("read tables and write memory", () => {
    const module = new ModuleBuilder();
    const address = module.table("primes", Float64Array.of(2, 3, 5, 7));
    expect([module.table("primes", Float64Array.of(0)), address]).toEqual([tablesStart, tablesStart]);
    const { run, memory } = made(
      ["i32"],
      "f64",
      (f, i) => {
        const at = f.let(op("i32.mul", i as Local, 8));
        f.store("f64.store", at, op("f64.neg", load("f64.load", at, address)), 64);
        f.copy(256, 64, 32);
        f.fill(128, 255, 4);
        f.result(load("f64.load", at, 256));
      },
      module,
    );
    expect([run(2), new Int32Array(memory.buffer)[32]]).toEqual([-5, -1]);
  });

  test("compute on vectors", () => {
    const { run, memory } = made([], "f32", (f) => {
      const a = f.let(vector(Float32Array.of(1, 2, 3, 4)));
      f.set(a, withLane("f32x4", a, 1, op("f32.sqrt", 9)));
      f.set(a, shuffle(a, op("f32x4.neg", a), [0, 1, 2, 3, 20, 21, 22, 23, 8, 9, 10, 11, 28, 29, 30, 31]));
      f.store("v128.store", 0, a);
      f.store("v128.store64_lane", 16, a);
      f.result(select(op("v128.any_true", a), lane("f32x4", a, 2), constant("f32", 0)));
    });
    expect(run()).toBe(3);
    expect([...new Float32Array(memory.buffer, 0, 8)]).toEqual([1, -3, 3, -4, 1, -3, 0, 0]);
  });

  test("refuse operands of other types and in other numbers", () => {
    expect(() => op("f64.add", constant("f32", 1), 2)).toThrow("expected f64, got f32");
    expect(() => op("f64.add", 1)).toThrow("takes 2 operands");
    expect(() => constant("v128", 1).write(new Bytes())).toThrow("no vector");
  });
});

/** Relaxed instructions are no part of the first standard of vectors. */
const standard = (Object.keys(operations) as OperationName[]).filter((name) => !name.includes("relaxed"));

test.each(standard)("%s is what the host takes it for", (name) => {
  const { operands, result } = operations[name];
  const zero = { i: constant("i32", 1), l: constant("i64", 1), f: constant("f32", 1), d: constant("f64", 1) };
  const values = operands.map((letter) => (letter === "v" ? vector(new Int32Array(4)) : zero[letter]));
  const module = new ModuleBuilder();
  const type = { i: "i32", l: "i64", f: "f32", d: "f64", v: "v128" } as const;
  module.function("run", [], type[result], (f) => f.result(op(name, ...values)));
  expect(WebAssembly.validate(module.finish({ pages: 1, isShared: false }))).toBe(true);
});
