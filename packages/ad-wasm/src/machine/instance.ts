// A module in memory: what is made once for a program, and again after a thread has left it.
import { waitCells } from "../lowering/barrier.ts";
import type { Lowered } from "../lowering/lower.ts";
import { noMemory, noModule } from "./errors.ts";
import type { Pool, ProgramNumber } from "./pool.ts";
import { compileTiles } from "./tiles.ts";

/** A program that can run. */
export interface Instance {
  readonly memory: WebAssembly.Memory;
  readonly start: (thread: number, threads: number) => number;
  /** What the helpers know it by. */
  readonly number: ProgramNumber;
}

/** Makes the module of a program; where there is a pool, threads share its memory. */
export function moduleOf({ bytes, pages, hasTiles }: Lowered, pool: Pool | null): WebAssembly.Module {
  const module = compiled(bytes);
  // No memory of the pool: a thread may still be on its way out of the program that had it before.
  if (hasTiles) compileTiles(module, newMemory(pages, pool !== null));
  return module;
}

function compiled(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    throw noModule(bytes.length, error);
  }
}

/** Gives a module memory, of which only its tables are known. */
export function instantiate(module: WebAssembly.Module, { pages, bytes }: Lowered, pool: Pool | null): Instance {
  const memory = pool === null ? newMemory(pages, false) : sharedMemory(pages, pool);
  if (pool) {
    const { looks, nanoseconds } = pool.patience;
    new BigInt64Array(memory.buffer, waitCells.looks, 1)[0] = looks;
    new BigInt64Array(memory.buffer, waitCells.patience, 1)[0] = nanoseconds;
  }
  try {
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    const start = exports.run as Instance["start"];
    return { memory, start, number: pool?.add(module, memory) ?? 0 };
  } catch (error) {
    throw noModule(bytes.length, error);
  }
}

function newMemory(pages: number, shared: boolean): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  } catch (error) {
    throw noMemory(pages * 65536, error);
  }
}

function sharedMemory(pages: number, pool: Pool): WebAssembly.Memory {
  try {
    return pool.memories.take(pages);
  } catch (error) {
    throw noMemory(pages * 65536, error);
  }
}
