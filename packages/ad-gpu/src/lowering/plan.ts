// A program as a device sees it: cells that hold numbers, and dispatches in order that fill them.
import type { Stage } from "../kernels/kernel.ts";

/** A flat array of numbers on the device. */
export type Cell = number;

/** One stage with what it reads and what it fills. */
export interface Dispatch {
  readonly stage: Stage;
  readonly reads: readonly Cell[];
  readonly writes: Cell;
}

/** Everything that a device needs to run a program. */
export interface Plan {
  /** How many numbers each cell holds. */
  readonly sizes: readonly number[];
  readonly dispatches: readonly Dispatch[];
  /** Cells that the host fills once. */
  readonly constants: ReadonlyMap<Cell, Float32Array>;
  /** Cells that keep their numbers to the end of a run and beyond: what the host writes or reads, and what is carried. */
  readonly kept: ReadonlySet<Cell>;
}

/** The same plan without shaders of our own. */
export const translatedOnly = ({ sizes, dispatches, constants, kept }: Plan): Plan => ({
  ...{ sizes, constants, kept },
  dispatches: dispatches.map(({ stage: { shader: _shader, ...stage }, ...rest }) => ({
    ...rest,
    stage,
  })),
});

/** A plan while it grows. */
export class Planner implements Plan {
  readonly sizes: number[] = [];
  readonly dispatches: Dispatch[] = [];
  readonly constants: Map<Cell, Float32Array> = new Map();
  readonly kept: Set<Cell> = new Set();
  private readonly known = new Map<string, Cell>();

  cell(size: number): Cell {
    this.sizes.push(size);
    return this.sizes.length - 1;
  }

  /** A cell of numbers that never change; equal short ones are one. */
  constant(numbers: ArrayLike<number>): Cell {
    const key = numbers.length <= 16 ? Array.from(numbers, (n) => (Object.is(n, -0) ? "-0" : n)).join(" ") : null;
    const found = key === null ? undefined : this.known.get(key);
    if (found !== undefined) return found;
    const cell = this.cell(numbers.length);
    this.constants.set(cell, Float32Array.from(numbers));
    this.kept.add(cell);
    if (key !== null) this.known.set(key, cell);
    return cell;
  }

  /** Adds stages over operands; returns the cell of the last one. */
  add(stages: readonly Stage[], operands: readonly Cell[]): Cell {
    const made: Cell[] = [];
    for (const stage of stages) {
      const writes = this.cell(stage.size);
      const reads = stage.reads.map((read): Cell => {
        if (typeof read === "number") return operands[read] as Cell;
        return "stage" in read ? (made[read.stage] as Cell) : this.constant(read.data);
      });
      made.push(writes);
      if (stage.size > 0) this.dispatches.push({ stage, reads, writes });
    }
    return made.at(-1) as Cell;
  }
}
