// The exponential of vectors: the operations of the function of one number, two numbers at a time, where all of them are
// of ordinary size; else number by number.
import { expTable } from "@nonsmooth/ad-core/machines";
import { type Expression, lane, load, op, shuffle, vector, withLane } from "../encoding/expression.ts";
import { call, type FunctionBuilder, type FunctionRef, type Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { rounder } from "../functions/bits.ts";
import { realFunction } from "../functions/index.ts";

const stepsPerUnit = 184.6649652337873;
// log(2)/128 in two parts, as the function of one number has them.
const stepHigh = 0.0054152123482253955;
const stepLow = -1.0082281460997769e-13;

/** Up to this size no result over- or underflows, and powers of two are normal doubles. */
const ordinary = 700;

const both = (value: number): Expression => vector(Float64Array.of(value, value));
const add = (a: Expression, b: Expression): Expression => op("f64x2.add", a, b);
const sub = (a: Expression, b: Expression): Expression => op("f64x2.sub", a, b);
const mul = (a: Expression, b: Expression): Expression => op("f64x2.mul", a, b);

/** `exp(r) - 1 - r` for |r| < 0.0028, cut after r^6. */
function expTail(r: Local): Expression {
  const series = [1 / 120, 1 / 24, 1 / 6, 0.5].reduce((inner, c) => add(both(c), mul(r, inner)), both(1 / 720));
  return mul(mul(r, r), series);
}

const lowHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const highHalves = lowHalves.map((byte) => byte + 8);

/** The factors 2^(index/128), and what they miss, from the rows of the table that two indices name. */
function factorsOf(f: FunctionBuilder, module: ModuleBuilder, steps: Local): { factor: Expression; low: Expression } {
  const table = module.table("exp", expTable);
  const rowOf = (i: number): Local => {
    const index = op("i32.and", lane("i32x4", steps, 2 * i), 127);
    return f.let(load("v128.load", op("i32.shl", index, 4), table));
  };
  const [a, b] = [rowOf(0), rowOf(1)];
  return { factor: f.let(shuffle(a, b, lowHalves)), low: shuffle(a, b, highHalves) };
}

/** The exponentials of two doubles of ordinary size. */
function ofTwo(f: FunctionBuilder, module: ModuleBuilder, x: Local): Expression {
  const steps = f.let(add(mul(x, both(stepsPerUnit)), both(rounder)));
  const n = f.let(sub(steps, both(rounder)));
  const first = f.let(sub(x, mul(n, both(stepHigh))));
  const second = f.let(mul(n, both(stepLow)));
  const r = f.let(sub(first, second));
  const rest = sub(sub(first, r), second);
  const { factor, low } = factorsOf(f, module, steps);
  const small = add(low, mul(factor, add(r, add(rest, expTail(r)))));
  const power = op("i64x2.add", op("i32x4.shr_s", steps, 7), vector(BigInt64Array.of(1023n, 1023n)));
  return mul(add(factor, small), op("i64x2.shl", power, 52));
}

/** The function of two doubles in a module. */
export function exponentialsOfTwo(module: ModuleBuilder): FunctionRef {
  const one = realFunction(module, "exp");
  return module.function("exp f64x2", ["v128"], "v128", (f, ...params) => {
    const [x] = params as [Local];
    const isOrdinary = op("i64x2.all_true", op("f64x2.le", op("f64x2.abs", x), both(ordinary)));
    f.if(isOrdinary, () => f.return(ofTwo(f, module, x)));
    const [low, high] = [0, 1].map((i) => call(one, lane("f64x2", x, i))) as [Expression, Expression];
    f.result(withLane("f64x2", op("f64x2.splat", low), 1, high));
  });
}

/** The function of four singles in a module: computed in double, and rounded. */
export function exponentialsOfFour(module: ModuleBuilder): FunctionRef {
  const two = exponentialsOfTwo(module);
  const limit = vector(new Float32Array(4).fill(ordinary));
  return module.function("exp f32x4", ["v128"], "v128", (f, ...params) => {
    const [x] = params as [Local];
    const [low, high] = [x, shuffle(x, x, highHalves)].map((half) => f.let(op("f64x2.promote_low_f32x4", half))) as [
      Local,
      Local,
    ];
    const joined = (a: Expression, b: Expression): Expression =>
      shuffle(op("f32x4.demote_f64x2_zero", a), op("f32x4.demote_f64x2_zero", b), lowHalves);
    const isOrdinary = op("i32x4.all_true", op("f32x4.le", op("f32x4.abs", x), limit));
    f.if(isOrdinary, () => {
      const [a, b] = [f.let(ofTwo(f, module, low)), f.let(ofTwo(f, module, high))];
      f.return(joined(a, b));
    });
    f.result(joined(call(two, low), call(two, high)));
  });
}
