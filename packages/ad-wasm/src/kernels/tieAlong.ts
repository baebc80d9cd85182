// Weights of branches that lie along the last axis of one tensor.
import type { TieParams } from "@nonsmooth/ad-core";
import { type Expression, load, op, select } from "../encoding/expression.ts";
import { call, type FunctionBuilder, type Local } from "../encoding/function.ts";
import { storeDouble } from "./doubles.ts";
import { type Frame, kernelFunction, least, plus, writeFault } from "./frame.ts";
import { type Kernel, nameOf, sizeOf, type Work } from "./kernel.ts";
import { compute, first, loadNumbers, type Numbers, repeated, splat, storeNumbers, turned } from "./numbers.ts";
import { copyRun } from "./runs.ts";
import { drawnRank, mostTies, shareFunction } from "./shares.ts";
import { isSquare, weighFours } from "./tieFours.ts";
import { isTabulated, type Row, rowOf, tiesWith, weightsTable } from "./tieRows.ts";

/** A unit has about so many elements. */
const unitSize = 512;

/** Rows so short are looked through without a loop. */
const unrolled = 16;

export const tieAlongKernel: Kernel<TieParams> = (task): Work => {
  const { shape } = task.output;
  const width = shape.at(-1) as number;
  const rows = width === 0 ? 0 : sizeOf(task.output) / width;
  const together = Math.max(1, Math.floor(unitSize / Math.max(1, width)));
  const row = rowOf(task, width);
  const ref = kernelFunction(task, nameOf("tieWeights along", task), (frame) => {
    const { f, from, to } = frame;
    const end = f.let(least(op("i32.mul", to, together), rows));
    const start = f.let(op("i32.mul", from, together));
    const weigh = isTabulated(row) ? weighByTable : weighRow;
    const rest = isSquare(row) ? weighFours(frame, row, start, end) : start;
    f.range(rest, end, 1, (at) => weigh(frame, row, at));
  });
  const canFail = width > mostTies(row.shares) ? ({ canFail: true } as const) : {};
  return { function: ref, units: Math.ceil(rows / together), cost: 4 * width * together, scratch: 0, ...canFail };
};

const bitsOf = ({ format }: Numbers, flags: Expression): Expression =>
  op(format === "f64" ? "i64x2.bitmask" : "i32x4.bitmask", flags);

function weighByTable({ f, out, inputs }: Frame, row: Row, at: Local): void {
  const { width, bytes, one, many, order } = row;
  const rowBytes = width * bytes;
  const n = rowBytes % 16 === 0 ? many : one;
  const source = f.let(plus(inputs[0] as Local, at, rowBytes));
  const values = Array.from({ length: rowBytes / n.bytes }, (_, i) => f.let(loadNumbers(n, source, i * n.bytes)));
  const best = f.let(values[0] as Local);
  for (const value of values.slice(1)) f.set(best, compute(n, order, best, value));
  const extreme = n.width === 1 ? best : everywhere(f, n, order, best);
  const sets = values.map((value, i) => {
    const flags = tiesWith(n, value, extreme);
    return op("i32.shl", n.width === 1 ? flags : bitsOf(n, flags), i * n.width);
  });
  const set = sets.reduce((all, some) => op("i32.or", all, some));
  const weights = f.let(op("i32.add", weightsTable(row), op("i32.mul", set, rowBytes)));
  const target = f.let(plus(out, at, rowBytes));
  copyRun(f, { base: weights, offset: 0 }, { base: target, offset: 0 }, rowBytes);
}

/** The extreme one of the lanes in each lane. */
function everywhere(f: FunctionBuilder, n: Numbers, order: "max" | "min", lanes: Local): Local {
  for (let by = n.width / 2; by >= 1; by /= 2) f.set(lanes, compute(n, order, lanes, turned(n, lanes, by)));
  return lanes;
}

/** Marks the branches that tie with 1, and divides what is marked when there are several. */
function weighRow({ f, out, inputs }: Frame, row: Row, at: Local): void {
  const { width, bytes, shares } = row;
  const source = f.let(plus(inputs[0] as Local, at, width * bytes));
  const mask = row.isMasked ? f.let(plus(inputs[1] as Local, at, width * 4)) : null;
  const target = f.let(plus(out, at, width * bytes));
  const extreme = extremeOf(f, row, source, mask);
  const ties = markTies(f, row, { source, mask, target }, extreme);
  f.if(op("i32.gt_s", ties, 1), () => {
    if (width > mostTies(shares)) {
      f.if(op("i32.gt_s", ties, mostTies(shares)), () => {
        writeFault(f, at, ties);
        f.return();
      });
    }
    divide(f, row, target, ties, f.let(drawnRank(shares, at, ties)));
  });
}

/** Elements of a row: an index that runs, and how many elements lie between. */
interface Spot {
  readonly index: Expression | null;
  readonly ahead: number;
}

/** The address of a spot, and the bytes behind it. */
const addressOf = (base: Local, { index, ahead }: Spot, bytes: number): readonly [Expression, number] =>
  index === null ? [base, ahead * bytes] : [plus(base, index, bytes), ahead * bytes];

/** Visits the elements of a row: by vectors, and the rest of them one by one; short rows without a loop. */
function eachPart(f: FunctionBuilder, row: Row, visit: (n: Numbers, spot: Spot) => void): void {
  const { width, one, many } = row;
  const whole = width - (width % many.width);
  const isShort = width <= unrolled;
  if (!isShort) f.range(0, whole, many.width, (index) => visit(many, { index, ahead: 0 }));
  for (let ahead = 0; isShort && ahead < whole; ahead += many.width) visit(many, { index: null, ahead });
  for (let ahead = whole; ahead < width; ahead++) visit(one, { index: null, ahead });
}

/** All bits where there is a branch; for one element 1. */
function presence(n: Numbers, mask: Local, spot: Spot): Expression {
  const place = addressOf(mask, spot, 4);
  if (n.width === 1) return load("i32.load", ...place);
  if (n.format !== "f64") return op("i32x4.neg", load("v128.load", ...place));
  return op("i64x2.neg", op("i64x2.extend_low_i32x4_u", load("v128.load64_zero", ...place)));
}

const worst = {
  max: { f32: -Infinity, f64: -Infinity, i32: -(2 ** 31) },
  min: { f32: Infinity, f64: Infinity, i32: 2 ** 31 - 1 },
};

/** The extreme branch of a row. */
function extremeOf(f: FunctionBuilder, row: Row, source: Local, mask: Local | null): Local {
  const { order, bytes, one, many } = row;
  const nothing = worst[order][one.format];
  const [lanes, single] = [f.let(repeated(many, nothing)), f.let(repeated(one, nothing))];
  eachPart(f, row, (n, spot) => {
    const best = n.width === 1 ? single : lanes;
    const value = loadNumbers(n, ...addressOf(source, spot, bytes));
    const better = compute(n, order, best, value);
    f.set(best, mask ? chosen(n, presence(n, mask, spot), better, best) : better);
  });
  return f.let(compute(one, order, first(many, everywhere(f, many, order, lanes)), single));
}

/** The first of two where flags say so. */
const chosen = (n: Numbers, flags: Expression, a: Expression, b: Expression): Expression =>
  n.width === 1 ? select(flags, a, b) : op("v128.bitselect", a, b, flags);

interface Places {
  readonly source: Local;
  readonly mask: Local | null;
  readonly target: Local;
}

/** Writes 1 where a branch ties and 0 elsewhere; returns how many tie. */
function markTies(f: FunctionBuilder, row: Row, { source, mask, target }: Places, extreme: Local): Local {
  const { bytes, many } = row;
  const ties = f.local("i32");
  f.set(ties, 0);
  const wide = f.let(splat(many, extreme));
  eachPart(f, row, (n, spot) => {
    const value = f.let(loadNumbers(n, ...addressOf(source, spot, bytes)));
    const tied = tiesWith(n, value, n.width === 1 ? extreme : wide);
    const and = n.width === 1 ? "i32.and" : "v128.and";
    const flags = f.let(mask ? op(and, tied, presence(n, mask, spot)) : tied);
    f.update(ties, "i32.add", n.width === 1 ? flags : op("i32.popcnt", bitsOf(n, flags)));
    const [address, offset] = addressOf(target, spot, bytes);
    storeNumbers(f, n, address, chosen(n, flags, repeated(n, 1), repeated(n, 0)), offset);
  });
  return ties;
}

/** Gives each branch that is marked its share. */
function divide(
  f: FunctionBuilder,
  { width, bytes, dtype, shares }: Row,
  target: Local,
  ties: Local,
  draw: Local,
): void {
  const share = shareFunction(shares);
  const rank = f.local("i32");
  f.set(rank, 0);
  f.range(0, width, 1, (place) => {
    const address = f.let(plus(target, place, bytes));
    // A 1 is marked in its upper half, in any format.
    f.if(load("i32.load", address, bytes - 4), () => {
      storeDouble(f, dtype, address, call(share, rank, ties, draw));
      f.update(rank, "i32.add", 1);
    });
  });
}
