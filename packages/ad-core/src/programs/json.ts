// Programs as JSON.
import { AdError } from "../errors/adError.ts";
import type { TensorType } from "../tensors/tensor.ts";
import { encodeData } from "./bytes.ts";
import { encode, type Json } from "./encode.ts";
import { lengthOf, type Place, type ProgramData, stepAt } from "./program.ts";

/** The form of the file: another number, another form. */
export const schema: "nonsmooth.program/1" = "nonsmooth.program/1";

/** A program as JSON. Instructions are `[primitive, params, type, site, ...operands]`, indices into the tables. */
export interface ProgramJson {
  readonly schema: "nonsmooth.program/1";
  readonly arguments: string;
  readonly result: string;
  readonly inputs: readonly TensorType[];
  readonly constants: readonly (TensorType & { readonly bits: string })[];
  readonly types: readonly TensorType[];
  readonly primitives: readonly string[];
  readonly params: readonly Json[];
  readonly sites: readonly string[];
  readonly instructions: readonly (readonly number[])[];
  readonly guards: readonly { readonly condition: Place; readonly expected: boolean; readonly after: number }[];
  readonly outputs: readonly Place[];
}

const typeOf = ({ shape, dtype }: TensorType): TensorType => ({ shape, dtype });

/**
 * A program as a plain object for `JSON.stringify`; constants are kept as bits.
 *
 * @param program - any program
 * @returns the object, with `schema`
 * @throws AdError "unsupported" when a setting of an operation cannot be written down, or two operations have one name
 * @example
 * programToJson(trace((x) => relu(x), [tensor(1)])).primitives // ["relu"]
 */
export function programToJson(program: ProgramData): ProgramJson {
  const { code, tables } = program;
  checkNames(tables.primitives.map(({ name }) => name));
  return {
    schema,
    arguments: program.argumentsForm.text,
    result: program.outputForm.text,
    inputs: program.inputTypes.map(typeOf),
    constants: program.constants.map((x) => ({ ...typeOf(x), bits: encodeData(x.data) })),
    types: tables.types.map(typeOf),
    primitives: tables.primitives.map(({ name }) => name),
    params: tables.params.map((params) => encode("programToJson", params)),
    sites: tables.sites,
    instructions: Array.from({ length: lengthOf(program) }, (_, i) => [
      ...[code.primitive, code.params, code.type, code.site].map((column) => column[i] as number),
      ...stepAt(program, i).operands,
    ]),
    guards: program.guards,
    outputs: Array.from(program.outputs),
  };
}

/** A file knows operations by their names. */
function checkNames(names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  const problem = "two operations have one name";
  const remedy = "give each of your operations a name of its own";
  const [expected, got] = ["different names", twice];
  throw new AdError({ code: "unsupported", where: "programToJson", problem, expected, got, remedy });
}
