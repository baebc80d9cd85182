// Weights of branches that are tensors of their own, summed up with coefficients.
import type { DType, TieParams } from "@nonsmooth/ad-core";
import { roundTo, shareOf } from "@nonsmooth/ad-core/machines";
import { constant, type Expression, load, op, select } from "../encoding/expression.ts";
import { call, type FunctionBuilder, type Local } from "../encoding/function.ts";
import type { OperationName } from "../encoding/operations.ts";
import { loadDouble, storeDouble } from "./doubles.ts";
import { type Frame, kernelFunction, least, plus, writeFault } from "./frame.ts";
import { bytesOf, type Kernel, nameOf, sizeOf, type Task, type Work } from "./kernel.ts";
import { formatOf, repeated, vectorOf } from "./numbers.ts";
import { drawnRank, mostTies, type Shares, shareFunction } from "./shares.ts";

/** Elements in a unit: whole lines of the cache, so that a loop by vectors may run over the end of the last one. */
const unit = 1024;

/** Two branches of reals are compared by vectors, others one by one. */
export const tieAcrossKernel: Kernel<TieParams> = (task): Work => {
  const { masked, selection, coefficients } = task.params;
  if (masked) throw new Error("a mask needs branches along an axis");
  const isPair = task.inputs.length === 2 && selection.drawn === 0 && mostTies({ selection }) >= 2;
  const isReal = formatOf(task.output.dtype) !== "i32";
  const name = `${nameOf("tieWeights across", task)} ${coefficients}`;
  const ref = kernelFunction(task, name, (frame) => {
    const size = sizeOf(task.output);
    const end = frame.f.let(least(op("i32.mul", frame.to, unit), size));
    const start = frame.f.let(op("i32.mul", frame.from, unit));
    if (isPair && isReal) mixPairs(frame, task, start, end);
    else mixBranches(frame, task, start, end);
  });
  const work = { function: ref, units: Math.ceil(sizeOf(task.output) / unit), scratch: 0 };
  const canFail = task.inputs.length > mostTies({ selection }) ? ({ canFail: true } as const) : {};
  return { ...work, cost: unit * task.inputs.length, ...canFail };
};

/** The weighted sum of coefficients as the result holds it. */
function mixedAs(dtype: DType, weights: readonly number[], coefficients: readonly number[]): number {
  let total = 0;
  weights.forEach((weight, i) => {
    if (weight !== 0) total += weight * (coefficients[i] as number);
  });
  return roundTo(dtype)(dtype === "f64" ? total : Math.fround(total));
}

/** Of two branches one wins or both tie: three numbers to choose from. */
function mixPairs({ f, out, inputs }: Frame, { output, params }: Task<TieParams>, start: Local, end: Local): void {
  const { selection, coefficients, order } = params;
  const { dtype } = output;
  const bytes = bytesOf(dtype);
  const shares = [0, 1].map((rank) => shareOf(selection, rank, 2, 0));
  const [first, second, both] = [[1, 0], [0, 1], shares].map((weights) =>
    f.let(repeated(vectorOf(formatOf(dtype)), mixedAs(dtype, weights, coefficients))),
  ) as [Local, Local, Local];
  const compare = (step: string, a: Expression, b: Expression): Expression =>
    op(`${bytes === 8 ? "f64x2" : "f32x4"}.${step}` as OperationName, a, b);
  f.range(start, end, 16 / bytes, (i) => {
    const [a, b] = inputs.map((x) => f.let(load("v128.load", plus(x, i, bytes)))) as [Local, Local];
    const bothNaN = op("v128.and", compare("ne", a, a), compare("ne", b, b));
    const isTie = op("v128.or", compare("eq", a, b), bothNaN);
    const firstWins = op("v128.or", compare(order === "max" ? "gt" : "lt", a, b), compare("ne", a, a));
    const winner = op("v128.bitselect", first, second, firstWins);
    f.store("v128.store", plus(out, i, bytes), op("v128.bitselect", both, winner, isTie));
  });
}

/** One kink after the other, in doubles. */
function mixBranches({ f, out, inputs }: Frame, task: Task<TieParams>, start: Local, end: Local): void {
  const { dtype } = task.output;
  const bytes = bytesOf(dtype);
  const { order, coefficients, selection } = task.params;
  const shares: Shares = { module: task.module, ...task.params };
  const share = shareFunction(shares);
  f.range(start, end, 1, (i) => {
    const values: readonly Expression[] = inputs.map((x) => f.let(loadDouble(dtype, plus(x, i, bytes))));
    const extreme = f.let(values.reduce((best, value) => op(`f64.${order as "max" | "min"}`, best, value)));
    const tied: readonly Expression[] = values.map((value) =>
      f.let(op("i32.or", op("f64.eq", value, extreme), op("f64.ne", value, value))),
    );
    const ties = f.let(tied.reduce((count, one) => op("i32.add", count, one)));
    if (inputs.length > mostTies({ selection })) {
      f.if(op("i32.gt_s", ties, mostTies({ selection })), () => {
        writeFault(f, i, ties);
        f.return();
      });
    }
    const draw = f.local("i32");
    if (selection.drawn !== 0) f.if(op("i32.gt_s", ties, 1), () => f.set(draw, drawnRank(shares, i, ties)));
    const rank = f.let(constant("i32", 0));
    const total = f.let(constant("f64", 0));
    tied.forEach((isTied, k) => {
      f.if(isTied, () => addShare(f, total, call(share, rank, ties, draw), coefficients[k] as number));
      f.update(rank, "i32.add", isTied);
    });
    storeDouble(f, dtype, plus(out, i, bytes), total);
  });
}

/** A weight of 0 adds nothing, even to a coefficient that is no number. */
function addShare(f: FunctionBuilder, total: Local, weight: Expression, coefficient: number): void {
  const w = f.let(weight);
  f.set(total, select(op("f64.ne", w, 0), op("f64.add", total, op("f64.mul", w, coefficient)), total));
}
