/** The programs of the command: those built in, by name, and a user's, by the path of a file. */
import { AdError } from "@nonsmooth/ad-core";
import { lenet5 } from "./lenet5.ts";
import { lenet5Ties } from "./lenet5Ties.ts";
import { matmul } from "./matmul.ts";
import { mlp } from "./mlp.ts";
import { random } from "./random.ts";
import { rosenbrock } from "./rosenbrock.ts";
import { speelpenning } from "./speelpenning.ts";
import type { BuiltProgram, ProgramOptions, ProgramSource } from "./types.ts";
import { isFilePath } from "./userModule.ts";
import { userProgram } from "./userProgram.ts";

/** What is built in, in the order of help texts. */
export const programs: readonly ProgramSource[] = [lenet5, lenet5Ties, mlp, random, speelpenning, rosenbrock, matmul];

/**
 * The program of a name, or of a path: that has a slash or ends like a file of TypeScript or JavaScript.
 *
 * @throws AdError "missing" for an unknown name; as {@link userProgram} for a file
 */
export async function findProgram(nameOrPath: string): Promise<ProgramSource> {
  if (isFilePath(nameOrPath)) return userProgram(nameOrPath);
  const found = programs.find(({ name }) => name === nameOrPath);
  if (found !== undefined) return found;
  const names = programs.map(({ name }) => name);
  const near = nearest(nameOrPath, names);
  throw new AdError({
    code: "missing",
    where: "program",
    problem: "no program has this name",
    expected: `one of ${names.join(", ")}, or the path of a file`,
    got: nameOrPath === "" ? "nothing" : nameOrPath,
    remedy: near === undefined ? "choose one of them" : `did you mean ${near}?`,
    details: { names, near },
  });
}

/** Finds a program and builds it. */
export async function resolveProgram(nameOrPath: string, options: ProgramOptions): Promise<BuiltProgram> {
  return (await findProgram(nameOrPath)).build(options);
}

/** The name that takes the fewest changes, if it takes at most a third of its letters. */
function nearest(text: string, names: readonly string[]): string | undefined {
  const changes = names.map((name) => ({ name, count: distance(text.toLowerCase(), name) }));
  const best = changes.reduce((a, b) => (b.count < a.count ? b : a));
  return best.count <= Math.ceil(best.name.length / 3) ? best.name : undefined;
}

/** How many letters must be changed, added or left out to get from one word to the other (Levenshtein). */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, (above[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    above = row;
  }
  return above[b.length] as number;
}
