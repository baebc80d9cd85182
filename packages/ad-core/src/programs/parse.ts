// Reading programs back, without trusting what was written.
import { commonDType, type Inputs, type Primitive } from "../door/primitive.ts";
import { dtypes, roundTo } from "../dtypes/dtype.ts";
import { AdError } from "../errors/adError.ts";
import { checkSettings } from "../errors/messages.ts";
import { records } from "../primitives/records.ts";
import { maxRank, type Shape, sameShape, sizeOf } from "../tensors/shape.ts";
import { DenseTensor, type TensorType } from "../tensors/tensor.ts";
import { type Form, flattenTree } from "../tensors/tree.ts";
import { decodeData } from "./bytes.ts";
import { decode, type Json } from "./encode.ts";
import { type ProgramJson, schema } from "./json.ts";
import { makeProgram, type Place, type Program, type ProgramData, type Step } from "./program.ts";
import { Recorder } from "./recorder.ts";

function refuse(problem: string, expected: string, got: unknown): never {
  const remedy = "write the program again with programToJson";
  throw new AdError({ code: "parse", where: "programFromJson", problem, expected, got: shown(got), remedy });
}

/** A value in a message, also when it is no JSON. */
function shown(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value) ?? "nothing";
  } catch {
    return typeof value;
  }
}

const isWhole = (value: unknown, below: number, from = 0): value is number =>
  Number.isSafeInteger(value) && (value as number) >= from && (value as number) < below;

function listOf(json: Source, field: keyof ProgramJson): readonly unknown[] {
  const value: unknown = json[field];
  return Array.isArray(value) ? value : refuse(`no ${field}`, "a list", value);
}

function readType(value: unknown): TensorType {
  const { shape, dtype } = (value ?? {}) as Partial<TensorType>;
  const isShape = Array.isArray(shape) && shape.length <= maxRank && shape.every((n) => isWhole(n, Infinity));
  if (!isShape || !dtypes.some((known) => known === dtype)) refuse("no type", "shape and dtype", value);
  return { shape: shape as Shape, dtype: dtype as TensorType["dtype"] };
}

function readConstant(value: unknown): DenseTensor {
  const { shape, dtype } = readType(value);
  const { bits } = value as { bits?: unknown };
  const data = typeof bits === "string" ? decodeData(bits, dtype, sizeOf(shape)) : null;
  const isOfFormat = data?.every((number) => Object.is(roundTo(dtype)(number), number)) ?? false;
  if (data && isOfFormat) return new DenseTensor(shape, dtype, data);
  return refuse("a constant has other bits", `${sizeOf(shape)} numbers of ${dtype}`, bits);
}

/** A form is written like JSON, with a star for each leaf and no other values. */
function readForm(text: unknown, mayBeAny: boolean): Form {
  const strings = /"(?:[^"\\]|\\.)*"/g;
  const isForm =
    typeof text === "string" && /^[[\]{},:*]*$/.test(text.replace(strings, "")) && (mayBeAny || text[0] === "[");
  if (!isForm) refuse("no form", 'a tree of stars such as ["*"]', text);
  const zeros = String(text).replace(/"(?:[^"\\]|\\.)*"|\*/g, (part) => (part === "*" ? "0" : part));
  const form = flattenTree("programFromJson", JSON.parse(zeros)).form;
  return form.text === text ? form : refuse("no form", "a form as it was written", text);
}

function readPrimitive(name: unknown, known: ReadonlyMap<string, Primitive>): Primitive {
  const found = typeof name === "string" ? known.get(name) : undefined;
  return found ?? refuse("an unknown operation", "one of ours, or one that was passed as { primitives }", name);
}

/** Settings of {@link programFromJson}. */
export interface ParseOptions {
  /** Records of your own operations that programs may use. */
  readonly primitives?: readonly Primitive[];
}

/** A program that is being read: its recorder, and the types of its values so far. */
class Reading {
  readonly recorder: Recorder;
  readonly constants: readonly DenseTensor[];
  /** Of inputs and results, in their order. */
  readonly types: TensorType[];

  constructor(inputs: readonly TensorType[], constants: readonly DenseTensor[]) {
    this.recorder = new Recorder(inputs);
    this.constants = constants;
    this.types = [...inputs];
    for (const constant of constants) this.recorder.constant(constant);
  }

  /** A place that exists already: static single assignment, no operand comes later. */
  place(place: unknown): Place {
    if (isWhole(place, this.types.length, -this.constants.length)) return place;
    return refuse("no such place", `from ${-this.constants.length} up to ${this.types.length - 1}`, place);
  }

  typeAt(place: Place): TensorType {
    return (place < 0 ? this.constants[-1 - place] : this.types[place]) as TensorType;
  }

  /** Adds an instruction, after the record's own rules have said that it has the type that is written. */
  add(step: Step): void {
    const { primitive, params } = step;
    const inputs = step.operands.map((place) => this.typeAt(place)) as unknown as Inputs<TensorType>;
    const dtype = primitive.dtype?.(inputs, params) ?? commonDType(primitive.name, inputs);
    const shape = primitive.shape(inputs, params);
    if (dtype !== step.dtype || !sameShape(shape, step.shape)) {
      refuse(`${primitive.name} has another type`, `${dtype}[${shape}]`, `${step.dtype}[${step.shape}]`);
    }
    this.recorder.add(step);
    this.types.push({ shape, dtype });
  }

  guard(condition: unknown, expected: unknown): void {
    const place = this.place(condition);
    if (typeof expected !== "boolean") refuse("a guard expects nothing", "true or false", expected);
    const { shape } = this.typeAt(place);
    if (shape.some((n) => n !== 1)) refuse("a guard needs one condition", "one element", shape);
    this.recorder.guard(place, expected as boolean);
  }
}

/** What was read, of which nothing is known yet. */
type Source = Partial<ProgramJson>;

const textOf = (value: unknown): string => (typeof value === "string" ? value : refuse("no text", "a string", value));

/** Reads instruction after instruction, and each guard where it stands. */
function readInstructions(json: Source, reading: Reading, { primitives = [] }: ParseOptions): void {
  const known = new Map([...records, ...primitives.map((record): [string, Primitive] => [record.name, record])]);
  const names = listOf(json, "primitives").map((name) => readPrimitive(name, known));
  const params = listOf(json, "params").map((value) => decode(value as Json));
  const [types, sites] = [listOf(json, "types").map(readType), listOf(json, "sites").map(textOf)];
  const at = <T>(table: readonly T[], index: unknown): T =>
    isWhole(index, table.length)
      ? (table[index] as T)
      : refuse("an index outside its table", `below ${table.length}`, index);
  const guards = [...listOf(json, "guards")];
  listOf(json, "instructions").forEach((row, i) => {
    readGuards(guards, i, reading);
    const [primitive, setting, type, site, ...operands] = Array.isArray(row)
      ? row
      : refuse("no instruction", "a list", row);
    reading.add({
      primitive: at(names, primitive),
      params: at(params, setting),
      site: at(sites, site),
      operands: operands.map((place) => reading.place(place)),
      ...at(types, type),
    });
  });
  readGuards(guards, reading.recorder.length, reading);
  if (guards.length > 0) refuse("a guard stands nowhere", "guards in the order of instructions", guards[0]);
}

function readGuards(guards: unknown[], after: number, reading: Reading): void {
  while ((guards[0] as { after?: unknown } | undefined)?.after === after) {
    const { condition, expected } = guards.shift() as { condition: unknown; expected: unknown };
    reading.guard(condition, expected);
  }
}

function readProgram(value: unknown, options: ParseOptions): ProgramData {
  const json = ((typeof value === "string" ? JSON.parse(value) : value) ?? {}) as Source;
  if (json.schema !== schema) refuse("another schema", schema, json.schema);
  const reading = new Reading(listOf(json, "inputs").map(readType), listOf(json, "constants").map(readConstant));
  readInstructions(json, reading, options);
  const outputs = listOf(json, "outputs").map((place) => reading.place(place));
  const [argumentsForm, outputForm] = [readForm(json.arguments, false), readForm(json.result, true)];
  if (argumentsForm.size !== reading.recorder.inputTypes.length || outputForm.size !== outputs.length) {
    refuse("forms do not fit", "one leaf for each input and output", [json.arguments, json.result]);
  }
  return { ...reading.recorder.finish(outputs), argumentsForm, outputForm };
}

/**
 * Reads a program that {@link programToJson} wrote.
 *
 * @param value - the object, or the text of it
 * @param options - `primitives`: records of your own operations
 * @returns the program
 * @throws AdError "parse" for anything that is no program, or uses an operation that is not known
 * @example
 * const text = JSON.stringify(programToJson(trace((x) => relu(x), [tensor(1)])));
 * programFromJson(text)(tensor(-3)) // 0
 */
export function programFromJson<Args extends readonly unknown[] = never[], Out = unknown>(
  value: unknown,
  options: ParseOptions = {},
): Program<Args, Out> {
  checkSettings("programFromJson", options, ["primitives"]);
  try {
    return makeProgram(readProgram(value, options));
  } catch (error) {
    if (error instanceof AdError && error.code === "parse") throw error;
    return refuse("malformed", "a program", error instanceof Error ? error.message : error);
  }
}
