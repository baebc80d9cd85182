// Linear memories that hold a tape: the words of its cells, their values at two points, and their cotangents.
import { AdError, type CellArrays, type ScalarStore } from "@nonsmooth/ad-core";
import { wordsPerCell } from "@nonsmooth/ad-core/machines";
import { aligned, ModuleBuilder } from "../encoding/module.ts";
import { type RealName, realFunction } from "../functions/index.ts";
import { noMemory } from "../machine/errors.ts";
import { reverseSweep } from "./reverseSweep.ts";
import { valueSweep } from "./valueSweep.ts";

/** Bytes of a page, and the most pages of a memory. */
const page = 65536;
const mostPages = 65536;
/** Memory that nothing was written to costs next to nothing, so that most recordings never outgrow the first. */
const leastRoom = 1 << 20;
/** Arrays that begin at the same place of a page would meet in the same lines of the cache. */
const stagger = 1088;

/** Where the arrays of a tape begin. */
export interface TapeAddresses {
  readonly code: number;
  /** Values at the point of the recording. */
  readonly recorded: number;
  /** Values at the point of the last replay. */
  readonly values: number;
  /** Cotangents: 0 between runs. */
  readonly cotangents: number;
}

/** The sweeps as the host calls them, with addresses and indices of cells. */
export interface Sweeps {
  readonly values: (code: number, values: number, from: number, end: number) => number;
  readonly reverse: (code: number, values: number, cotangents: number, from: number, end: number) => number;
}

/** A memory with a tape in it. */
export interface TapeMemory {
  readonly memory: WebAssembly.Memory;
  readonly at: TapeAddresses;
  readonly sweeps: Sweeps;
  readonly code: Int32Array;
  readonly recorded: Float64Array;
  readonly values: Float64Array;
  readonly cotangents: Float64Array;
  /** Whose replay the values are of. */
  holder: object | null;
}

const realNames: readonly RealName[] = ["exp", "expm1", "log", "log1p", "sin", "cos", "tanh", "erf", "pow"];

/** A module whose tables lie as they do in any other one made here. */
export function moduleWithTables(): ModuleBuilder {
  const module = new ModuleBuilder();
  for (const name of realNames) realFunction(module, name);
  return module;
}

interface Interpreter {
  readonly module: WebAssembly.Module;
  readonly tablesEnd: number;
}

let interpreter: Interpreter | null = null;

/** The module of the sweeps, which is made once for all tapes. */
function sweepsModule(): Interpreter {
  if (interpreter) return interpreter;
  const module = moduleWithTables();
  module.export("values", valueSweep(module));
  module.export("reverse", reverseSweep(module));
  const bytes = module.finish({ pages: 1, mostPages, isShared: false });
  interpreter = { module: new WebAssembly.Module(bytes), tablesEnd: module.tablesEnd };
  return interpreter;
}

/** The memories of stored recordings, by their buffers. */
const memories = new WeakMap<ArrayBufferLike, TapeMemory>();

/** The memory that an array lies in, when it comes from the store. */
export const memoryOf = ({ buffer }: Int32Array): TapeMemory | undefined => memories.get(buffer);

function tooLarge(cells: number): AdError {
  const [problem, expected] = ["a program is too large", "at most 4 GiB, 40 bytes for each cell"];
  const remedy = "leave the store out, and run the program on the reference machine";
  return new AdError({ code: "backend", where: "scalarStore", problem, expected, got: `${cells} cells`, remedy });
}

function memoryOfPages(pages: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (error) {
    throw noMemory(pages * page, error);
  }
}

/** A memory with room for so many cells. */
export function tapeMemory(room: number): TapeMemory {
  const { module, tablesEnd } = sweepsModule();
  let end = tablesEnd;
  const place = (bytes: number): number => {
    const start = end;
    end = aligned(start + bytes) + stagger;
    return start;
  };
  const at = {
    code: place(16 * room),
    recorded: place(8 * room),
    values: place(8 * room),
    cotangents: place(8 * room),
  };
  const pages = Math.ceil(end / page);
  if (pages > mostPages) throw tooLarge(room);
  const memory = memoryOfPages(pages);
  const { buffer } = memory;
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const numbers = (address: number): Float64Array => new Float64Array(buffer, address, room);
  const arrays = { recorded: numbers(at.recorded), values: numbers(at.values), cotangents: numbers(at.cotangents) };
  const code = new Int32Array(buffer, at.code, wordsPerCell * room);
  return { memory, at, sweeps: exports as unknown as Sweeps, code, ...arrays, holder: null };
}

/**
 * Where to record a scalar program that {@link scalars} runs: memory of WebAssembly, so that nothing has to be copied.
 *
 * Cost: room for a million cells, 40 bytes each, of which a host spends what is written: 24 while recording. Memory that is
 * outgrown is copied into one twice as large; recording is slower in a process where that has happened.
 *
 * @example
 * const b = scalarBuilder({ store: scalarStore });
 * const program = b.program([b.square(b.input(3))]);
 * scalars(program).reverse() // [6]
 */
export const scalarStore: ScalarStore = {
  allocate(cells): CellArrays {
    const tape = tapeMemory(Math.max(cells, leastRoom));
    memories.set(tape.memory.buffer, tape);
    return { code: tape.code, value: tape.recorded };
  },
};
