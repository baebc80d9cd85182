/** The contents of users' files, by their sums: results belong to the contents, and not to the name. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { AdError } from "@nonsmooth/ad-core";
import { isFilePath, loadFiles } from "./userModule.ts";

/** SHA-256 of files, one after the other. */
export function sumOf(files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex");
}

/** The sum of a user's file and of those that it imports by a path; null for something by name. */
export async function contentsOf(nameOrPath: string): Promise<string | null> {
  return isFilePath(nameOrPath) ? sumOf((await loadFiles(nameOrPath)).files) : null;
}

/**
 * Checks that a file has the contents that something was begun with; null for whatever it has.
 *
 * @throws AdError "data" when it has others
 */
export function checkSum(file: string, expected: string | null, got: string): void {
  if (expected === null || expected === got) return;
  const problem = "the file has other contents now";
  const remedy = "restore the file, or begin again with the new one";
  const sums = [expected, got].map((sum) => `SHA-256 ${sum.slice(0, 12)}…`) as [string, string];
  throw new AdError({ code: "data", where: file, problem, expected: sums[0], got: sums[1], remedy });
}

/** As {@link checkSum}, for a file that is read for it. */
export async function checkContents(nameOrPath: string, expected: string | null): Promise<void> {
  const found = expected === null ? null : await contentsOf(nameOrPath);
  if (found !== null) checkSum(nameOrPath, expected, found);
}
