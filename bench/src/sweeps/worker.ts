/** What a thread of a sweep runs: one job at a time. */
import { execute, type Outcome } from "./execute.ts";
import { stop, type Task, type Told } from "./messages.ts";

/** Runs a job; the sweep hears how far it is, and may stop it. */
export async function runTask({ job, port }: Task): Promise<Outcome> {
  const stopping = new AbortController();
  port.on("message", (message) => message === stop && stopping.abort());
  try {
    const progress = (...told: Told): void => port.postMessage(told);
    return await execute(job, { signal: stopping.signal, progress });
  } finally {
    port.close();
  }
}
