// Samples side by side: planes of some samples are copied so that each vector holds one position of several samples.
import { type Expression, load, op, type Value, vector } from "../../encoding/expression.ts";
import type { FunctionBuilder, FunctionRef, Local } from "../../encoding/function.ts";
import type { ModuleBuilder } from "../../encoding/module.ts";
import { least, plus } from "../frame.ts";
import { type Lanes, loadSome, nothing, storeSome, transposed, zeros } from "./lanes.ts";

/** Planes as they lie in a tensor, and side by side. Steps are in bytes. */
export interface Planes {
  readonly lanes: Lanes;
  /** Vectors of a position. */
  readonly vectors: number;
  /** Positions that are copied of each plane. */
  readonly positions: number;
  /** From one sample to the next, and from one plane to the next, in the tensor. */
  readonly sample: number;
  readonly plane: number;
  /** From one plane to the next side by side. */
  readonly together: number;
  /** Whether the last position comes first when they are side by side. */
  readonly isReversed?: boolean;
  /** Whether samples are missing in some block. */
  readonly hasMissing: boolean;
  /** What stands for samples that are missing. */
  readonly filler?: "0" | "-0";
}

/** Bytes of a position of all samples that lie side by side. */
const positionBytes = ({ vectors }: Planes): number => 16 * vectors;

/** Where squares of positions begin; the last one may overlap the one in front of it, and is not whole when there are few. */
function forSquares(
  f: FunctionBuilder,
  { positions, lanes: { count } }: Planes,
  visit: (position: Value) => void,
): void {
  if (positions >= count) f.range(0, positions - count + 1, count, visit);
  if (positions < count) visit(0);
  else if (positions % count !== 0) visit(positions - count);
}

/**
 * The function `(to, from, samples, planes)` that puts the planes of a few samples side by side, at least one; `from` is
 * the first plane of the first sample.
 */
export function gatherSamples(module: ModuleBuilder, planes: Planes): FunctionRef {
  const name = `gather samples ${JSON.stringify(planes)}`;
  return module.function(name, ["i32", "i32", "i32", "i32"], null, (f, ...params) => {
    const [to, from, samples, count] = params as [Local, Local, Local, Local];
    for (let v = 0; v < planes.vectors; v++) {
      const fill = planes.hasMissing ? filling(f, planes, v, samples) : (value: Expression) => value;
      const starts = startsOf(f, planes, v, from, samples);
      const [plane, offset, target] = [
        f.local("i32"),
        f.let(op("i32.sub", from, from)),
        f.let(op("i32.add", to, 16 * v)),
      ];
      f.for(plane, 0, count, 1, () => {
        forSquares(f, planes, (position) => gatherSquare(f, planes, { starts, offset, target, position }, fill));
        f.update(offset, "i32.add", planes.plane);
        f.update(target, "i32.add", planes.together);
      });
    }
  });
}

/** Where the samples of a vector begin; one that is missing stands for the last one there is. */
function startsOf(
  f: FunctionBuilder,
  { lanes, sample, hasMissing }: Planes,
  v: number,
  from: Local,
  samples: Local,
): Local[] {
  return Array.from({ length: lanes.count }, (_, lane) => {
    const index = op("i32.add", v * lanes.count, lane);
    return f.let(plus(from, hasMissing ? least(index, op("i32.sub", samples, 1)) : index, sample));
  });
}

/** Replaces lanes of missing samples. */
function filling(
  f: FunctionBuilder,
  { lanes, filler = "0" }: Planes,
  v: number,
  samples: Local,
): (value: Expression) => Expression {
  const missing = filler === "0" ? zeros() : nothing(lanes);
  const first = v * lanes.count;
  const ids = lanes.count === 4 ? [0, 1, 2, 3] : [0, 0, 1, 1];
  const numbers = vector(Int32Array.from(ids, (id) => first + id));
  const isThere = f.let(op("i32x4.lt_s", numbers, op("i32x4.splat", samples)));
  return (value) => op("v128.bitselect", value, missing, isThere);
}

/** A square that is copied: the samples, how far in they are, and which position comes first. */
interface Square {
  readonly starts: readonly Local[];
  readonly offset: Local;
  readonly target: Local;
  readonly position: Value;
}

function gatherSquare(
  f: FunctionBuilder,
  planes: Planes,
  { starts, offset, target, position }: Square,
  fill: (value: Expression) => Expression,
): void {
  const { lanes, positions, isReversed = false } = planes;
  const at = f.let(plus(offset, position, lanes.bytes));
  const rows = starts.map((start) => loadSome(lanes, op("i32.add", start, at), 0, positions));
  const size = Math.min(lanes.count, positions);
  const first = isReversed ? op("i32.sub", positions - size, position) : position;
  const place = f.let(plus(target, first, positionBytes(planes)));
  transposed(f, rows).forEach((value, i) => {
    const index = isReversed ? size - 1 - i : i;
    if (i < size) f.store("v128.store", place, fill(value), index * positionBytes(planes));
  });
}

/**
 * The function `(to, from, samples, planes)` that takes samples apart again: `to` is the first plane of the first sample.
 * Samples that are missing are left out.
 */
export function scatterSamples(module: ModuleBuilder, planes: Planes): FunctionRef {
  const name = `scatter samples ${JSON.stringify(planes)}`;
  return module.function(name, ["i32", "i32", "i32", "i32"], null, (f, ...params) => {
    const [to, from, samples, count] = params as [Local, Local, Local, Local];
    const plane = f.local("i32");
    f.for(plane, 0, count, 1, () => {
      for (let v = 0; v < planes.vectors; v++) {
        forSquares(f, planes, (position) => scatterSquare(f, planes, v, { to, from, samples, position }));
      }
      f.update(to, "i32.add", planes.plane);
      f.update(from, "i32.add", planes.together);
    });
  });
}

interface Apart {
  readonly to: Local;
  readonly from: Local;
  readonly samples: Local;
  readonly position: Value;
}

function scatterSquare(f: FunctionBuilder, planes: Planes, v: number, apart: Apart): void {
  const { lanes, positions, sample, hasMissing } = planes;
  const place = f.let(plus(apart.from, apart.position, positionBytes(planes)));
  const target = f.let(plus(apart.to, apart.position, lanes.bytes));
  const rows = Array.from({ length: lanes.count }, (_, i) =>
    load("v128.load", place, Math.min(i, positions - 1) * positionBytes(planes) + 16 * v),
  );
  transposed(f, rows).forEach((row, i) => {
    const index = v * lanes.count + i;
    const store = (): void => storeSome(f, lanes, target, f.let(row), index * sample, positions);
    if (hasMissing) f.if(op("i32.gt_s", apart.samples, index), store);
    else store();
  });
}
