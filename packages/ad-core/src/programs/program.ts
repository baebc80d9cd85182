// The tape as data: an immutable straight-line list of instructions in static single assignment form.
import { apply, isTrue } from "../door/interpreter.ts";
import type { Primitive } from "../door/primitive.ts";
import { AdError } from "../errors/adError.ts";
import { dtypeError, shapeError } from "../errors/messages.ts";
import { sameShape } from "../tensors/shape.ts";
import type { DenseTensor, Tensor, TensorType } from "../tensors/tensor.ts";
import { checkForm, type Form, flattenTree } from "../tensors/tree.ts";

/**
 * Where an operand comes from, as one whole number: an input or the result of an instruction counts from 0, inputs
 * first; constant `c` is `-1 - c`.
 */
export type Place = number;

/** Instructions as flat arrays; equal types, records, settings and sites are stored once, in {@link Tables}. */
export interface Code {
  readonly primitive: Int32Array;
  readonly params: Int32Array;
  readonly type: Int32Array;
  readonly site: Int32Array;
  /** Operands of instruction `i` are `operands[operandStart[i]]` up to `operands[operandStart[i + 1]]`. */
  readonly operandStart: Int32Array;
  readonly operands: Int32Array;
}

/** What the arrays of {@link Code} point into. */
export interface Tables {
  readonly types: readonly TensorType[];
  readonly primitives: readonly Primitive[];
  readonly params: readonly unknown[];
  readonly sites: readonly string[];
}

/** A branch that the program took while it was recorded: another value of the condition stops a replay. */
export interface Guard {
  readonly condition: Place;
  readonly expected: boolean;
  /** How many instructions stand before it. */
  readonly after: number;
}

/** Everything that a program is. */
export interface ProgramData {
  readonly inputTypes: readonly TensorType[];
  readonly constants: readonly DenseTensor[];
  readonly tables: Tables;
  readonly code: Code;
  readonly guards: readonly Guard[];
  readonly outputs: Int32Array;
  readonly argumentsForm: Form;
  readonly outputForm: Form;
}

/**
 * A recorded program. It is a function of the same arguments as the one it was recorded from: a call replays it through
 * the door, so that every transform applies to it.
 */
export interface Program<Args extends readonly unknown[] = never[], Out = unknown> extends ProgramData {
  (...args: Args): Out;
}

/** One instruction, taken out of the arrays. */
export interface Step extends TensorType {
  readonly primitive: Primitive;
  readonly params: unknown;
  readonly site: string;
  readonly operands: readonly Place[];
}

/** Number of instructions. */
export const lengthOf = (program: ProgramData): number => program.code.primitive.length;

/** Instruction `i` of a program. */
export function stepAt({ code, tables }: ProgramData, i: number): Step {
  const type = tables.types[code.type[i] as number] as TensorType;
  return {
    primitive: tables.primitives[code.primitive[i] as number] as Primitive,
    params: tables.params[code.params[i] as number],
    site: tables.sites[code.site[i] as number] as string,
    operands: Array.from(code.operands.subarray(code.operandStart[i], code.operandStart[i + 1])),
    ...type,
  };
}

/** The type of the value at a place. */
export function typeAt(program: ProgramData, place: Place): TensorType {
  const { constants, inputTypes, tables, code } = program;
  if (place < 0) return constants[-1 - place] as DenseTensor;
  const input = inputTypes[place];
  return input ?? (tables.types[code.type[place - inputTypes.length] as number] as TensorType);
}

/** After which instruction each value is not needed any more. */
function lastUses(program: ProgramData): Int32Array {
  const { code, guards, outputs, inputTypes } = program;
  const last = new Int32Array(inputTypes.length + lengthOf(program)).fill(-1);
  for (let i = 0; i < lengthOf(program); i++) {
    for (const place of code.operands.subarray(code.operandStart[i], code.operandStart[i + 1])) {
      if (place >= 0) last[place] = i;
    }
  }
  for (const { condition, after } of guards)
    if (condition >= 0) last[condition] = Math.max(last[condition] ?? -1, after);
  for (const place of outputs) if (place >= 0) last[place] = lengthOf(program);
  return last;
}

/** Calls `visit` for one guard after the other, whenever it is told that so many instructions have passed. */
export function guardsInOrder(
  guards: readonly Guard[],
  visit: (guard: Guard, index: number) => void,
): (after: number) => void {
  let index = 0;
  return (after) => {
    for (let next = guards[index]; next?.after === after; next = guards[index]) visit(next, index++);
  };
}

/** Runs a program through the door, keeping values only as long as they are needed. */
export function replay(program: ProgramData, inputs: readonly Tensor[]): Tensor[] {
  const last = lastUses(program);
  const values: (Tensor | undefined)[] = [...inputs];
  const valueAt = (place: Place): Tensor => (place < 0 ? program.constants[-1 - place] : values[place]) as Tensor;
  const checkGuards = guardsInOrder(program.guards, (_guard, index) => checkGuard(program, index, valueAt));
  for (let i = 0; i <= lengthOf(program); i++) {
    checkGuards(i);
    if (i === lengthOf(program)) break;
    const { primitive, params, site, operands } = stepAt(program, i);
    values.push(apply(primitive, operands.map(valueAt), params, site));
    for (const place of operands) if (place >= 0 && (last[place] as number) <= i) values[place] = undefined;
  }
  return Array.from(program.outputs, valueAt);
}

function checkGuard(program: ProgramData, index: number, valueAt: (place: Place) => Tensor): void {
  const { condition, expected } = program.guards[index] as Guard;
  if (isTrue(valueAt(condition)) !== expected) throw guardError(program, index);
}

/** What to say when the condition of a guard is another one than when the program was recorded. */
export function guardError(program: ProgramData, index: number): AdError {
  const { condition, expected } = program.guards[index] as Guard;
  const at = condition - program.inputTypes.length;
  const step = at >= 0 ? stepAt(program, at) : undefined;
  const where = step ? `${step.primitive.name}${step.site === "" ? "" : `@${step.site}`}` : "input";
  return new AdError({
    code: "guard",
    where: "program",
    problem: `the condition of guard ${index} (%${condition} = ${where}) differs from the recording`,
    expected: String(expected),
    got: String(!expected),
    remedy: "trace the function again at these arguments",
    details: { guard: index, condition, operation: where },
  });
}

/** Checks that values have the types that a program was recorded for. */
export function checkTypes(where: string, types: readonly TensorType[], values: readonly TensorType[]): void {
  types.forEach(({ shape, dtype }, i) => {
    const x = values[i] as TensorType;
    const remedy = "trace the function again for values of this type";
    if (!sameShape(x.shape, shape)) {
      throw shapeError(where, `leaf ${i} has another shape`, `[${shape.join(", ")}]`, [x.shape], remedy);
    }
    if (x.dtype !== dtype) throw dtypeError(where, `leaf ${i} of dtype ${dtype}`, [x.dtype], remedy);
  });
}

/** Makes the data of a program callable. */
export function makeProgram<Args extends readonly unknown[], Out>(data: ProgramData): Program<Args, Out> {
  const call = (...args: Args): Out => {
    const flat = flattenTree("program", args);
    checkForm("program", "the list of arguments", data.argumentsForm, flat.form);
    checkTypes("program", data.inputTypes, flat.leaves);
    return data.outputForm.build(replay(data, flat.leaves)) as Out;
  };
  return Object.freeze(Object.assign(call, data));
}
