// Tiles with pairs of vectors joined: V8 does so where a flag is set, which is on for them alone.
import { tilePrefix } from "../encoding/module.ts";
import { engine } from "./engine.ts";

/**
 * Has the engine compile the tiles of a module with pairs of vectors joined, in a memory that is thrown away.
 *
 * It compiles a function when it is called first; so each is called, and then the flag is off again: the
 * pass of V8 that joins vectors is young, and gets some instructions wrong that tiles do not have.
 */
export function compileTiles(module: WebAssembly.Module, memory: WebAssembly.Memory): void {
  const host = engine();
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const tiles = Object.entries(exports).filter(([name]) => name.startsWith(tilePrefix));
  host?.set("--experimental-wasm-revectorize");
  // What is called first is optimized at once.
  host?.set("--no-liftoff");
  try {
    for (const [, tile] of tiles) callOnce(tile as (...args: number[]) => void);
  } finally {
    host?.set("--liftoff");
    host?.set("--no-experimental-wasm-revectorize");
  }
}

/** With places at the beginning of memory, and one of everything that is counted. */
const callOnce = (tile: (...args: number[]) => void): void => tile(...Array.from({ length: tile.length }, () => 1));
