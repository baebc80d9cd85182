// Code for the cells of one program: straight lines and loops, with addresses that are known.
import { constant, type Expression, load, op, select } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { type Operand, type Slot, window } from "./body.ts";
import { type Deposit, handOn } from "./cell.ts";
import { Formulas, Variables } from "./formulas.ts";
import type { TapeAddresses } from "./memory.ts";
import { Pointers } from "./pointers.ts";
import { inputs, type Rule } from "./rules.ts";
import type { Segment } from "./segments.ts";

/** A segment with its cells. */
export interface Piece {
  readonly segment: Segment;
  readonly body: readonly (Slot | null)[];
}

/** What code for cells is written with. */
class Writer {
  readonly module: ModuleBuilder;
  readonly f: FunctionBuilder;
  readonly at: TapeAddresses;
  readonly variables: Variables;
  readonly pointers: Pointers;
  /** One variable for each of the last cells, round about. */
  private readonly ring: readonly Local[];

  constructor(module: ModuleBuilder, f: FunctionBuilder, at: TapeAddresses) {
    [this.module, this.f, this.at] = [module, f, at];
    this.variables = new Variables(f);
    this.pointers = new Pointers(f);
    this.ring = Array.from({ length: window }, () => f.local("f64"));
  }

  /** The variable of a place in the body. */
  kept(place: number): Local {
    return this.ring[place % window] as Local;
  }

  value({ first, stride }: Operand): Expression {
    return load("f64.load", ...this.pointers.at(this.at.values, first, stride));
  }
}

/** Writes a function that computes the values of pieces. */
export function writeValues(
  module: ModuleBuilder,
  f: FunctionBuilder,
  at: TapeAddresses,
  pieces: readonly Piece[],
): void {
  const writer = new Writer(module, f, at);
  for (const { segment, body } of pieces)
    writer.pointers.rounds(segment, body, true, () => {
      for (const [place, slot] of body.entries()) if (slot) writeValue(writer, slot, place);
    });
}

function writeValue(writer: Writer, { cell, rule, operands }: Slot, place: number): void {
  const { f, at, pointers } = writer;
  writer.variables.release();
  const read = (k: number): Expression => {
    const operand = operands[k] as Operand;
    return operand.near === null ? writer.value(operand) : writer.kept(operand.near);
  };
  const value = rule
    ? new Formulas(writer.module, writer.variables, read).number(rule.value)
    : select(op("f64.ne", read(2), 0), read(0), read(1));
  f.set(writer.kept(place), value);
  const [address, offset] = pointers.own(at.values, cell);
  f.store("f64.store", address, writer.kept(place), offset);
}

/** Writes a function that hands on the cotangents of pieces; it returns the cell where branches tie, or `start - 1`. */
export function writeReverse(
  module: ModuleBuilder,
  f: FunctionBuilder,
  at: TapeAddresses,
  pieces: readonly Piece[],
): void {
  const writer = new Writer(module, f, at);
  for (const { segment, body } of pieces.toReversed())
    writer.pointers.rounds(segment, body, false, () => new ReverseBody(writer, body).write());
  f.result(constant("i32", (pieces[0] as Piece).segment.start - 1));
}

/** One body against the order of its cells. */
class ReverseBody {
  private readonly writer: Writer;
  private readonly body: readonly (Slot | null)[];
  /** Places whose cotangents are in variables now, and nowhere else. */
  private readonly held = new Map<number, number>();

  constructor(writer: Writer, body: readonly (Slot | null)[]) {
    [this.writer, this.body] = [writer, body];
  }

  write(): void {
    for (const [place, slot] of [...this.body.entries()].toReversed()) if (slot) this.cell(slot, place);
  }

  private cell(slot: Slot, place: number): void {
    const { f, variables } = this.writer;
    variables.release();
    const g = this.take(slot, place);
    const held = slot.operands.filter(({ isOnly }) => isOnly);
    for (const { near } of held) f.set(this.writer.kept(near as number), 0);
    if (slot.rule) this.handOn(slot, slot.rule, g);
    else this.handToChosen(slot, g);
    for (const { near, first } of held) this.held.set(near as number, first);
  }

  /** The cotangent of a cell, which is 0 in memory from then on. */
  private take({ cell }: Slot, place: number): Expression {
    const { f, at, pointers, variables, kept } = this.writer;
    if (this.held.delete(place)) return kept.call(this.writer, place);
    const [address, offset] = pointers.own(at.cotangents, cell);
    const g = variables.let(load("f64.load", address, offset));
    f.store("f64.store", address, 0, offset);
    return g;
  }

  private handOn(slot: Slot, rule: Rule, g: Expression): void {
    const { module, variables } = this.writer;
    const read = (input: number): Expression =>
      input === inputs.y ? this.result(slot) : this.writer.value(slot.operands[input] as Operand);
    const formulas = new Formulas(module, variables, read);
    const deposit = this.depositTo(slot);
    handOn({ variables, formulas, g, isNonzero: false, deposit, atTie: () => this.stop(slot, g) }, rule);
  }

  private handToChosen(slot: Slot, g: Expression): void {
    const { f } = this.writer;
    const deposit = this.depositTo(slot);
    const condition = op("f64.ne", this.writer.value(slot.operands[2] as Operand), 0);
    f.if(
      condition,
      () => deposit(0, "f64.add", g),
      () => deposit(1, "f64.add", g),
    );
  }

  private result({ cell }: Slot): Expression {
    const [address, offset] = this.writer.pointers.own(this.writer.at.values, cell);
    return load("f64.load", address, offset);
  }

  private depositTo({ operands }: Slot): Deposit {
    const { f, at, pointers } = this.writer;
    return (k, name, term) => {
      const { first, stride, near, isOnly } = operands[k] as Operand;
      if (isOnly) return f.set(this.writer.kept(near as number), name === "f64.add" ? term : op("f64.neg", term));
      const [address, offset] = pointers.at(at.cotangents, first, stride);
      f.store("f64.store", address, op(name, load("f64.load", address, offset), term), offset);
    };
  }

  /** Puts back what is in variables only, and returns the cell. */
  private stop(slot: Slot, g: Expression): void {
    const { f, at, pointers } = this.writer;
    const store = (cell: number, value: Expression): void => {
      const [address, offset] = pointers.own(at.cotangents, cell);
      f.store("f64.store", address, value, offset);
    };
    for (const [held, cell] of this.held) store(cell, this.writer.kept(held));
    store(slot.cell, g);
    f.return(asExpression(pointers.index(slot.cell)));
  }
}

const asExpression = (value: Expression | number): Expression =>
  typeof value === "number" ? constant("i32", value) : value;
