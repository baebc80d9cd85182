// A program as text, one instruction a line.
import type { DenseTensor, TensorType } from "../tensors/tensor.ts";
import { encode } from "./encode.ts";
import { guardsInOrder, lengthOf, type Place, type ProgramData, stepAt } from "./program.ts";

const typeText = ({ dtype, shape }: TensorType): string => `${dtype}[${shape.join(", ")}]`;

/** A constant by its numbers when they are few. */
function constantText(x: DenseTensor): string {
  const shown = Array.from(x.data.subarray(0, 4), (value) => (Object.is(value, -0) ? "-0" : String(value)));
  return `${typeText(x)} ${shown.join(" ")}${x.data.length > 4 ? " ..." : ""}`;
}

const placeText = (place: Place): string => (place < 0 ? `c${-1 - place}` : `%${place}`);

/** Settings as JSON; a selection by its name. */
function settingsText(name: string, params: unknown): string {
  const isSelection = (value: unknown): value is { name: string } =>
    typeof value === "object" && value !== null && "kind" in value && "name" in value;
  return JSON.stringify(encode(name, params), (_key, value: unknown) => (isSelection(value) ? value.name : value));
}

function stepText(program: ProgramData, i: number): readonly [string, string, string] {
  const { primitive, params, site, operands, ...type } = stepAt(program, i);
  const settings = params === null ? "" : `; ${settingsText(primitive.name, params)}`;
  const call = `= ${primitive.name}(${operands.map(placeText).join(", ")}${settings})`;
  return [`%${program.inputTypes.length + i}`, typeText(type), `${call}${site === "" ? "" : ` @${site}`}`];
}

/** Pads the columns of a list of rows. */
function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] as number))
      .join("  ")
      .trimEnd(),
  );
}

/**
 * A program as text: inputs, constants, one line for each instruction with its type and site, guards where they stand,
 * and the results.
 *
 * @param program - any program
 * @returns lines, ended by line breaks
 * @example
 * listing(trace((x) => relu(x, { site: "act" }), [tensor([1, 2])])) // "program(%0: f64[2])\n  %1  f64[2]  = relu(%0) @act\n  return %1\n"
 */
export function listing(program: ProgramData): string {
  const inputs = program.inputTypes.map((type, i) => `%${i}: ${typeText(type)}`);
  const constants = program.constants.map((x, i) => `c${i} = ${constantText(x)}`);
  const steps = align(Array.from({ length: lengthOf(program) }, (_, i) => stepText(program, i)));
  const body: string[] = [...constants];
  const writeGuards = guardsInOrder(program.guards, ({ condition, expected }) => {
    body.push(`guard ${placeText(condition)} = ${expected}`);
  });
  steps.forEach((line, i) => {
    writeGuards(i);
    body.push(line);
  });
  writeGuards(steps.length);
  const results = `return ${Array.from(program.outputs, placeText).join(", ")}`;
  return [`program(${inputs.join(", ")})`, ...[...body, results].map((line) => `  ${line}`), ""].join("\n");
}
