/** The functions that kernels compute in their own way, beside those of the engine: near everywhere, and right where built-in ones overflow. */
import {
  compile,
  cos,
  erf,
  expm1,
  gelu,
  log1p,
  pow,
  sigmoid,
  silu,
  sin,
  softplus,
  type Tensor,
  tanh,
  tensor,
  trace,
} from "@nonsmooth/ad-core";
import { expect, test } from "vitest";
import { onEachMachine } from "./machines.ts";

const single = (values: readonly number[]): Tensor => tensor(Float32Array.from(values), { dtype: "f32" });

/** Numbers from small to large, of both signs. */
const range = (largest: number): number[] =>
  Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? 1 : -1) * largest * (i / 2000) ** 3);

/** Units in the last place of 32 bits. */
function distance(got: number, expected: number): number {
  if (Object.is(got, expected) || got === expected) return 0;
  const unit = 2 ** (Math.max(-126, Math.floor(Math.log2(Math.abs(expected)))) - 23);
  return Math.abs(got - expected) / unit;
}

/** How far off a function may be: in units in the last place, or for functions with zeros in units of 2^-24. */
const functions: readonly [
  name: string,
  f: (x: Tensor) => Tensor,
  largest: number,
  units: number,
  kind: "relative" | "absolute",
][] = [
  ["expm1", expm1, 20, 8, "relative"],
  ["log1p", (x) => log1p(x), 0.9, 8, "relative"],
  ["tanh", tanh, 20, 4, "relative"],
  ["sin", sin, 100, 4, "absolute"],
  ["cos", cos, 100, 4, "absolute"],
  ["erf", erf, 5, 6, "absolute"],
  ["sigmoid", sigmoid, 30, 16, "relative"],
  ["softplus", softplus, 30, 16, "relative"],
  ["silu", silu, 30, 16, "relative"],
  ["gelu", gelu, 5, 16, "absolute"],
];

await onEachMachine(({ machine }) => {
  const onMachine = async (f: (x: Tensor) => Tensor, x: Tensor): Promise<ArrayLike<number>> => {
    const running = compile(trace(f, [x]), machine);
    const { data } = (await running.run([x])) as Tensor;
    running.dispose();
    return data;
  };

  test.each(functions)("%s", async (_name, f, largest, units, kind) => {
    const x = single(range(largest));
    const expected = f(tensor(Float64Array.from(x.data))).data;
    const found = await onMachine(f, x);
    const off = Array.from(found, (got, i) => {
      const right = expected[i] as number;
      return kind === "relative" ? distance(got, right) : Math.abs(got - right) * 2 ** 24;
    });
    const worst = off.indexOf(Math.max(...off));
    expect({ at: x.data[worst], off: off[worst], isNear: (off[worst] as number) <= units }).toMatchObject({
      isNear: true,
    });
  });

  test("nothing overflows or cancels", async () => {
    const far = single([-90, -50, 50, 90, 1e30, -1e30]);
    expect(Array.from(await onMachine(tanh, far))).toEqual([-1, -1, 1, 1, 1, -1]);
    expect(Array.from(await onMachine(softplus, far)).slice(2, 5)).toEqual([50, 90, Math.fround(1e30)]);
    expect(Array.from(await onMachine(gelu, far)).slice(2, 5)).toEqual([50, 90, Math.fround(1e30)]);
    const near = single([1e-6, -1e-6, 1e-10]);
    expect(Array.from(await onMachine(expm1, near))).toEqual(Array.from(near.data, (x) => Math.fround(Math.expm1(x))));
    expect(Array.from(await onMachine(tanh, near))).toEqual(Array.from(near.data, (x) => Math.fround(Math.tanh(x))));
  });

  test("powers of negative numbers have the sign of odd exponents", async () => {
    const x = single([-2, -2, -2, 0, 3]);
    const b = single([3, 2, -1, 2, 0]);
    const running = compile(trace(pow, [x, b]), machine);
    const { data } = (await running.run([x, b])) as Tensor;
    expect(Array.from(data, (y) => Math.round(y * 1e4) / 1e4)).toEqual([-8, 4, -0.5, 0, 1]);
  });
});
