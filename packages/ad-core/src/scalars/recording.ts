// The state of a recording: cells, and the tables beside them.
import type { Primitive } from "../door/primitive.ts";
import { AdError } from "../errors/adError.ts";
import { shapeError } from "../errors/messages.ts";
import { encode } from "../programs/encode.ts";
import type { Cells } from "./cells.ts";
import { evaluate, valueOf } from "./evaluate.ts";
import { opcodeOf, plainOperation } from "./instructions.ts";
import { type Handle, opAt, opcodes, wordsPerCell } from "./opcodes.ts";
import { operationOf, type ScalarOperation } from "./operations.ts";
import type { ScalarPoint } from "./point.ts";
import { type ScalarCall, type ScalarData, type ScalarGuard, ScalarProgram } from "./program.ts";
import { joined, SiteRecorder } from "./sites.ts";

/** A key that tells apart what `Map` does not: the two zeros. */
const bitsOf = (value: number): unknown => (Object.is(value, -0) ? "-0" : value);

/** A program under construction. */
export class Recording {
  readonly cells: Cells;
  readonly inputs: Handle[] = [];
  readonly constants: Map<unknown, Handle> = new Map();
  readonly others: ScalarOperation[] = [];
  readonly otherIndex: Map<Primitive, Map<string, number>> = new Map();
  readonly calls: ScalarCall[] = [];
  readonly called: ScalarPoint[] = [];
  readonly guards: ScalarGuard[] = [];
  /** Cells whose numbers a kernel has looked at. */
  readonly pins: Set<Handle> = new Set();
  readonly sites: SiteRecorder = new SiteRecorder();
  level = 1;
  /** Instructions inside calls, less the cells that the calls take. */
  besides = 0;

  constructor(cells: Cells) {
    this.cells = cells;
  }

  input(value: number): Handle {
    const handle = this.cells.leaf(opcodes.input, checkNumber("input", value));
    this.inputs.push(handle);
    return handle;
  }

  constant(value: number): Handle {
    const key = bitsOf(value);
    const found = this.constants.get(key);
    if (found !== undefined) return found;
    const handle = this.cells.leaf(opcodes.constant, checkNumber("constant", value));
    this.constants.set(key, handle);
    return handle;
  }

  apply(record: Primitive, operands: readonly Handle[], params: unknown): Handle {
    const { cells } = this;
    const known = opcodeOf.get(record);
    const operation = known === undefined ? operationWith(record, params) : plainOperation(known);
    const [a, b] = operands as [Handle, Handle];
    checkCount(record.name, operands, operation.statement.arity);
    const place = known === undefined ? this.indexOf(operation) : 0;
    const op = known ?? opcodes.other;
    const i = operands.length === 2 ? cells.binary(op, a, b) : cells.unary(op, a);
    cells.setThird(i, place);
    cells.value[i] = valueOf(operation, cells.value[a] as number, cells.value[b] as number);
    return i;
  }

  /** The place of an operation in the table of others, where equal settings share one. */
  indexOf(operation: ScalarOperation): number {
    const record = operation.record as Primitive;
    const bySettings = this.otherIndex.get(record) ?? new Map<string, number>();
    this.otherIndex.set(record, bySettings);
    const key = JSON.stringify(encode(operation.name, operation.params));
    const index = bySettings.get(key) ?? this.others.push(operation) - 1;
    bySettings.set(key, index);
    return index;
  }

  /** Outputs that are inputs or constants of the called program, or one cell twice, need no cell here. */
  call(program: ScalarProgram, operands: readonly Handle[]): Handle[] {
    checkCall(program, operands);
    const { cells } = this;
    for (const handle of operands) cells.check(handle);
    const handles = new Map<Handle, Handle>(operands.map((handle, k) => [program.inputs[k] as Handle, handle]));
    for (const cell of program.outputs)
      if (program.isConstant(cell)) handles.set(cell, this.constant(program.recorded.values[cell] as number));
    const results = Int32Array.from(new Set(program.outputs)).filter((cell) => !handles.has(cell));
    const point = evaluate(
      program,
      Float64Array.from(operands, (handle) => cells.value[handle] as number),
      this.sites.current,
    );
    const at = cells.leaf(opcodes.call, NaN);
    cells.setThird(at, this.calls.push({ program, operands: Int32Array.from(operands), results }) - 1);
    this.besides += program.length - 1 - results.length;
    this.called.push(point);
    this.level = Math.max(this.level, program.level + 1);
    for (const cell of results) handles.set(cell, cells.leaf(opcodes.result, point.values[cell] as number));
    return Array.from(program.outputs, (cell) => handles.get(cell) as Handle);
  }

  valueOf(handle: Handle): number {
    this.cells.check(handle);
    return this.cells.value[handle] as number;
  }

  pinned(handle: Handle): number {
    const expected = this.valueOf(handle);
    const isFixed = opAt(this.cells.code, handle) === opcodes.constant || this.pins.has(handle);
    if (!isFixed) this.guards.push({ condition: handle, expected });
    this.pins.add(handle);
    return expected;
  }

  isTrue(condition: Handle): boolean {
    const expected = this.valueOf(condition) !== 0;
    if (opAt(this.cells.code, condition) !== opcodes.constant) this.guards.push({ condition, expected });
    return expected;
  }

  atSite<T>(name: string, body: () => T): T {
    const outer = this.sites.current;
    this.sites.enter(joined(outer, name), this.cells.length);
    try {
      return body();
    } finally {
      this.sites.enter(outer, this.cells.length);
    }
  }

  /** Looks at the same arrays as the recording: what is recorded later stands behind the part that it sees. */
  program(outputs: readonly Handle[]): ScalarProgram {
    const { length, code, value } = this.cells;
    this.cells.checkOwn();
    for (const handle of outputs) this.cells.check(handle);
    const data: ScalarData = {
      code: code.subarray(0, wordsPerCell * length),
      inputs: Int32Array.from(this.inputs),
      outputs: Int32Array.from(outputs),
      constants: Int32Array.from(this.constants.values()),
      others: [...this.others],
      calls: [...this.calls],
      guards: [...this.guards],
      sites: this.sites.finish(),
      level: this.level,
      length: length - this.inputs.length - this.constants.size + this.besides,
    };
    return new ScalarProgram(data, value.subarray(0, length), [...this.called], this.cells);
  }
}

function checkNumber(where: string, value: number): number {
  if (typeof value === "number") return value;
  const problem = "not a number";
  const [expected, got] = ["a number", value === null ? "null" : typeof value];
  throw new AdError({
    code: "data",
    where: `scalarBuilder.${where}`,
    problem,
    expected,
    got,
    remedy: "convert it first",
  });
}

function checkCount(where: string, operands: readonly Handle[], expected: number): void {
  if (operands.length === expected) return;
  const remedy = "pass one handle for each";
  throw shapeError(where, "another number of operands", `[${expected}]`, [[operands.length]], remedy);
}

function checkCall(program: unknown, operands: readonly Handle[]): void {
  const where = "scalarBuilder.call";
  if (program instanceof ScalarProgram) {
    checkCount(where, operands, program.inputs.length);
    return;
  }
  const remedy = "make it with the method program of a builder";
  const [expected, got] = ["a scalar program", typeof program];
  throw new AdError({ code: "data", where, problem: "no program", expected, got, remedy });
}

/** An operation with its settings, which must be there when its statement depends on some. */
function operationWith(record: Primitive, params: unknown): ScalarOperation {
  if (params !== null || record.statement?.length === 0) return operationOf(record, params);
  const remedy = "pass them after the operands, as the function of this name does";
  const [expected, got] = ["the settings of the operation", "none"];
  throw new AdError({ code: "missing", where: record.name, problem: "no settings", expected, got, remedy });
}
