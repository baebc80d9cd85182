// Modules: functions, tables of numbers in memory, and the bytes of all of it.
import { Bytes } from "./bytes.ts";
import { typeCodes, type ValueType } from "./expression.ts";
import { FunctionBuilder, type FunctionRef, type Local } from "./function.ts";

/** Memory that a module computes in, as it is imported: `env.memory`. */
export interface MemoryLimits {
  /** Pages of 64 KiB. */
  readonly pages: number;
  readonly isShared: boolean;
}

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
  private end = tablesStart;

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
    const known = this.functions.get(name);
    if (known) return known.ref;
    const f = new FunctionBuilder(params);
    build(f, ...f.params);
    const ref = { index: this.functions.size, params, result };
    this.functions.set(name, { ref, body: f.finish() });
    return ref;
  }

  /** Whether there is a function of this name. */
  has(name: string): boolean {
    return this.functions.has(name);
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
  finish({ pages, isShared }: MemoryLimits): Uint8Array<ArrayBuffer> {
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
      part.unsigned(pages);
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
