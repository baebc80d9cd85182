/** The inputs that a user's file exports, as arguments: numbers and lists of numbers become tensors. */
import { AdError, type Data, type Nested, tensor } from "@nonsmooth/ad-core";
import type { RealDType } from "@nonsmooth/nets";

/**
 * One argument for each element of the list.
 *
 * @throws AdError "data" when it is no list, or something in it is no tensor and no number; "shape" for ragged lists
 */
export function argumentsFrom(file: string, inputs: unknown, dtype: RealDType): unknown[] {
  if (Array.isArray(inputs))
    return inputs.map((value, i) => argumentFrom(value, { file, dtype, place: `inputs[${i}]` }));
  throw new AdError({
    code: "data",
    where: file,
    problem: "the inputs are no list",
    expected: "a list with one element for each argument of f",
    got: kindOf(inputs),
    remedy: "write `export const inputs = [x]`",
  });
}

interface Context {
  readonly file: string;
  readonly dtype: RealDType;
  readonly place: string;
}

function argumentFrom(value: unknown, context: Context): unknown {
  const { dtype, place } = context;
  if (isNumeric(value)) return tensor(value, typeof leafOf(value) === "boolean" ? {} : { dtype });
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return tensor(value as Data, { dtype: value instanceof Int32Array ? "i32" : dtype });
  }
  if (isTensor(value)) return value;
  if (Array.isArray(value)) return value.map((part, i) => argumentFrom(part, { ...context, place: `${place}[${i}]` }));
  if (isPlain(value)) {
    const parts = Object.entries(value);
    return Object.fromEntries(
      parts.map(([name, part]) => [name, argumentFrom(part, { ...context, place: `${place}.${name}` })]),
    );
  }
  throw new AdError({
    code: "data",
    where: context.file,
    problem: `${place} is no tensor`,
    expected: "a tensor, a number, a list of numbers, or lists and objects of these",
    got: kindOf(value),
    remedy: "wrap it with tensor",
    details: { place },
  });
}

/** A number or condition, or lists of these, as deep as it goes. */
const isNumeric = (value: unknown): value is Nested =>
  typeof value === "number" || typeof value === "boolean" || (Array.isArray(value) && value.every(isNumeric));

const leafOf = (value: Nested): unknown => (Array.isArray(value) ? leafOf(value[0] as Nested) : value);

/** Whether it has the fields of a tensor; whose tensor it is, the engine checks. */
const isTensor = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "dtype" in value && "shape" in value && "data" in value;

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A value in two words. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object")
    return isPlain(value) ? "an object" : `a ${value.constructor?.name ?? "strange object"}`;
  return `a ${typeof value}`;
}
