// Collecting instructions, with equal things stored once.
import type { Primitive } from "../door/primitive.ts";
import type { DenseTensor, TensorType } from "../tensors/tensor.ts";
import { encode } from "./encode.ts";
import type { Guard, Place, ProgramData, Step } from "./program.ts";

/** A table whose entries are told apart by a key. */
class Interned<T> {
  readonly entries: T[] = [];
  readonly indices: Map<unknown, number> = new Map();

  index(entry: T, key: unknown): number {
    const found = this.indices.get(key);
    if (found !== undefined) return found;
    this.indices.set(key, this.entries.length);
    return this.entries.push(entry) - 1;
  }
}

/** A program without its forms. */
export type Recorded = Omit<ProgramData, "argumentsForm" | "outputForm">;

/** A program under construction. */
export class Recorder {
  readonly inputTypes: readonly TensorType[];
  readonly types: Interned<TensorType> = new Interned<TensorType>();
  readonly primitives: Interned<Primitive> = new Interned<Primitive>();
  readonly params: Interned<unknown> = new Interned<unknown>();
  readonly sites: Interned<string> = new Interned<string>();
  readonly constants: Interned<DenseTensor> = new Interned<DenseTensor>();
  readonly columns: Record<"primitive" | "params" | "type" | "site", number[]> = {
    primitive: [],
    params: [],
    type: [],
    site: [],
  };
  readonly operandStart: number[] = [0];
  readonly operands: Place[] = [];
  readonly guards: Guard[] = [];

  constructor(inputTypes: readonly TensorType[]) {
    this.inputTypes = inputTypes;
  }

  /** Number of instructions so far. */
  get length(): number {
    return this.columns.primitive.length;
  }

  constant(value: DenseTensor): Place {
    return -1 - this.constants.index(value, value);
  }

  /** Adds an instruction; returns the place of its result. */
  add({ primitive, params, site, operands, shape, dtype }: Step): Place {
    this.columns.primitive.push(this.primitives.index(primitive, primitive));
    this.columns.params.push(this.params.index(params, JSON.stringify(encode(primitive.name, params))));
    this.columns.type.push(this.types.index({ shape, dtype }, `${dtype}[${shape}]`));
    this.columns.site.push(this.sites.index(site, site));
    this.operands.push(...operands);
    this.operandStart.push(this.operands.length);
    return this.inputTypes.length + this.length - 1;
  }

  guard(condition: Place, expected: boolean): void {
    this.guards.push({ condition, expected, after: this.length });
  }

  /** The finished program, without its forms. */
  finish(outputs: readonly Place[]): Recorded {
    const { primitive, params, type, site } = this.columns;
    return {
      inputTypes: this.inputTypes,
      constants: this.constants.entries,
      tables: {
        types: this.types.entries,
        primitives: this.primitives.entries,
        params: this.params.entries,
        sites: this.sites.entries,
      },
      code: {
        primitive: Int32Array.from(primitive),
        params: Int32Array.from(params),
        type: Int32Array.from(type),
        site: Int32Array.from(site),
        operandStart: Int32Array.from(this.operandStart),
        operands: Int32Array.from(this.operands),
      },
      guards: this.guards,
      outputs: Int32Array.from(outputs),
    };
  }
}
