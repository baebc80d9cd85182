import { roundTo } from "@nonsmooth/ad-core/machines";
import { describe, expect, test } from "vitest";
import { load } from "../encoding/expression.ts";
import type { Local } from "../encoding/function.ts";
import { aligned, ModuleBuilder } from "../encoding/module.ts";
import { roundedDoubles, roundedSingles } from "./rounding.ts";

type Short = "f16" | "bf16";

/** Rounds numbers in place by one loop over vectors. */
function rounded<T extends Float32Array | Float64Array>(format: Short, numbers: T): T {
  const module = new ModuleBuilder();
  const round = numbers instanceof Float32Array ? roundedSingles : roundedDoubles;
  const run = module.function("run", ["i32", "i32"], null, (f, from, to) =>
    f.range(from as Local, to as Local, 16, (i) => f.store("v128.store", i, round(f, format, load("v128.load", i)))),
  );
  module.export("run", run);
  const start = aligned(module.tablesEnd);
  const pages = Math.ceil((start + numbers.byteLength + 64) / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const compiled = new WebAssembly.Module(module.finish({ pages, isShared: false }));
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  const place = new (numbers.constructor as new (...args: unknown[]) => T)(memory.buffer, start, numbers.length);
  place.set(numbers);
  (exports.run as (from: number, to: number) => void)(start, start + numbers.byteLength);
  return place;
}

/** Everything that can happen around each power of two: on the grid, at ties, and next to them. */
function samples(): number[] {
  const steps = [0, 1, 2, 3, 511, 512, 1022, 1023].flatMap((k) =>
    [k, k + 0.25, k + 0.5, k + 0.75].map((s) => s / 1024),
  );
  const coarse = [0, 1, 2, 126, 127].flatMap((k) => [k, k + 0.5].map((s) => s / 128));
  const nudges = [0, 2 ** -23, -(2 ** -23), 2 ** -52, -(2 ** -52), 2 ** -30];
  const sizes = [...steps, ...coarse].flatMap((step) => nudges.map((nudge) => 1 + step + nudge));
  const powers = Array.from({ length: 340 }, (_, i) => 2 ** (i - 180));
  const far = [2 ** -1074, 2 ** -1022, 2 ** -500, 2 ** 300, 2 ** 900, 2 ** 1023];
  const special = [0, Infinity, NaN, 65504, 65519.99, 65520, 65536, 5.9604644775390625e-8, 2.98e-8];
  const all = [...special, ...[...powers, ...far].flatMap((power) => sizes.map((size) => size * power))];
  return all.flatMap((x) => [x, -x]);
}

/** Where the vectors and the reference differ; NaN is one. */
function differences(format: Short, inputs: Float32Array | Float64Array): string[] {
  const got = rounded(format, inputs.slice());
  const round = roundTo(format);
  const places = [...inputs.keys()].filter((i) => !Object.is(got[i], round(inputs[i] as number)));
  return places.slice(0, 5).map((i) => `${inputs[i]}: ${got[i]}, not ${round(inputs[i] as number)}`);
}

describe.each(["f16", "bf16"] as const)("rounding to %s", (format) => {
  test("of doubles is that of the reference", () => {
    const inputs = Float64Array.from(samples());
    expect(inputs.length).toBeGreaterThan(100000);
    expect(differences(format, inputs)).toEqual([]);
  });

  test("of singles is that of the reference", () => {
    expect(differences(format, Float32Array.from(samples()))).toEqual([]);
  });

  test("keeps NaN of any bits", () => {
    const odd = new Float32Array(Uint32Array.of(0x7fffffff, 0xffffffff, 0x7f800001, 0xff800001).buffer);
    expect(differences(format, odd)).toEqual([]);
  });

  test("happens once: a double between a tie and the next single rounds up", () => {
    const tie = format === "f16" ? 1 + 2 ** -11 : 1 + 2 ** -8;
    expect(rounded(format, Float64Array.of(tie, tie + 2 ** -40))).toEqual(
      Float64Array.of(1, format === "f16" ? 1 + 2 ** -10 : 1 + 2 ** -7),
    );
  });

  test("leaves what the format holds", () => {
    const held = Float32Array.from(samples(), roundTo(format));
    expect(differences(format, held)).toEqual([]);
  });
});
