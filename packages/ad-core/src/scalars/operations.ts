// The scalar functions that one instruction stands for.
import type { Primitive } from "../door/primitive.ts";
import { inverse } from "../elementary/core.ts";
import type { Statement } from "../elementary/statement.ts";
import { records } from "../primitives/records.ts";

/** A scalar function with its settings filled in. */
export interface ScalarOperation {
  readonly name: string;
  readonly statement: Statement;
  /** The record whose statement it is, by which selections find it; null for the reciprocal. */
  readonly record: Primitive | null;
  readonly params: unknown;
}

/** A record whose statement takes no argument has no settings: one statement says it all. */
const isPlain = ({ statement }: Primitive): boolean => statement?.length === 0;

/** The operations that sweeps know by number: every elementary record without settings, and the reciprocal. */
export const plainOperations: readonly ScalarOperation[] = [
  { name: "inv", statement: inverse, record: null, params: null },
  ...[...records.values()].filter(isPlain).map((record) => operationOf(record, null)),
].toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** The scalar function of an elementary record. */
export function operationOf(record: Primitive, params: unknown): ScalarOperation {
  return { name: record.name, statement: record.statement?.(params) as Statement, record, params };
}
