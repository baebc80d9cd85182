/** What a job on a thread of its own and the sweep say to each other. */
import type { MessagePort } from "node:worker_threads";
import type { Job } from "./job.ts";

/** What a thread gets. */
export interface Task {
  readonly job: Job;
  /** Where the job's {@link Told} goes, and where {@link stop} comes from. */
  readonly port: MessagePort;
}

/** The arguments of a job's `progress`. */
export type Told = readonly [done: number, total: number, note?: string];

/** What the sweep says when it is being stopped. */
export const stop = "stop";
