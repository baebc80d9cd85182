// The function that copies and fills boxes: loops with constant strides around runs, tiles or single elements.
import { type Expression, load, op, vector } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import type { Box, Step } from "./boxes.ts";
import { type Frame, kernelFunction, least, most, plus } from "./frame.ts";
import type { Task, Work } from "./kernel.ts";
import { countOf, type Inside, type Plan, plansOf } from "./plans.ts";
import { copyRun, fillRun, type Place } from "./runs.ts";
import { copyTiles } from "./tiles.ts";

/** So many elements are copied without a loop. */
const unrolled = 8;

/** A kernel that copies and fills boxes of its output; together they cover it, and none meets another. */
export function copyBoxes(task: Pick<Task, "module" | "inputs" | "output">, name: string, boxes: readonly Box[]): Work {
  const plans = plansOf(boxes);
  let units = 0;
  let cost = 0;
  const starts = plans.map((plan) => {
    const start = units;
    units += countOf(plan.units);
    cost = Math.max(cost, elementsIn(plan));
    return start;
  });
  const ref = kernelFunction(task, name, (frame) => {
    plans.forEach((plan, i) => {
      copyPlan(frame, plan, starts[i] as number, task.output.dtype === "f64");
    });
  });
  return { function: ref, units, cost, scratch: 0 };
}

/** How many elements of 4 or 8 bytes a unit moves. */
const elementsIn = ({ loops, inside, box }: Plan): number => (countOf(loops) * insideCount(inside) * box.bytes) / 4;

function insideCount(inside: Inside): number {
  if (inside.kind === "element") return 1;
  return inside.kind === "tiles" ? inside.tiled.row.size * inside.tiled.column.size : inside.size;
}

/** The units of one plan, which are numbered from `start` on. */
function copyPlan({ f, out, inputs, from, to }: Frame, plan: Plan, start: number, isWide: boolean): void {
  const { box, units, loops, inside } = plan;
  const begin = f.let(most(op("i32.sub", from, start), 0));
  const end = f.let(least(op("i32.sub", to, start), countOf(units)));
  const source = typeof box.source === "number" ? (inputs[box.source] as Local) : out;
  const filling = typeof box.source === "number" ? null : f.let(filled(box.source.fill, isWide));
  f.range(begin, end, 1, (unit) => {
    const [sourceOffset, targetOffset] = unitOffsets(f, unit, units);
    const places = [
      { base: f.let(op("i32.add", op("i32.add", source, box.from), sourceOffset)), offset: 0 },
      { base: f.let(op("i32.add", op("i32.add", out, box.to), targetOffset)), offset: 0 },
    ] as const;
    walk(f, loops, ...places, (one, other) => copyInside(f, { box, inside, filling }, one, other));
  });
}

const filled = (value: number, isWide: boolean): Expression =>
  vector(isWide ? Float64Array.of(value, value) : Float32Array.of(value, value, value, value));

/** The bytes at which a unit begins, in the source and in the result. */
function unitOffsets(f: FunctionBuilder, unit: Local, units: readonly Step[]): [Expression, Expression] {
  if (units.length === 1) {
    const [{ from, to }] = units as [Step];
    return [op("i32.mul", unit, from), op("i32.mul", unit, to)];
  }
  const [source, target, rest] = [f.local("i32"), f.local("i32"), f.let(unit)];
  f.set(source, 0);
  f.set(target, 0);
  for (const { size, from, to } of units.toReversed()) {
    const index = f.let(op("i32.rem_u", rest, size));
    f.set(source, plus(source, index, from));
    f.set(target, plus(target, index, to));
    f.set(rest, op("i32.div_u", rest, size));
  }
  return [source, target];
}

/** Loops over axes, the outermost first. */
function walk(
  f: FunctionBuilder,
  steps: readonly Step[],
  from: Place,
  to: Place,
  body: (from: Place, to: Place) => void,
): void {
  const [step, ...rest] = steps;
  if (!step) {
    body(from, to);
    return;
  }
  const moved = (place: Place, bytes: number): Place => ({ base: place.base, offset: place.offset + bytes });
  if (countOf(steps) <= unrolled) {
    for (let i = 0; i < step.size; i++) walk(f, rest, moved(from, i * step.from), moved(to, i * step.to), body);
    return;
  }
  const [source, target] = [
    { ...from, base: f.let(from.base) },
    { ...to, base: f.let(to.base) },
  ];
  const end = f.let(op("i32.add", target.base, step.size * step.to));
  f.do(
    () => {
      walk(f, rest, source, target, body);
      if (step.from !== 0) f.update(source.base, "i32.add", step.from);
      f.update(target.base, "i32.add", step.to);
    },
    () => op("i32.ne", target.base, end),
  );
}

const splats = { 4: "v128.load32_splat", 8: "v128.load64_splat", 16: "v128.load" } as const;

function copyInside(
  f: FunctionBuilder,
  { box, inside, filling }: { readonly box: Box; readonly inside: Inside; readonly filling: Local | null },
  from: Place,
  to: Place,
): void {
  if (inside.kind === "tiles") copyTiles(f, inside.tiled, from, to);
  else if (filling) fillRun(f, to, filling, insideCount(inside) * box.bytes);
  else if (inside.kind === "splat") {
    fillRun(f, to, f.let(load(splats[box.bytes], from.base, from.offset)), inside.size * box.bytes);
  } else copyRun(f, from, to, insideCount(inside) * box.bytes);
}
