/** Where jobs run: in this process, or on threads of their own. */

import { execute, type Runner } from "./execute.ts";
import type { Kinds } from "./kinds.ts";

/** Runs jobs in this process, when one is enough; else on so many threads. */
export async function runnerFor(threads: number, kinds: Kinds): Promise<Runner> {
  if (threads === 1) return { run: (job, context) => execute(job, context, kinds), close: async () => {} };
  const { poolOf } = await import("./pool.ts");
  return poolOf(threads, kinds.worker);
}
