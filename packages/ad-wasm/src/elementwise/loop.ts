// Chains of formulas as one loop over elements.
import type { DType } from "@nonsmooth/ad-core";
import type { Formula } from "@nonsmooth/ad-core/machines";
import { constant, type Expression, load, op, select } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import type { Work } from "../kernels/kernel.ts";
import { evaluate, type Four } from "./evaluate.ts";

/**
 * How an operand is seen at the elements of a loop: as it lies; one element everywhere; or repeated, `inner` times each
 * element and `period` elements over and over. Both are multiples of 4, or `inner` is 1, so that four elements that
 * begin at a multiple of 4 are four neighbours or four times the same.
 */
export type View =
  | { readonly kind: "direct" }
  | { readonly kind: "splat" }
  | { readonly kind: "repeat"; readonly inner: number; readonly period: number };

/** An operand that comes from memory, or a number. */
export type LoopInput =
  | { readonly kind: "memory"; readonly dtype: DType; readonly view: View }
  | { readonly kind: "number"; readonly dtype: DType; readonly value: number };

/** One formula of a chain: its operands are inputs of the loop, or results of formulas before it. */
export interface LoopStep {
  readonly formula: Formula;
  readonly dtype: DType;
  readonly operands: readonly { readonly kind: "input" | "step"; readonly index: number }[];
}

/** A chain of formulas over tensors of one size. */
export interface Loop {
  readonly name: string;
  readonly size: number;
  readonly inputs: readonly LoopInput[];
  readonly steps: readonly LoopStep[];
  /** The steps whose results are written to memory. */
  readonly outputs: readonly number[];
}

/** Elements in a unit: a multiple of the elements in a line of the cache. */
const unit = 1024;

/** The function of a loop: `(...outputs, ...inputs in memory, scratch, from, to)`. */
export function loopKernel(module: ModuleBuilder, loop: Loop): Work {
  const { name, size, inputs, outputs, steps } = loop;
  const memory = inputs.filter(({ kind }) => kind === "memory").length;
  const params = Array.from({ length: outputs.length + memory + 3 }, () => "i32" as const);
  const ref = module.function(name, params, null, (f, ...given) => {
    const [from, to] = given.slice(-2) as [Local, Local];
    const out = given.slice(0, outputs.length);
    const addresses = given.slice(outputs.length, -3);
    let next = 0;
    const readers = inputs.map((input) => readerOf(f, input, input.kind === "memory" ? addresses[next++] : undefined));
    const i = f.local("i32");
    const end = f.let(op("i32.mul", to, unit));
    const last = constant("i32", Math.ceil(size / 4) * 4);
    f.set(end, select(op("i32.lt_s", end, last), end, last));
    f.set(i, op("i32.mul", from, unit));
    for (const { begin } of readers) begin(i);
    f.while(
      () => op("i32.lt_s", i, end),
      () => {
        const read = new Map<number, Four>();
        const inputAt = (index: number): Four => {
          const found = read.get(index) ?? (readers[index] as Reader).read(i);
          read.set(index, found);
          return found;
        };
        const results: Four[] = [];
        for (const { formula, dtype, operands } of steps) {
          const fours = operands.map(({ kind, index }) =>
            kind === "input" ? inputAt(index) : (results[index] as Four),
          );
          results.push(evaluate({ module, f }, formula, fours, dtype));
        }
        outputs.forEach((step, k) => {
          write(f, out[k] as Local, i, results[step] as Four);
        });
        for (const { advance } of readers) advance();
        f.update(i, "i32.add", 4);
      },
    );
  });
  return { function: ref, units: Math.ceil(size / unit), cost: unit * steps.length, scratch: 0 };
}

/** The address of element `i`, which takes 4 or 8 bytes. */
const elementAt = (base: Expression, i: Expression, dtype: DType): Expression =>
  op("i32.add", base, op("i32.shl", i, dtype === "f64" ? 3 : 2));

function write(f: FunctionBuilder, base: Local, i: Local, { dtype, parts }: Four): void {
  const address = f.let(elementAt(base, i, dtype));
  parts.forEach((part, k) => {
    f.store("v128.store", address, part, 16 * k);
  });
}

/** How four elements of an operand are read, and what happens before the first four and after each. */
interface Reader {
  begin(i: Local): void;
  read(i: Local): Four;
  advance(): void;
}

const nothing = (): void => {};

function fourAt(f: FunctionBuilder, dtype: DType, base: Expression, i: Expression): Four {
  const address = f.let(elementAt(base, i, dtype));
  const parts = Array.from({ length: dtype === "f64" ? 2 : 1 }, (_, k) => f.let(load("v128.load", address, 16 * k)));
  return { dtype, parts };
}

/** One element four times. */
function oneAt(f: FunctionBuilder, dtype: DType, base: Expression, i: Expression): Four {
  const name = dtype === "f64" ? "v128.load64_splat" : "v128.load32_splat";
  const part = f.let(load(name, elementAt(base, i, dtype)));
  return { dtype, parts: dtype === "f64" ? [part, part] : [part] };
}

function numberReader(f: FunctionBuilder, dtype: DType, value: number): Reader {
  const part =
    dtype === "f64"
      ? op("f64x2.splat", value)
      : dtype === "i32" || dtype === "bool"
        ? op("i32x4.splat", value)
        : op("f32x4.splat", value);
  const local = f.let(part);
  const four: Four = { dtype, parts: dtype === "f64" ? [local, local] : [local] };
  return { begin: nothing, read: () => four, advance: nothing };
}

function readerOf(f: FunctionBuilder, input: LoopInput, base: Local | undefined): Reader {
  if (input.kind === "number") return numberReader(f, input.dtype, input.value);
  const { dtype, view } = input;
  const at = base as Local;
  if (view.kind === "direct") return { begin: nothing, read: (i) => fourAt(f, dtype, at, i), advance: nothing };
  if (view.kind === "splat") {
    const four = oneAt(f, dtype, at, constant("i32", 0));
    return { begin: nothing, read: () => four, advance: nothing };
  }
  return view.inner === 1 ? periodicReader(f, dtype, at, view.period) : repeatReader(f, dtype, at, view);
}

/** `period` elements over and over. */
function periodicReader(f: FunctionBuilder, dtype: DType, base: Local, period: number): Reader {
  const place = f.local("i32");
  return {
    begin: (i) => f.set(place, op("i32.rem_u", i, period)),
    read: () => fourAt(f, dtype, base, place),
    advance() {
      f.update(place, "i32.add", 4);
      f.set(place, select(op("i32.eq", place, period), constant("i32", 0), place));
    },
  };
}

/** Each of `period` elements `inner` times, over and over. */
function repeatReader(
  f: FunctionBuilder,
  dtype: DType,
  base: Local,
  { inner, period }: Extract<View, { kind: "repeat" }>,
): Reader {
  const [place, left] = [f.local("i32"), f.local("i32")];
  return {
    begin(i) {
      f.set(place, op("i32.rem_u", op("i32.div_u", i, inner), period));
      f.set(left, op("i32.sub", inner, op("i32.rem_u", i, inner)));
    },
    read: () => oneAt(f, dtype, base, place),
    advance() {
      f.update(left, "i32.sub", 4);
      f.if(op("i32.eqz", left), () => {
        f.set(left, inner);
        f.update(place, "i32.add", 1);
        f.set(place, select(op("i32.eq", place, period), constant("i32", 0), place));
      });
    },
  };
}
