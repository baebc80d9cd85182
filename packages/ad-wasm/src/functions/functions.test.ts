import { doubles } from "@nonsmooth/ad-core/machines";
import { describe, expect, test } from "vitest";
import { load } from "../encoding/expression.ts";
import { call, type FunctionRef, type Local } from "../encoding/function.ts";
import { aligned, ModuleBuilder } from "../encoding/module.ts";
import { at } from "../kernels/parts.ts";
import { type RealName, realFunction } from "./index.ts";
import { realVector } from "./vectors/index.ts";
import { realSingles } from "./vectors/singles.ts";

const unary = ["exp", "expm1", "log", "log1p", "sin", "cos", "tanh", "erf"] as const;
const ofVectors = ["exp", "expm1", "log", "log1p", "tanh", "erf"] as const;

/** Values of a function at each of the inputs, by one loop in a module. */
function valuesOf(name: RealName, ...inputs: readonly Float64Array[]): Float64Array {
  const module = new ModuleBuilder();
  return looped(module, realFunction(module, name), inputs);
}

/** Values of a function of one number or of a vector at each of the inputs. */
function looped(module: ModuleBuilder, ref: FunctionRef, inputs: readonly Float64Array[]): Float64Array {
  const size = inputs[0]?.length ?? 0;
  const type = ref.result === "v128" ? "v128" : "f64";
  const run = module.function("run", inputs.map(() => "i32" as const).concat("i32"), null, (f, ...addresses) => {
    f.range(0, size, type === "v128" ? 2 : 1, (i) => {
      const [out, ...args] = addresses.map((address) => at(address as Local, i, 8)) as [Local, ...Local[]];
      f.store(`${type}.store`, out, call(ref, ...args.map((arg) => load(`${type}.load`, arg))));
    });
  });
  module.export("run", run);
  const start = aligned(module.tablesEnd);
  const pages = Math.ceil((start + (inputs.length + 1) * size * 8) / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const compiled = new WebAssembly.Module(module.finish({ pages, isShared: false }));
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  const addresses = [...inputs.keys(), inputs.length].map((i) => start + i * size * 8);
  inputs.forEach((input, i) => void new Float64Array(memory.buffer, addresses[i + 1], size).set(input));
  (exports.run as (...addresses: number[]) => void)(...addresses);
  return new Float64Array(memory.buffer, start, size);
}

/** Words that look random and are the same every time. */
function words(count: number, seed: number): Uint32Array {
  let state = seed;
  return Uint32Array.from({ length: count }, () => {
    state = (state + 0x9e3779b9) | 0;
    let word = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return word ^ (word >>> 15);
  });
}

/** Doubles of any bits, doubles of middling size, and some that a short format holds. */
function drawn(count: number, seed: number): number[] {
  const bits = new Float64Array(words(2 * count, seed).buffer);
  const middling = Array.from(words(2 * count, seed + 1), (word, i) =>
    i % 3 === 0 ? word * 2 ** -32 : word * 2 ** -26,
  );
  const signed = middling.map((x, i) => (i % 2 === 0 ? x : -x) * (1 + 2 ** -45 * (i % 1024)));
  return [...bits, ...signed, ...bits.map(Math.fround), ...signed.map(Math.fround)];
}

/** The doubles next to a number on both sides. */
function around(x: number): number[] {
  const cell = new Float64Array([x]);
  const bits = new BigInt64Array(cell.buffer);
  const near = (by: bigint): number => {
    cell[0] = x;
    bits[0] = (bits[0] as bigint) + by;
    return cell[0] as number;
  };
  return [-3n, -2n, -1n, 0n, 1n, 2n, 3n].map(near);
}

const thresholds = [
  ...[0.0625, 0.125, 0.0019, 0.0039, 0.703125, 0.7853981633974483, 1e-9, 1e-17, 1e-200, 6, 20, 50, 710, 746, 1600000],
  ...[709.782712893384, 708.3964185322641, 745.1332191019412, 2.2250738585072014e-308, 5e-324, 1.7976931348623157e308],
  ...[3.6893488147419103e19, 2.710505431213761e-20, Infinity, NaN, 0, 6381956970095103 * 2 ** 797],
];
const powers = Array.from({ length: 2098 }, (_, i) => (i < 52 ? 5e-324 * 2 ** i : 2 ** (i - 1074)));
const counted = Array.from({ length: 3000 }, (_, i) => [
  i / 2,
  (i * Math.PI) / 2,
  i / 128,
  (i + 0.5) / 128,
  i / 64,
]).flat();
const special = [...thresholds, ...powers, ...counted].flatMap((x) => [...around(x), ...around(-x)]);

/** The bits of numbers, all that are no number being one. */
function bitsOf(numbers: Float64Array): BigUint64Array {
  return new BigUint64Array(numbers.map((x) => (Number.isNaN(x) ? NaN : x)).buffer);
}

/** Where two lists of numbers differ. */
function differences(got: Float64Array, expected: Float64Array, ...inputs: readonly Float64Array[]): string[] {
  const [a, b] = [bitsOf(got), bitsOf(expected)];
  const places = [...a.keys()].filter((i) => a[i] !== b[i]);
  return places.slice(0, 5).map((i) => `${inputs.map((x) => x[i])}: ${got[i]}, not ${expected[i]}`);
}

test.each(unary)("%s has the bits of the reference", (name) => {
  const inputs = Float64Array.from([...drawn(60000, 7), ...special]);
  expect(inputs.length).toBeGreaterThan(200000);
  expect(differences(valuesOf(name, inputs), inputs.map(doubles[name]), inputs)).toEqual([]);
});

/** Numbers of any kind, in turn before another one and behind an ordinary one. */
function mixed(): Float64Array {
  const all = [...drawn(20000, 11), ...special];
  const ordinary = drawn(20000, 13).map((x) => ((x - Math.trunc(x)) * 7) / 2);
  const other = (i: number): number => all[(i * 7919) % all.length] as number;
  const pair = (x: number, i: number): number[] =>
    i % 2 === 0 ? [x, other(i)] : [ordinary[i % ordinary.length] as number, x];
  return Float64Array.from([...all.flatMap(pair), ...ordinary]);
}

describe.each(ofVectors)("%s of vectors has the bits of the reference", (name) => {
  test("in both lanes, whatever the other one holds", () => {
    const [module, inputs] = [new ModuleBuilder(), mixed()];
    const got = looped(module, realVector(module, name) as FunctionRef, [inputs]);
    expect(differences(got, inputs.map(doubles[name]), inputs)).toEqual([]);
  });

  test("when they hold singles", () => {
    const [module, inputs] = [new ModuleBuilder(), Float32Array.from(mixed())];
    const packed = new Float64Array(inputs.buffer);
    const got = new Float32Array(looped(module, realSingles(module, name) as FunctionRef, [packed]).slice().buffer);
    const expected = inputs.map(doubles[name]);
    expect(differences(Float64Array.from(got), Float64Array.from(expected), Float64Array.from(inputs))).toEqual([]);
  });
});

test("pow has the bits of the reference", () => {
  const few = [...thresholds, 1, 2, 3, 0.5, 1.5, 4, 5, 1023, 1024, 1075, 2 ** 53, 2 ** 31 + 1].flatMap((x) => [
    ...around(x).slice(2, 5),
    ...around(-x).slice(2, 5),
  ]);
  const pairs = few.flatMap((x) => few.map((y) => [x, y]));
  const x = Float64Array.from([...pairs.map(([base]) => base as number), ...drawn(60000, 1), ...special]);
  const exponents = [...drawn(60000, 2).map((y, i) => (i % 4 === 0 ? Math.floor(y) : y)), ...special.toReversed()];
  const y = Float64Array.from([...pairs.map(([, exponent]) => exponent as number), ...exponents]);
  const expected = x.map((base, i) => doubles.pow(base, y[i] as number));
  expect(new Set(expected).size).toBeGreaterThan(20000);
  expect(differences(valuesOf("pow", x, y), expected, x, y)).toEqual([]);
});

test("a function is made once in a module", () => {
  const module = new ModuleBuilder();
  expect(realFunction(module, "exp")).toBe(realFunction(module, "exp"));
});
