// Programs on shaders of our own, beside the reference.
import { compile, type Tensor, tensor, trace } from "@nonsmooth/ad-core";
import { expectSameBits } from "@nonsmooth/ad-testing";
import { expect } from "vitest";
import type { GpuMachine } from "../src/index.ts";
import { lower } from "../src/lowering/lower.ts";

/** Numbers of which many are zeros of either sign; sums of them depend on their order. */
export function drawn(shape: readonly number[], seed: number): Tensor {
  let state = seed;
  const draw = (): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    const value = state / 2 ** 30 - 1;
    return Math.abs(value) < 0.2 ? 0 * value : value;
  };
  const size = shape.reduce((product, n) => product * n, 1);
  return tensor(Float32Array.from({ length: size }, draw), { shape, dtype: "f32" });
}

/** Expects the bits of the reference, and so many shaders of our own; of any number for null. */
export async function checkNumbers(
  machine: GpuMachine,
  what: string,
  compute: (...operands: Tensor[]) => Tensor,
  operands: readonly Tensor[],
  shaders: number | null,
): Promise<void> {
  const program = trace(compute, [...operands]);
  const { dispatches } = lower(program, [...program.outputs]).plan;
  if (shaders !== null) expect(dispatches.filter(({ stage }) => stage.shader).length, what).toBe(shaders);
  const running = compile(program, machine);
  expectSameBits(what, (await running.run([...operands])) as Tensor, compute(...operands));
  running.dispose();
}
