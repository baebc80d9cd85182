// All records of the package by name, read off the list of exports.
import type { Primitive } from "../door/primitive.ts";
import * as exported from "./index.ts";

const isRecord = (value: unknown): value is Primitive =>
  typeof value === "object" && value !== null && "forward" in value && "linearize" in value;

const found: readonly Primitive[] = [...Object.values(exported), ...Object.values(exported.corePrimitives)].filter(
  isRecord,
);

/** Every primitive of the package by its name. */
export const records: ReadonlyMap<string, Primitive> = new Map(found.map((record) => [record.name, record]));
