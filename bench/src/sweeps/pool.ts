/** Threads that run jobs, by piscina. */
import { existsSync } from "node:fs";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { AdError } from "@nonsmooth/ad-core";
import { Piscina } from "piscina";
import { failureOf, type Outcome, type Runner } from "./execute.ts";
import type { Job, JobContext } from "./job.ts";
import { stop, type Task, type Told } from "./messages.ts";

/** How long a job that is asked to stop may take to do so, before its thread is ended. */
const graceMs = 1000;

/**
 * So many threads, each with a compiled module that has `runTask`.
 *
 * @throws AdError "missing" when the command was not compiled
 */
export function poolOf(threads: number, worker: string): Runner {
  if (!existsSync(worker)) throw notCompiled(worker);
  const pool = new Piscina({
    ...{ filename: worker, name: "runTask", minThreads: threads, maxThreads: threads },
    // A thread that waits without turning its loop would hear of nothing.
    atomics: "disabled",
  });
  return { run: (job, context) => runOn(pool, job, context), close: () => pool.destroy() };
}

async function runOn(pool: Piscina, job: Job, { signal, progress }: JobContext): Promise<Outcome> {
  const { port1: ours, port2: port } = new MessageChannel();
  ours.on("message", (told: Told) => progress(...told));
  const grace = graceAfter(signal, ours);
  const task: Task = { job, port };
  try {
    return await pool.run(task, { transferList: [port], signal: grace.signal });
  } catch (error) {
    return signal.aborted ? { status: "aborted" } : { status: "failed", failure: failureOf(error) };
  } finally {
    grace.release();
    ours.close();
  }
}

/** Asks the job to stop when the sweep is; the signal returned comes later, for a job that did not hear. */
function graceAfter(signal: AbortSignal, ours: MessagePort): { signal: AbortSignal; release: () => void } {
  const tooLate = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const ask = (): void => {
    ours.postMessage(stop);
    timer = setTimeout(() => tooLate.abort(), graceMs);
  };
  if (signal.aborted) ask();
  else signal.addEventListener("abort", ask, { once: true });
  const release = (): void => {
    clearTimeout(timer);
    signal.removeEventListener("abort", ask);
  };
  return { signal: tooLate.signal, release };
}

function notCompiled(worker: string): AdError {
  const [problem, expected] = ["threads run compiled code, which is not there", worker];
  const remedy = "build it with `npm run check`, or use one thread";
  return new AdError({ code: "missing", where: "sweep", problem, expected, got: "nothing", remedy });
}
