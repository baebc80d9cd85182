// Threads that help a program: they wait for a run to begin, and do their part of it.

/** A worker of Node, as far as it is needed here. */
interface Worker {
  postMessage(message: unknown): void;
  terminate(): Promise<number>;
  unref(): void;
  once(event: "exit", listener: () => void): void;
}

/** What `node:worker_threads` offers. */
interface WorkerThreads {
  readonly Worker: new (source: string, options: object) => Worker;
}

/** Cells that all threads see: how many runs have begun, which program and how many threads, and how many are ready. */
const cells = { runs: 0, program: 16, threads: 32, ready: 48 } as const;

/**
 * What a helper does, as the text of a script, since a package cannot know where a bundler puts its files. It looks for a
 * new run for a while, then sleeps; programs come by messages that it reads before a run.
 */
const script = `
const { parentPort, receiveMessageOnPort, workerData } = require("node:worker_threads");
const { control, thread } = workerData;
const programs = new Map();
let runs = Atomics.load(control, ${cells.runs});
Atomics.add(control, ${cells.ready}, 1);
for (;;) {
  for (let looks = 0; Atomics.load(control, ${cells.runs}) === runs; looks++)
    if (looks > 400000) Atomics.wait(control, ${cells.runs}, runs);
  runs = Atomics.load(control, ${cells.runs});
  for (let got = receiveMessageOnPort(parentPort); got; got = receiveMessageOnPort(parentPort)) {
    const { id, module, memory } = got.message;
    if (module) programs.set(id, new WebAssembly.Instance(module, { env: { memory } }).exports.run);
    else programs.delete(id);
  }
  const threads = Atomics.load(control, ${cells.threads});
  if (thread < threads) programs.get(Atomics.load(control, ${cells.program}))(thread, threads);
}`;

/** A program that helpers know by a number. */
export type ProgramNumber = number;

/** Helpers of one machine. */
export class Pool {
  private readonly control = new Int32Array(new SharedArrayBuffer(256));
  private readonly workers: readonly Worker[];
  private programs = 0;

  /** @param helpers - threads besides the one that calls */
  constructor(threads: WorkerThreads, helpers: number) {
    this.workers = Array.from({ length: helpers }, (_, i) => {
      const workerData = { control: this.control, thread: i + 1 };
      const worker = new threads.Worker(script, { eval: true, workerData });
      worker.unref();
      worker.once("exit", () => this.leave());
      return worker;
    });
  }

  /** Makes a program known. */
  add(module: WebAssembly.Module, memory: WebAssembly.Memory): ProgramNumber {
    const id = ++this.programs;
    for (const worker of this.workers) worker.postMessage({ id, module, memory });
    return id;
  }

  /** Forgets a program, so that its memory can be freed. */
  remove(id: ProgramNumber): void {
    for (const worker of this.workers) worker.postMessage({ id });
  }

  /** Begins a run on all threads that are there by now; the caller does the part of thread 0 of so many. */
  begin(id: ProgramNumber): number {
    if (!this.isReady) return 1;
    const threads = 1 + this.workers.length;
    Atomics.store(this.control, cells.program, id);
    Atomics.store(this.control, cells.threads, threads);
    Atomics.add(this.control, cells.runs, 1);
    Atomics.notify(this.control, cells.runs);
    return threads;
  }

  /** Whether all helpers have started. */
  get isReady(): boolean {
    return Atomics.load(this.control, cells.ready) === this.workers.length;
  }

  dispose(): void {
    this.leave();
    for (const worker of this.workers) void worker.terminate();
  }

  /** From now on runs have one thread: a helper has ended. */
  private leave(): void {
    Atomics.store(this.control, cells.ready, -1000);
  }
}

/** The threads of the host; null where there are none, as in a browser. */
export function workerThreads(): WorkerThreads | null {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => WorkerThreads | undefined } };
  return process?.getBuiltinModule?.("node:worker_threads") ?? null;
}
