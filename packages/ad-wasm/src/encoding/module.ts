// Modules: functions, tables of numbers in memory, and the bytes of all of it.
import { Bytes } from "./bytes.ts";
import { typeCodes, type ValueType } from "./expression.ts";
import { FunctionBuilder, type FunctionRef, type Local } from "./function.ts";

/** Memory that a module computes in, as it is imported: `env.memory`. */
export interface MemoryLimits {
  /** Pages of 64 KiB. */
  readonly pages: number;
  /** The most pages that the memory may have; as many as it has when absent. */
  readonly mostPages?: number;
  readonly isShared: boolean;
}

/** What kernels may ask of vectors besides what every host does; they read it off the module that they write into. */
export interface Vectors {
  /** Whether the host joins pairs of neighbouring vectors, so that tiles are made of pairs. */
  readonly isWide: boolean;
  /** Whether a product and an addition are one instruction, with one rounding. */
  readonly isFused: boolean;
}

/** What every host does. */
export const plainVectors: Vectors = { isWide: false, isFused: false };

/** What the names of exported tiles begin with. */
export const tilePrefix = "tile ";

/** Where the tables of a module begin; below are the cells that the machine itself needs. */
export const tablesStart = 1024;

/** Tables and buffers begin at multiples of this: a line of the cache. */
const alignment = 64;

/** The next multiple of {@link alignment}. */
export const aligned = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

interface Made {
  readonly ref: FunctionRef;
  readonly body: Uint8Array;
}

/** A module while it is written. Functions and tables have names: what is there under a name is not made again. */
export class ModuleBuilder {
  private readonly functions = new Map<string, Made>();
  private readonly exported = new Map<string, FunctionRef>();
  private readonly tables = new Map<string, { readonly address: number; readonly bytes: Uint8Array }>();
  readonly vectors: Vectors;
  private end = tablesStart;

  constructor(vectors: Vectors = plainVectors) {
    this.vectors = vectors;
  }

  /** Where memory is free: behind all tables. */
  get tablesEnd(): number {
    return this.end;
  }

  /** A function by name. `build` may call functions that it asks for itself, but not the one that it makes. */
  function(
    name: string,
    params: readonly ValueType[],
    result: ValueType | null,
    build: (f: FunctionBuilder, ...params: Local[]) => void,
  ): FunctionRef {
    // A host that joins pairs of vectors shall do so in tiles alone.
    return this.add(name, new FunctionBuilder(params, this.vectors.isWide), { params, result }, build);
  }

  /**
   * A function that does its work in registers: of whole numbers, without a result. Where pairs of vectors are joined it is
   * exported as {@link tilePrefix} and a number, so that the host can be told to compile it in another way.
   */
  tile(name: string, params: number, build: (f: FunctionBuilder, ...params: Local[]) => void): FunctionRef {
    const types = Array.from({ length: params }, () => "i32" as const);
    const ref = this.add(name, new FunctionBuilder(types), { params: types, result: null }, build);
    if (this.vectors.isWide) this.export(`${tilePrefix}${ref.index}`, ref);
    return ref;
  }

  /** Whether there is a function of this name. */
  has(name: string): boolean {
    return this.functions.has(name);
  }

  private add(
    name: string,
    f: FunctionBuilder,
    type: Omit<FunctionRef, "index">,
    build: (f: FunctionBuilder, ...params: Local[]) => void,
  ): FunctionRef {
    const known = this.functions.get(name);
    if (known) return known.ref;
    build(f, ...f.params);
    const ref = { ...type, index: this.functions.size };
    this.functions.set(name, { ref, body: f.finish() });
    return ref;
  }

  export(name: string, ref: FunctionRef): void {
    this.exported.set(name, ref);
  }

  /** Numbers in memory by name; returns their address. */
  table(name: string, numbers: Float64Array | Float32Array | Int32Array | Uint8Array | BigUint64Array): number {
    const known = this.tables.get(name);
    if (known) return known.address;
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    const address = this.end;
    this.tables.set(name, { address, bytes });
    this.end = aligned(address + bytes.length);
    return address;
  }

  /** The whole module. */
  finish({ pages, mostPages = pages, isShared }: MemoryLimits): Uint8Array<ArrayBuffer> {
    const made = [...this.functions.values()];
    const out = new Bytes();
    out.push(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
    section(out, 1, made, (part, { ref: { params, result } }) => {
      part.push(0x60);
      part.sized(Uint8Array.from(params, (type) => typeCodes[type]));
      part.sized(Uint8Array.from(result === null ? [] : [typeCodes[result]]));
    });
    section(out, 2, ["memory"], (part, name) => {
      part.text("env");
      part.text(name);
      part.push(2, isShared ? 3 : 1);
      part.unsigned(pages);
      part.unsigned(mostPages);
    });
    section(out, 3, made, (part, { ref }) => part.unsigned(ref.index));
    section(out, 7, [...this.exported], (part, [name, { index }]) => {
      part.text(name);
      part.push(0);
      part.unsigned(index);
    });
    section(out, 10, made, (part, { body }) => part.sized(body));
    section(out, 11, [...this.tables.values()], (part, { address, bytes }) => {
      part.push(0, 0x41);
      part.signed(address);
      part.push(0x0b);
      part.sized(bytes);
    });
    return Uint8Array.from(out.bytes);
  }
}

/** A section of entries behind its number and its size. */
function section<T>(out: Bytes, id: number, entries: readonly T[], write: (part: Bytes, entry: T) => void): void {
  const part = new Bytes();
  part.unsigned(entries.length);
  for (const entry of entries) write(part, entry);
  out.push(id);
  out.sized(part.bytes);
}
