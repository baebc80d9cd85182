import { expect, test } from "vitest";
import { lane, op } from "../encoding/expression.ts";
import { call, type Local } from "../encoding/function.ts";
import { ModuleBuilder } from "../encoding/module.ts";
import { realFunction } from "../functions/index.ts";
import { exponentialsOfFour, exponentialsOfTwo } from "./exponentials.ts";

type Real = (x: number) => number;

/** The exponential of one number, and those of vectors that have it in each lane. */
function functions(): Readonly<Record<"one" | "two" | "four", Real>> {
  const module = new ModuleBuilder();
  const make = (name: string, write: (x: Local) => ReturnType<typeof call>): void =>
    module.export(
      name,
      module.function(name, ["f64"], "f64", (f, x) => f.result(write(x as Local))),
    );
  const [one, two, four] = [realFunction(module, "exp"), exponentialsOfTwo(module), exponentialsOfFour(module)];
  make("one", (x) => call(one, x));
  make("two", (x) => lane("f64x2", call(two, op("f64x2.splat", x)), 1));
  make("four", (x) => {
    const all = call(four, op("f32x4.splat", op("f32.demote_f64", x)));
    return op("f64.promote_f32", lane("f32x4", all, 3));
  });
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const compiled = new WebAssembly.Module(module.finish({ pages: 1, isShared: false }));
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as Record<"one" | "two" | "four", Real>;
}

test("exponentials of vectors have the bits of those of numbers", () => {
  const { one, two, four } = functions();
  const special = [
    0,
    -0,
    NaN,
    Infinity,
    -Infinity,
    700,
    -700,
    701,
    -701,
    710,
    -745,
    -746,
    1e300,
    5e-324,
    88.73,
    -103.98,
  ];
  const spaced = Array.from({ length: 20000 }, (_, i) => (i - 10000) * 0.0731 + 1e-9 * i);
  for (const x of [...special, ...spaced, ...spaced.map((value) => value * 1e-3)]) {
    expect([x, two(x)]).toEqual([x, one(x)]);
    expect([x, four(x)]).toEqual([x, Math.fround(one(Math.fround(x)))]);
  }
});
