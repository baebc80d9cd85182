// What a kernel is: the WebAssembly of one instruction, for its shapes.
import type { DType, Place, TensorType } from "@nonsmooth/ad-core";
import type { FunctionRef } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";

/** One instruction, and the module that its function shall be in. */
export interface Task<P = unknown> {
  readonly module: ModuleBuilder;
  readonly inputs: readonly TensorType[];
  readonly output: TensorType;
  readonly params: P;
}

/**
 * How an instruction is computed: by a function `(out, ...inputs, scratch, from, to)` of addresses and of the range of
 * units that it shall do, all `i32`.
 *
 * Buffers hold their elements in row-major order, begin at multiples of 64 bytes and reach to the next one: what lies
 * between the last element and there may be read and written, and means nothing. Units may be done in any order and by
 * several threads at once, so no two of them write the same 16 bytes.
 */
export interface Work {
  readonly function: FunctionRef;
  /** Into how many parts the work falls; 0 when there is nothing to do. */
  readonly units: number;
  /** About how many scalar operations a unit takes, to decide whether threads are worth their while. */
  readonly cost: number;
  /** Bytes that each thread needs for itself, from `scratch` on. */
  readonly scratch: number;
  /** Whether it may stop for bad values in its inputs, as {@link faultCells} says. */
  readonly canFail?: true;
}

/** Makes the function of an instruction. */
export type Kernel<P = never> = (task: Task<P>) => Work;

/** Makes the function of an instruction some of whose operands lie in memory with their last two axes exchanged. */
export type ExchangedKernel<P = never> = (task: Task<P>, exchanged: readonly boolean[]) => Work;

/** A value as the kernel of several instructions sees it. */
export interface Origin {
  readonly place: Place;
  readonly type: TensorType;
  /** The instruction that computes it; null for arguments and constants, and for what is seen in another shape. */
  readonly made: Made | null;
}

/** An instruction, and where its operands come from. */
export interface Made {
  readonly name: string;
  readonly params: unknown;
  readonly operands: readonly Origin[];
  /** Whether one instruction reads the result, and nothing else does. */
  readonly isReadOnce: boolean;
}

/** Several instructions that one function does; it cannot fail. */
export interface Fused {
  /** What it reads, in this order. */
  readonly inputs: readonly Origin[];
  /** What it computes on the way, which nothing else reads. */
  readonly covers: readonly Origin[];
  readonly work: (task: Omit<Task, "params">) => Work;
}

/** Looks whether an instruction and those before it can be done at once. */
export type Fusion = (origin: Origin & { readonly made: Made }) => Fused | null;

/** All kernels by the names of the records that they compute. */
export interface Kernels {
  readonly plain: Readonly<Record<string, Kernel>>;
  readonly exchanged: Readonly<Record<string, ExchangedKernel>>;
  /** Fusions by the name of the last record. */
  readonly fused: Readonly<Record<string, Fusion>>;
}

/**
 * Cells of memory by which a kernel says that a value in its inputs is bad: it writes 1 to `flag`, and what it met to
 * `position` and `value`; what it computes then means nothing.
 */
export const faultCells = { flag: 64, position: 68, value: 72 } as const;

/** How many bytes an element takes: short reals are kept in 32 bits, and so are conditions, as 0 and 1. */
export const bytesOf = (dtype: DType): 4 | 8 => (dtype === "f64" ? 8 : 4);

/** Number of elements. */
export const sizeOf = ({ shape }: Pick<TensorType, "shape">): number => shape.reduce((product, n) => product * n, 1);

/** A name for the function of a kernel: equal names, equal functions. */
export function nameOf(kernel: string, { inputs, output, params }: Omit<Task, "module">): string {
  const types = [...inputs, output].map(({ dtype, shape }) => `${dtype}[${shape}]`);
  return `${kernel} ${types.join(" ")} ${JSON.stringify(params, (_key, value: unknown) => spelled(value))}`;
}

/** JSON has no infinities, no NaN and no -0. */
const spelled = (value: unknown): unknown =>
  typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))
    ? `number ${1 / value} ${value}`
    : value;
