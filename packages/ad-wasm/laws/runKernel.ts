// One kernel beside the reference: the same bits, however the work is split.
import { apply, type Data, type Primitive, type Tensor, tensor } from "@nonsmooth/ad-core";
import { expect } from "vitest";
import { aligned, ModuleBuilder, plainVectors, type Vectors } from "../src/encoding/module.ts";
import { bytesOf, faultCells, type Kernel, sizeOf } from "../src/kernels/kernel.ts";
import { compileTiles } from "../src/machine/tiles.ts";
import { turnOnWide } from "../src/machine/wide.ts";

/** What a run of a kernel gave. */
export interface KernelRun {
  readonly output: Tensor;
  /** The flag, position and value of a fault; null when there was none. */
  readonly fault: readonly number[] | null;
}

const viewOf = (memory: WebAssembly.Memory, address: number, { dtype, shape }: Pick<Tensor, "dtype" | "shape">) => {
  const size = sizeOf({ shape });
  if (dtype === "f64") return new Float64Array(memory.buffer, address, size);
  return dtype === "i32" || dtype === "bool"
    ? new Int32Array(memory.buffer, address, size)
    : new Float32Array(memory.buffer, address, size);
};

/** Runs a kernel in a module of its own, with pairs of vectors joined where `vectors` and the host have them; `parts` says into how many ranges its units are split, from the last to the first. */
export function runKernel<P>(
  kernel: Kernel<P>,
  primitive: Primitive<P>,
  inputs: readonly Tensor[],
  params: P,
  parts = 1,
  vectors: Vectors = plainVectors,
): KernelRun {
  const module = new ModuleBuilder(vectors);
  const expected = apply(primitive, inputs, params);
  const { dtype, shape } = expected;
  const work = kernel({ module, inputs, output: { dtype, shape }, params });
  module.export("run", work.function);
  let end = aligned(module.tablesEnd);
  const place = (bytes: number): number => {
    const address = end;
    end = aligned(address + bytes);
    return address;
  };
  const addresses = [{ dtype, shape }, ...inputs].map((x) => place(sizeOf(x) * bytesOf(x.dtype)));
  const scratch = place(work.scratch);
  const pages = Math.ceil((end + 64) / 65536);
  const [memory, trial] = [1, 2].map(() => new WebAssembly.Memory({ initial: pages, maximum: pages })) as [
    WebAssembly.Memory,
    WebAssembly.Memory,
  ];
  const compiled = new WebAssembly.Module(module.finish({ pages, isShared: false }));
  if (vectors.isWide && turnOnWide(vectors.isFused) === null) compileTiles(compiled, trial);
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  // What was there before must not matter.
  new Uint8Array(memory.buffer, scratch).fill(0x5a);
  new Uint8Array(memory.buffer, addresses[0], sizeOf({ shape }) * bytesOf(dtype)).fill(0xa5);
  inputs.forEach((x, i) => void viewOf(memory, addresses[i + 1] as number, x).set(x.data as never));
  for (let part = parts - 1; part >= 0; part--) {
    const [from, to] = [part, part + 1].map((at) => Math.floor((work.units * at) / parts));
    (exports.run as (...args: unknown[]) => void)(...addresses, scratch, from, to);
  }
  inputs.forEach((x, i) => {
    const kept = viewOf(memory, addresses[i + 1] as number, x);
    if (x.data.some((value, at) => !Object.is(kept[at], value))) throw new Error(`input ${i} was written over`);
  });
  const cells = new Int32Array(memory.buffer, faultCells.flag, 3);
  const output = tensor(Array.from(viewOf(memory, addresses[0] as number, expected) as Data), { shape, dtype });
  return { output, fault: cells[0] === 0 ? null : [...cells] };
}

/** Bits of numbers, NaN being one. */
const bitsOf = (data: ArrayLike<number>): string[] =>
  Array.from(data, (value) => (Object.is(value, -0) ? "-0" : String(value)));

/** Expects the bits of the reference, in one part and in several. */
export function expectSameBits<P>(
  kernel: Kernel<P>,
  primitive: Primitive<P>,
  inputs: readonly Tensor[],
  params: P,
  vectors?: Vectors,
): void {
  const expected = apply(primitive, inputs, params);
  for (const parts of [1, 3]) {
    const { output, fault } = runKernel(kernel, primitive, inputs, params, parts, vectors);
    expect(fault).toBe(null);
    expect(bitsOf(output.data)).toEqual(bitsOf(expected.data));
  }
}
