// What helpers do, as the texts of scripts, since a package cannot know where a bundler puts its files.
import { looks } from "../lowering/barrier.ts";

/** Most helpers of a machine. */
export const mostHelpers = 63;

/**
 * Cells that all threads see: how many runs have begun, which program and how many threads, how many helpers are ready, and
 * behind them one for each helper that only a message can wake.
 */
export const cells = { runs: 0, program: 16, threads: 32, ready: 48, asleep: 64 } as const;

/**
 * What every script has: programs by their numbers, which messages bring and take. Only a program that runs is made: making it
 * writes its tables, and the memory of one that was disposed of may be another's by now.
 */
const common = `
const programs = new Map();
const hear = ({ id, module, memory }) => {
  if (module) programs.set(id, { module, memory });
  else programs.delete(id);
};
const runOf = (program) =>
  (program.run ??= new WebAssembly.Instance(program.module, { env: { memory: program.memory } }).exports.run);`;

/**
 * A helper in Node. It looks for a new run for a while, then sleeps, and is woken by a run or by news; it reads its messages before it
 * runs and before it sleeps.
 */
export const nodeScript: string = `
const { parentPort, receiveMessageOnPort, workerData } = require("node:worker_threads");
const { control, thread } = workerData;
${common}
const hearAll = () => {
  for (let got = receiveMessageOnPort(parentPort); got; got = receiveMessageOnPort(parentPort)) hear(got.message);
};
let runs = Atomics.load(control, ${cells.runs});
Atomics.add(control, ${cells.ready}, 1);
for (;;) {
  for (let looks = 0; Atomics.load(control, ${cells.runs}) === runs; looks++)
    if (looks > ${looks}) {
      hearAll();
      Atomics.wait(control, ${cells.runs}, runs);
    }
  runs = Atomics.load(control, ${cells.runs});
  hearAll();
  const threads = Atomics.load(control, ${cells.threads});
  if (thread < threads) runOf(programs.get(Atomics.load(control, ${cells.program})))(thread, threads);
}`;

/**
 * A helper in a browser, where messages come only to a script that has ended. It looks for a new run for a while, then says
 * that it sleeps and ends, and goes on with the next message. It also ends where a run needs a program whose message is still
 * on its way.
 */
export const webScript: string = `
let control, thread, runs;
${common}
const run = () => {
  const threads = Atomics.load(control, ${cells.threads});
  const program = programs.get(Atomics.load(control, ${cells.program}));
  if (thread < threads && !program) return false;
  runs = Atomics.load(control, ${cells.runs});
  if (thread < threads) runOf(program)(thread, threads);
  return true;
};
const work = () => {
  for (let looks = 0; looks < ${looks}; looks++) {
    if (Atomics.load(control, ${cells.runs}) === runs) continue;
    if (!run()) return;
    looks = 0;
  }
  Atomics.store(control, ${cells.asleep} + thread, 1);
  if (Atomics.load(control, ${cells.runs}) !== runs) work();
};
self.onmessage = ({ data }) => {
  if (data.control) {
    ({ control, thread } = data);
    runs = Atomics.load(control, ${cells.runs});
    Atomics.add(control, ${cells.ready}, 1);
  } else if (data.id) hear(data);
  work();
};`;
