// Tensors in linear memory.
import type { Data, TensorType } from "@nonsmooth/ad-core";
import { DenseTensor } from "@nonsmooth/ad-core/machines";
import { sizeOf } from "../kernels/kernel.ts";

type Words = Float64Array | Float32Array | Int32Array;

/** The numbers of a tensor as they lie in memory: conditions are whole words there. */
function wordsAt(memory: WebAssembly.Memory, address: number, type: TensorType): Words {
  const size = sizeOf(type);
  if (type.dtype === "f64") return new Float64Array(memory.buffer, address, size);
  if (type.dtype === "i32" || type.dtype === "bool") return new Int32Array(memory.buffer, address, size);
  return new Float32Array(memory.buffer, address, size);
}

/** Writes the numbers of a tensor. */
export function writeTensor(memory: WebAssembly.Memory, address: number, type: TensorType, data: Data): void {
  wordsAt(memory, address, type).set(data as never);
}

/** A tensor of its own with the numbers at an address. */
export function readTensor(memory: WebAssembly.Memory, address: number, type: TensorType): DenseTensor {
  const words = wordsAt(memory, address, type);
  const data: Data = type.dtype === "bool" ? Uint8Array.from(words) : words.slice();
  return new DenseTensor(type.shape, type.dtype, data);
}

/** What stands for a tensor whose numbers are elsewhere. */
export const placeholder = ({ shape, dtype }: TensorType): DenseTensor =>
  new DenseTensor(shape, dtype, new Float32Array(0));
