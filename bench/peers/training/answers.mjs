/** How the scripts beside this one are asked: a JSON object a line, and a line of JSON as the answer. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

const write = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

/** Says what the system is; then answers each request, of the form `{ ask, ...}`, by the function of that name. */
export async function answerRequests(about, answers) {
  write(about);
  for await (const line of createInterface({ input: process.stdin })) {
    const { ask, ...request } = JSON.parse(line);
    write(await answers[ask](request));
  }
}

/** Milliseconds of single steps, for at least so many milliseconds and steps. */
export async function timed(step, { leastMs, leastSteps }) {
  const [found, end] = [[], performance.now() + leastMs];
  while (performance.now() < end || found.length < leastSteps) {
    const start = performance.now();
    await step();
    found.push(performance.now() - start);
  }
  return found;
}

/** The version of a package that is installed here: the nearest package.json above its entry. */
export function versionOf(name) {
  const { resolve } = createRequire(import.meta.url);
  const folder = resolve.paths(name).map((path) => join(path, name, "package.json"));
  for (const path of folder) {
    try {
      return JSON.parse(readFileSync(path, "utf8")).version;
    } catch {
      // Not in this folder.
    }
  }
  return "unknown";
}
