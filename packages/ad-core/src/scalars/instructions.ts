// Reading a scalar program instruction by instruction, for prices and reports.
import type { Primitive } from "../door/primitive.ts";
import type { Statement } from "../elementary/statement.ts";
import { plainNames } from "./names.generated.ts";
import { cellsIn, firstAt, type Handle, opAt, opcodes, secondAt, thirdAt } from "./opcodes.ts";
import { plainOperations, type ScalarOperation } from "./operations.ts";
import type { ScalarCall, ScalarData } from "./program.ts";
import { siteAt } from "./sites.ts";

/** One instruction, taken out of the arrays. */
export interface ScalarInstruction {
  /** Cell of the result; a call has none there, but its results in the cells after it. */
  readonly index: Handle;
  /** The operation's name; `"select"` or `"call"` for those two. */
  readonly name: string;
  /** Where its own program says it is; the site of a call stands before those inside. */
  readonly site: string;
  /** Cells of the operands; of a selection the condition first. */
  readonly operands: readonly Handle[];
  /** For each operand, whether it is a constant of the program. */
  readonly isConstant: readonly boolean[];
  /** The scalar function; null for a selection and a call. */
  readonly statement: Statement | null;
  /** The record that the statement belongs to; null for a selection, a call and the reciprocal. */
  readonly record: Primitive | null;
  /** The settings of the record. */
  readonly params: unknown;
  /** What is called, and which call of the program it is, counted from 0; null for other instructions. */
  readonly call: (ScalarCall & { readonly number: number }) | null;
}

const byName = new Map(plainOperations.map((operation) => [operation.name, operation]));
const plain: readonly ScalarOperation[] = plainNames.map((name) => byName.get(name) as ScalarOperation);

/** The number of a record's operation, when the sweeps know it. */
export const opcodeOf: ReadonlyMap<Primitive | null, number> = new Map(
  plain.map(({ record }, i) => [record, opcodes.plain + i]),
);

/** The operation that sweeps know by this number. */
export const plainOperation = (op: number): ScalarOperation => plain[op - opcodes.plain] as ScalarOperation;

/** The scalar function of an instruction that is neither a selection nor a call. */
export function operationAt({ code, others }: ScalarData, i: Handle): ScalarOperation {
  const op = opAt(code, i);
  return op === opcodes.other ? (others[thirdAt(code, i)] as ScalarOperation) : plainOperation(op);
}

/**
 * The instructions of a program in their order; those inside calls are not among them.
 *
 * @param program - a scalar program
 * @returns an iterator; each instruction is a plain object
 * @example
 * const b = scalarBuilder();
 * const x = b.input(2);
 * const program = b.program([b.add(b.exp(x), b.constant(1))]);
 * [...instructionsOf(program)].map(({ name, isConstant }) => name + isConstant) // ["expfalse", "addfalse,true"]
 */
export function* instructionsOf(program: ScalarData): Generator<ScalarInstruction, void> {
  const { code } = program;
  for (let i = 0; i < cellsIn(code); i++) {
    if (opAt(code, i) >= opcodes.call) yield instructionAt(program, i);
  }
}

function instructionAt(program: ScalarData, index: Handle): ScalarInstruction {
  const { code, calls, sites } = program;
  const [op, a, b, c] = [opAt(code, index), firstAt(code, index), secondAt(code, index), thirdAt(code, index)];
  const complete = (name: string, operands: readonly Handle[], rest: Partial<ScalarInstruction>): ScalarInstruction => {
    const isConstant = operands.map((cell) => opAt(code, cell) === opcodes.constant);
    const fixed = { index, name, site: siteAt(sites, index), operands, isConstant };
    return { ...fixed, statement: null, record: null, params: null, call: null, ...rest };
  };
  if (op === opcodes.select) return complete("select", [c, a, b], {});
  if (op === opcodes.call) {
    const call = calls[c] as ScalarCall;
    return complete("call", [...call.operands], { call: { ...call, number: c } });
  }
  const { name, statement, record, params } = operationAt(program, index);
  return complete(name, statement.arity === 2 ? [a, b] : [a], { statement, record, params });
}
