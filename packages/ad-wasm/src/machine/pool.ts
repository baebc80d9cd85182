// Threads that help a program: they wait for a run to begin, and do their part of it.
import { looks } from "../lowering/barrier.ts";
import { cells, mostHelpers } from "./helperScripts.ts";
import { type Helper, type Host, maySleep } from "./hosts.ts";
import { Memories } from "./memories.ts";

/** A program that helpers know by a number. */
export type ProgramNumber = number;

/** How the calling thread waits for the others: it looks so often, then sleeps for so long at most. */
export interface Patience {
  readonly looks: bigint;
  /** 0 where it must not sleep. */
  readonly nanoseconds: bigint;
}

/** After so long a thread that does not come is taken for dead: 60 seconds, and what its work may take. */
const minute = 60_000_000_000n;

/** A look takes about so long: a thread that must not sleep counts them. */
const nanosecondsOfLook = 5n;

const usual = (): Patience =>
  maySleep() ? { looks: BigInt(looks), nanoseconds: minute } : { looks: minute / nanosecondsOfLook, nanoseconds: 0n };

/** Helpers of one machine. */
export class Pool {
  readonly patience: Patience;
  readonly memories: Memories = new Memories();
  private readonly control = new Int32Array(new SharedArrayBuffer(4 * (cells.asleep + 1 + mostHelpers)));
  private readonly helpers: readonly Helper[];
  private programs = 0;

  /** @param count - threads besides the one that calls */
  constructor(host: Host, count: number, patience: Patience = usual()) {
    this.patience = patience;
    this.helpers = Array.from({ length: count }, (_, i) =>
      host.start({ control: this.control, thread: i + 1 }, () => this.dispose()),
    );
  }

  /** Makes a program known. */
  add(module: WebAssembly.Module, memory: WebAssembly.Memory): ProgramNumber {
    const id = ++this.programs;
    for (const helper of this.helpers) helper.postMessage({ id, module, memory });
    return id;
  }

  /** Forgets a program; those who sleep are woken to hear of it. */
  remove(id: ProgramNumber): void {
    for (const helper of this.helpers) helper.postMessage({ id });
    Atomics.notify(this.control, cells.runs);
  }

  /** Begins a run on all threads that are there by now; the caller does the part of thread 0 of so many. */
  begin(id: ProgramNumber): number {
    if (!this.isReady) return 1;
    const threads = 1 + this.helpers.length;
    Atomics.store(this.control, cells.program, id);
    Atomics.store(this.control, cells.threads, threads);
    Atomics.add(this.control, cells.runs, 1);
    Atomics.notify(this.control, cells.runs);
    this.helpers.forEach((helper, i) => {
      const isAsleep = Atomics.exchange(this.control, cells.asleep + i + 1, 0) === 1;
      if (isAsleep) helper.postMessage({});
    });
    return threads;
  }

  /** Whether all helpers have started. */
  get isReady(): boolean {
    return Atomics.load(this.control, cells.ready) === this.helpers.length;
  }

  /** From now on runs have one thread. A helper that has ended takes the others with it. */
  dispose(): void {
    Atomics.store(this.control, cells.ready, -1000);
    for (const helper of this.helpers) void helper.terminate();
  }
}
