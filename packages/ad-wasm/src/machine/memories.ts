// Memories that threads share: those of programs that were disposed of serve others.
import { mostPages } from "../lowering/lower.ts";

/** The sizes that memories may grow to, so that one fits many programs: powers of two. */
const roomFor = (pages: number): number => Math.min(mostPages, 2 ** Math.ceil(Math.log2(pages)));

/**
 * Shared memories. A thread that sleeps holds on to what it has seen until its garbage is collected, which may never be: so
 * none is given up. What a program finds in its memory is its tables, and elsewhere anything.
 */
export class Memories {
  private readonly free = new Map<number, WebAssembly.Memory[]>();

  /** A memory of at least so many pages. */
  take(pages: number): WebAssembly.Memory {
    const maximum = roomFor(pages);
    const found = this.free.get(maximum)?.pop();
    if (found === undefined) return new WebAssembly.Memory({ initial: pages, maximum, shared: true });
    const missing = pages - found.buffer.byteLength / 65536;
    if (missing > 0) found.grow(missing);
    return found;
  }

  /** Takes back a memory in which nothing runs. */
  giveBack(memory: WebAssembly.Memory): void {
    const room = roomFor(memory.buffer.byteLength / 65536);
    this.free.set(room, [...(this.free.get(room) ?? []), memory]);
  }
}
