// Recording scalar programs by hand.
import type { Algebra, Arithmetic } from "../arithmetic/algebra.ts";
import { doubles } from "../arithmetic/numbers.ts";
import type { Primitive } from "../door/primitive.ts";
import { AdError } from "../errors/adError.ts";
import { checkSettings } from "../errors/messages.ts";
import type { ElementaryOperation } from "../primitives/define.ts";
import { records } from "../primitives/records.ts";
import { Cells, type ScalarStore } from "./cells.ts";
import type { Handle } from "./opcodes.ts";
import type { ScalarProgram } from "./program.ts";
import { RecordedOperations } from "./recording.generated.ts";
import { Recording } from "./recording.ts";

/** What `apply` records: a record, a user's operation, or the name of a record. */
export type Applicable = Primitive<never> | Pick<ElementaryOperation, "primitive"> | string;

/**
 * Records a scalar program, one instruction for each call, and computes as it goes. A handle stands for a number. The
 * builder is an algebra, so that statements run on it; kernels run on its {@link arithmetic}.
 *
 * The methods of the operations are generated, which is why this class, unlike any other of the package, has a parent.
 */
export class ScalarBuilder extends RecordedOperations implements Algebra<Handle> {
  readonly recording: Recording;

  constructor(recording: Recording) {
    super(recording.cells);
    this.recording = recording;
  }

  /** A number that the program will be run with, and differentiated by. */
  input(value: number): Handle {
    return this.recording.input(value);
  }

  /** A number of the program's own; equal ones, by bits, share a cell. */
  constant(value: number): Handle {
    return this.recording.constant(value);
  }

  /** `a` when the condition is not 0, else `b`. */
  select(condition: Handle, a: Handle, b: Handle): Handle {
    return this.cells.choice(condition, a, b);
  }

  /** One elementary operation: by its record, with its settings; by a user's operation; or by the name of a record. */
  apply(operation: Applicable, operands: readonly Handle[], params: unknown = null): Handle {
    return this.recording.apply(recordOf(operation), operands, params);
  }

  /** Runs a program as one instruction, at these operands; returns one handle for each of its outputs. */
  call(program: ScalarProgram, operands: readonly Handle[]): Handle[] {
    return this.recording.call(program, operands);
  }

  /** The number that a handle stands for at the point of the recording. Do not decide by it: use `isTrue` or `pinned`. */
  value(handle: Handle): number {
    return this.recording.valueOf(handle);
  }

  /** Whether the number is not 0, to branch on: the program remembers the answer, and stops where it would differ. */
  isTrue(condition: Handle): boolean {
    return this.recording.isTrue(condition);
  }

  /** The number that a handle stands for, to be looked at: the program stops where it would be another. */
  pinned(handle: Handle): number {
    return this.recording.pinned(handle);
  }

  /** Names a part of the program: what `body` records has sites that begin with the name. */
  atSite<T>(name: string, body: () => T): T {
    return name === "" ? body() : this.recording.atSite(name, body);
  }

  /** The program of everything recorded so far. Recording may go on. */
  program(outputs: readonly Handle[]): ScalarProgram {
    return this.recording.program(outputs);
  }

  /** What kernels compute with; its operations may be taken off it. */
  get arithmetic(): Arithmetic<Handle> {
    const operations = Object.keys(doubles).map((name) => [name, this[name as keyof Algebra<Handle>].bind(this)]);
    const algebra: Algebra<Handle> = Object.fromEntries(operations);
    return { each: algebra, sum: algebra, allocate: (size) => new Float64Array(size), read: (n) => this.pinned(n) };
  }
}

/** Settings of a recording. */
export interface ScalarBuilderOptions {
  /** A program that is not needed any more: its memory is written over, and using it afterwards is an error. */
  readonly over?: ScalarProgram;
  /** Where the arrays come from, when that is not the host; a machine may have a store of its own. */
  readonly store?: ScalarStore;
}

/**
 * Starts the recording of a scalar program, in the style of CppAD and ADOL-C.
 *
 * Every operation of the algebra and every elementary operation without settings is a method (`add`, `relu`, `sigmoid`,
 * ...); `apply` records the others. Each is one instruction with its own kink: `relu` is not `maximum(0, x)`.
 * Cost: 24 bytes for each cell, in arrays that double when they are full; a derivative adds 8. Fresh memory may cost more
 * time than the recording itself: to record again and again, start `over` the last program.
 *
 * @param options - `over`, which keeps the store of that program, or `store`
 * @returns the builder
 * @throws AdError "data" for an operand that is not its handle; "domain" for both settings
 * @see [BBPP23] programs of level k call programs of lower levels
 * @example
 * const b = scalarBuilder();
 * const [x, y] = [b.input(3), b.input(-1)];
 * const program = b.program([b.relu(b.mul(x, b.add(y, b.constant(2))))]);
 * program.recorded.outputs // [3]
 * program.recorded.reverse() // [1, 3]
 * program.at([2, -2]).reverse([1], { select: { relu: last } }) // [0, 2]
 */
export function scalarBuilder(options: ScalarBuilderOptions = {}): ScalarBuilder {
  const where = "scalarBuilder";
  checkSettings(where, options, ["over", "store"]);
  const { over, store } = options;
  if (!over) return new ScalarBuilder(new Recording(new Cells(store)));
  if (!store) return new ScalarBuilder(new Recording(over.memory.takeOver()));
  const [problem, expected, got] = ["two sources of memory", "over or store", "both"];
  const remedy = "leave store out: a recording over a program keeps its store";
  throw new AdError({ code: "domain", where, problem, expected, got, remedy });
}

function recordOf(operation: Applicable): Primitive {
  const record =
    typeof operation === "string" ? records.get(operation) : "primitive" in operation ? operation.primitive : operation;
  if (record?.statement) return record as Primitive;
  const got = typeof operation === "string" ? operation : (record?.name ?? String(operation));
  const remedy = "record its elementary parts, or a function of tensors with scalarize";
  const problem = "not the operation of one scalar function";
  throw new AdError({
    code: "unsupported",
    where: "scalarBuilder.apply",
    problem,
    expected: "an elementary operation",
    got,
    remedy,
  });
}
