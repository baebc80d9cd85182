/** What a thread of a sweep loads: the jobs of all studies. */
import { type RunTask, taskRunner } from "../sweeps/taskRunner.ts";
import { kinds } from "./jobs.ts";

export const runTask: RunTask = taskRunner(kinds);
