// Numbers that are cells of a recording, or known: what is done with known ones alone is computed and leaves no trace.
import type { Algebra, Arithmetic } from "../arithmetic/algebra.ts";
import { doubles } from "../arithmetic/numbers.ts";
import type { Primitive } from "../door/primitive.ts";
import type { ScalarBuilder } from "./builder.ts";
import type { Handle } from "./opcodes.ts";
import { operationOf } from "./operations.ts";

/** A cell from 0 on; below 0 a known number, by its place in a list. */
export type Folded = number;

/** Arithmetic that records only what depends on an input. */
export class Folding {
  readonly builder: ScalarBuilder;
  readonly known: number[] = [];
  readonly arithmetic: Arithmetic<Folded>;

  constructor(builder: ScalarBuilder) {
    this.builder = builder;
    const each = this.algebra();
    this.arithmetic = { each, sum: each, allocate: (size) => new Float64Array(size), read: (n) => this.read(n) };
  }

  constant(value: number): Folded {
    return -this.known.push(value);
  }

  read(n: Folded): number {
    return n < 0 ? (this.known[-1 - n] as number) : this.builder.pinned(n);
  }

  /** The cell of a number; a known one gets a constant of the program only now. */
  cellOf(n: Folded): Handle {
    return n < 0 ? this.builder.constant(this.read(n)) : n;
  }

  /** One operation: computed when all operands are known, recorded otherwise. */
  fold(
    operands: readonly Folded[],
    compute: (numbers: number[]) => number,
    record: (cells: Handle[]) => Handle,
  ): Folded {
    if (operands.every((n) => n < 0)) return this.constant(compute(operands.map((n) => this.read(n))));
    return record(operands.map((n) => this.cellOf(n)));
  }

  /** One elementary operation by its record. */
  apply(record: Primitive, operands: readonly Folded[], params: unknown): Folded {
    const { statement } = operationOf(record, params);
    const compute = ([a, b]: number[]): number => statement.value(doubles, a as number, (b ?? a) as number);
    return this.fold(operands, compute, (cells) => this.builder.apply(record as Primitive<never>, cells, params));
  }

  algebra(): Algebra<Folded> {
    const recorded = this.builder.arithmetic.each;
    const atoms = Object.keys(doubles).filter((name): name is keyof Algebra<number> => name !== "constant");
    const folded = atoms.map((name) => {
      const compute = doubles[name] as (...numbers: number[]) => number;
      const record = recorded[name] as (...cells: Handle[]) => Handle;
      const operation = (...n: Folded[]): Folded =>
        this.fold(
          n,
          (numbers) => compute(...numbers),
          (cells) => record(...cells),
        );
      return [name, operation];
    });
    return { ...Object.fromEntries(folded), constant: (value: number) => this.constant(value) };
  }
}
