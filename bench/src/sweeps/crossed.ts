/** Lists crossed with each other. */

/**
 * All combinations, the last list fastest.
 *
 * @example
 * crossed({ a: [1, 2], b: ["x"] }) // [{ a: 1, b: "x" }, { a: 2, b: "x" }]
 */
export function crossed<T extends Readonly<Record<string, readonly unknown[]>>>(
  lists: T,
): { [K in keyof T]: T[K][number] }[] {
  let rows: Record<string, unknown>[] = [{}];
  for (const [name, list] of Object.entries(lists))
    rows = rows.flatMap((row) => list.map((value) => ({ ...row, [name]: value })));
  return rows as { [K in keyof T]: T[K][number] }[];
}
