// Where a loop's numbers are: one variable for each distance that operands move by, and constants for the rest.

import type { Value } from "../encoding/expression.ts";
import { op } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import type { Slot } from "./body.ts";
import type { Segment } from "./segments.ts";

/** An address, and a constant to be added to it. */
export type Address = readonly [address: Value, offset: number];

/** Bytes of a number. */
const size = 8;

/** How far pointers have moved, never below 0: those of negative strides begin at the end. */
export class Pointers {
  private readonly f: FunctionBuilder;
  /** Variables that one loop after the other uses. */
  private readonly locals: Local[] = [];
  private byStride = new Map<number, Local>();
  private segment: Segment = { start: 0, period: 1, count: 1 };

  constructor(f: FunctionBuilder) {
    this.f = f;
  }

  /** Writes a segment, round by round, in the order of its cells or against it. */
  rounds(segment: Segment, body: readonly (Slot | null)[], isForward: boolean, write: () => void): void {
    const { f } = this;
    const { period, count } = segment;
    this.segment = segment;
    this.byStride = new Map();
    if (body.every((slot) => slot === null)) return;
    if (count === 1) {
      write();
      return;
    }
    const operands = body.flatMap((slot) => slot?.operands ?? []);
    const strides = new Set([period, ...operands.map(({ stride }) => stride)]);
    strides.delete(0);
    for (const stride of strides) {
      const pointer = this.pointer(this.byStride.size);
      this.byStride.set(stride, pointer);
      f.set(pointer, stride > 0 === isForward ? 0 : size * Math.abs(stride) * (count - 1));
    }
    const own = this.byStride.get(period) as Local;
    f.do(
      () => {
        write();
        for (const [stride, pointer] of this.byStride)
          f.update(pointer, "i32.add", size * (isForward ? stride : -stride));
      },
      () => op("i32.ne", own, isForward ? size * period * count : -size * period),
    );
  }

  /** The address of a number in a list, by its index in the first round and by how far it moves. */
  at(base: number, first: number, stride: number): Address {
    const pointer = this.byStride.get(stride);
    if (!pointer) return [0, base + size * first];
    const least = stride > 0 ? first : first + stride * (this.segment.count - 1);
    return [pointer, base + size * least];
  }

  /** The address of what belongs to a cell of the body. */
  own(base: number, cell: number): Address {
    return this.at(base, cell, this.segment.count > 1 ? this.segment.period : 0);
  }

  /** The index of a cell of the body in this round. */
  index(cell: number): Value {
    const own = this.byStride.get(this.segment.period);
    return own ? op("i32.add", op("i32.shr_u", own, 3), cell) : cell;
  }

  private pointer(k: number): Local {
    const local = this.locals[k] ?? this.f.local("i32");
    this.locals[k] = local;
    return local;
  }
}
