// Random numbers from keys: four places at a time, each a function of the key and of its place alone.
import type { Draws, DType } from "@nonsmooth/ad-core";
import { constant, type Expression, lane, load, op, shuffle, vector, withLane } from "../encoding/expression.ts";
import { call, type FunctionBuilder, type Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { type RealName, realFunction } from "../functions/index.ts";
import { roundedDoubles } from "../functions/rounding.ts";
import { kernelFunction } from "./frame.ts";
import { bytesOf, type Kernel, sizeOf, type Task } from "./kernel.ts";
import { at } from "./parts.ts";

/** Half of what a counter says: no two operations draw the same words from one key. */
const domains = { split: 0, uniform: 1, normal: 2 } as const;

/** Two words at each of four places. */
interface Words {
  readonly x: Local;
  readonly y: Local;
}

const doubles = (value: number): Expression => vector(Float64Array.of(value, value));
const singles = (value: number): Expression => vector(new Float32Array(4).fill(value));
const integers = (value: number): Expression => vector(new Int32Array(4).fill(value));

/** The two words of a key and the third one that belongs to them, each in four lanes. */
function scheduleOf(f: FunctionBuilder, key: Local): readonly Local[] {
  const [first, second] = [load("i32.load", key), load("i32.load", key, 4)];
  const third = op("i32.xor", op("i32.xor", 0x1bd11bda, first), second);
  return [first, second, third].map((word) => f.let(op("i32x4.splat", word)));
}

const rotated = (words: Local, by: number): Expression =>
  op("v128.or", op("i32x4.shl", words, by), op("i32x4.shr_u", words, 32 - by));

const rotations = [
  [17, 29, 16, 24],
  [13, 15, 26, 6],
] as const;

/** Threefry-2x32 with 20 rounds, at four places. */
function threefry(f: FunctionBuilder, schedule: readonly Local[], places: Expression, domain: number): Words {
  const word = (i: number): Local => schedule[i % 3] as Local;
  const x = f.let(op("i32x4.add", places, word(0)));
  const y = f.let(op("i32x4.add", integers(domain), word(1)));
  for (let group = 1; group <= 5; group++) {
    for (const by of rotations[(group % 2) as 0 | 1]) {
      f.update(x, "i32x4.add", y);
      f.set(y, op("v128.xor", rotated(y, by), x));
    }
    f.update(x, "i32x4.add", word(group));
    f.set(y, op("i32x4.add", op("i32x4.add", y, word(group + 1)), integers(group)));
  }
  return { x, y };
}

/** Doubles in [0, 1) from the upper 53 of 64 bits, of the first two places. */
function units(x: Expression, y: Expression): Expression {
  const upper = op("f64x2.mul", op("f64x2.convert_low_i32x4_u", x), doubles(2 ** 21));
  const lower = op("f64x2.convert_low_i32x4_u", op("i32x4.shr_u", y, 11));
  return op("f64x2.mul", op("f64x2.add", upper, lower), doubles(2 ** -53));
}

/** Some of the eight words of two vectors, by their numbers. */
const wordsOf = (a: Expression, b: Expression, numbers: readonly number[]): Expression =>
  shuffle(
    a,
    b,
    numbers.flatMap((i) => [0, 1, 2, 3].map((byte) => 4 * i + byte)),
  );

/** The words of a vector in another order. */
const lanesOf = (words: Local, order: readonly number[]): Expression => wordsOf(words, words, order);

/** How many steps of each format there are between 0 and 1, as bits. */
const bits = { f32: 24, f16: 11, bf16: 8 } as const;

const split: Kernel<number> = (task) => {
  const ref = kernelFunction(task, `split ${task.params}`, ({ f, out, inputs: [key], from, to }) => {
    f.range(from, to, 1, () => {
      const child = op("i32x4.splat", constant("i32", task.params));
      const { x, y } = threefry(f, scheduleOf(f, key as Local), child, domains.split);
      f.store("i32.store", out, lane("i32x4", x, 0));
      f.store("i32.store", out, lane("i32x4", y, 0), 4);
    });
  });
  return { function: ref, units: 1, cost: 100, scratch: 0 };
};

/** A kernel that draws, four elements at a time; a unit is a line of 64 bytes. */
function drawing(
  task: Task<Draws>,
  domain: "uniform" | "normal",
  cost: number,
  store: (f: FunctionBuilder, address: Local, words: Words) => void,
): ReturnType<Kernel> {
  const { dtype } = task.output;
  const bytes = bytesOf(dtype);
  const perUnit = 64 / bytes;
  const ref = kernelFunction(task, `random ${domain} ${dtype}`, ({ f, out, inputs: [key], from, to }) => {
    const schedule = scheduleOf(f, key as Local);
    const end = f.let(op("i32.mul", to, perUnit));
    f.range(op("i32.mul", from, perUnit), end, 4, (place) => {
      const places = op("i32x4.add", op("i32x4.splat", place), vector(Int32Array.of(0, 1, 2, 3)));
      const words = threefry(f, schedule, places, domains[domain]);
      store(f, f.let(at(out, place, bytes)), words);
    });
  });
  return { function: ref, units: Math.ceil(sizeOf(task.output) / perUnit), cost: cost * perUnit, scratch: 0 };
}

const randomUniform: Kernel<Draws> = (task) =>
  drawing(task, "uniform", 30, (f, address, { x, y }) => {
    const { dtype } = task.output;
    if (dtype !== "f64") return f.store("v128.store", address, cutOff(x, bits[dtype as keyof typeof bits]));
    f.store("v128.store", address, units(x, y));
    f.store("v128.store", address, units(lanesOf(x, [2, 3, 2, 3]), lanesOf(y, [2, 3, 2, 3])), 16);
  });

/** Singles in [0, 1) from the upper bits of words. */
const cutOff = (x: Local, count: number): Expression =>
  op("f32x4.mul", op("f32x4.convert_i32x4_u", op("i32x4.shr_u", x, 32 - count)), singles(2 ** -count));

/** Two pairs by the method of Box and Muller: `r cos t, r sin t` with `r = √(-2 log(1 - u))`, `t = 2 π v`. */
const randomNormal: Kernel<Draws> = (task) =>
  drawing(task, "normal", 100, (f, address, { x, y }) => {
    const [even, odd] = [
      [0, 2, 0, 2],
      [1, 3, 1, 3],
    ] as const;
    const rest = f.let(op("f64x2.sub", doubles(1), units(lanesOf(x, even), lanesOf(y, even))));
    const radius = f.let(op("f64x2.sqrt", op("f64x2.mul", doubles(-2), onBoth(task.module, "log", rest))));
    const angle = f.let(op("f64x2.mul", doubles(2 * Math.PI), units(lanesOf(x, odd), lanesOf(y, odd))));
    const cosines = f.let(op("f64x2.mul", radius, onBoth(task.module, "cos", angle)));
    const sines = f.let(op("f64x2.mul", radius, onBoth(task.module, "sin", angle)));
    const pairs = [wordsOf(cosines, sines, [0, 1, 4, 5]), wordsOf(cosines, sines, [2, 3, 6, 7])] as const;
    storeReals(f, task.output.dtype, address, pairs);
  });

/** A function of both lanes. */
function onBoth(module: ModuleBuilder, name: RealName, x: Local): Expression {
  const ref = realFunction(module, name);
  const [first, second] = [0, 1].map((i) => call(ref, lane("f64x2", x, i))) as [Expression, Expression];
  return withLane("f64x2", op("f64x2.splat", first), 1, second);
}

/** Rounds doubles once, and stores them. */
function storeReals(f: FunctionBuilder, dtype: DType, address: Local, pairs: readonly [Expression, Expression]): void {
  if (dtype === "f64") {
    pairs.forEach((pair, i) => void f.store("v128.store", address, pair, 16 * i));
    return;
  }
  const [first, second] = pairs.map((pair) => {
    const isShort = dtype === "f16" || dtype === "bf16";
    return op("f32x4.demote_f64x2_zero", isShort ? roundedDoubles(f, dtype, pair) : pair);
  }) as [Expression, Expression];
  f.store("v128.store", address, wordsOf(first, second, [0, 1, 4, 5]));
}

/** Kernels of the primitives that make keys and draw from them. */
export const randomKernels: Readonly<Record<string, Kernel>> = { split, randomUniform, randomNormal };
