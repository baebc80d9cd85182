/** What a thread of a sweep runs: one job at a time. */
import { execute, type Outcome } from "./execute.ts";
import type { Kinds } from "./kinds.ts";
import { stop, type Task, type Told } from "./messages.ts";

/** Runs a job; the sweep hears how far it is, and may stop it. */
export type RunTask = (task: Task) => Promise<Outcome>;

/** What runs jobs of these kinds on a thread. */
export const taskRunner =
  (kinds: Kinds): RunTask =>
  async ({ job, port }) => {
    const stopping = new AbortController();
    port.on("message", (message) => message === stop && stopping.abort());
    try {
      const progress = (...told: Told): void => port.postMessage(told);
      return await execute(job, { signal: stopping.signal, progress }, kinds);
    } finally {
      port.close();
    }
  };
