// Products of square matrices on a GPU, one at a time and chained, beside PyTorch.
import {
  compile,
  type Executable,
  key,
  matmul,
  randomUniform,
  sum,
  type Tensor,
  tensor,
  trace,
} from "@nonsmooth/ad-core";
import type { GpuMachine } from "@nonsmooth/ad-gpu";
import { median } from "../../studies/timing.ts";
import type { Peer } from "../peerProcess.ts";
import { gigaflops } from "../products.ts";
import { samplesOf } from "./samples.ts";
import type { Way } from "./settings.ts";
import { timeOfTorch } from "./torch.ts";

/** Sizes, and how many products follow each other in a chain. */
export const productSizes: Readonly<Record<Way, { readonly sizes: readonly number[]; readonly chain: number }>> = {
  hardware: { sizes: [512, 1024, 2048, 4096], chain: 16 },
  opengl: { sizes: [512, 1024, 2048, 4096], chain: 16 },
  software: { sizes: [64, 128], chain: 4 },
};

/** What was measured of one size. */
export interface ProductFound {
  readonly size: number;
  /** Milliseconds of one product with the sum of its entries: mostly the way to the device and back. */
  readonly callMs: number;
  /** Thousands of millions of operations in a second, by a chain of products. */
  readonly gigaflops: number;
  /** The largest error of a sample of entries, relative to the largest of them. */
  readonly error: number;
  /** PyTorch's figure for the same chain; null where it is not here. */
  readonly torch: number | null;
}

/** Errors of sums of 32 bits stay far below this one, which a wrong index passes. */
export const largestError = 1e-4;

/** Entries drawn evenly, so that the powers of the matrix neither grow nor vanish. */
function matrix(size: number): Tensor {
  const { data } = randomUniform(key(1), [size, size], { dtype: "f32" });
  const scale = Math.sqrt(12 / size);
  return tensor(
    Float32Array.from(data, (u) => scale * (u - 0.5)),
    { shape: [size, size], dtype: "f32" },
  );
}

/** A power of a matrix that stays on the device; the result is the sum of its entries. */
function powers(machine: GpuMachine, x: Tensor, chain: number): Executable {
  const program = trace(
    (a: Tensor) => {
      let y = a;
      for (let i = 0; i < chain; i++) y = matmul(y, a);
      return { a, total: sum(y) };
    },
    [x],
  );
  const running = compile(program, machine, { carry: { a: 0 } });
  running.write("a", x);
  return running;
}

/** The median of some runs, in milliseconds. */
async function timeOf(running: Executable): Promise<number> {
  const step = async (): Promise<unknown> => running.run([]);
  await samplesOf(step, 3, 2000);
  return median(await samplesOf(step, 50, 3000));
}

/** One product beside sums of 64 bits, in some of its entries. */
async function errorOf(machine: GpuMachine, x: Tensor): Promise<number> {
  const size = x.shape[0] as number;
  const running = compile(
    trace((a: Tensor) => matmul(a, a), [x]),
    machine,
  );
  const { data } = (await running.run([x])) as Tensor;
  running.dispose();
  let [error, largest] = [0, 0];
  for (let n = 0; n < 1000; n++) {
    const [row, column] = [(n * 7919) % size, (n * 104_729) % size];
    let exact = 0;
    for (let i = 0; i < size; i++) exact += (x.data[row * size + i] as number) * (x.data[i * size + column] as number);
    error = Math.max(error, Math.abs(exact - (data[row * size + column] as number)));
    largest = Math.max(largest, Math.abs(exact));
  }
  return error / largest;
}

/** Measures one size. */
export async function measureProduct(
  machine: GpuMachine,
  size: number,
  chain: number,
  torch: Peer | null,
): Promise<ProductFound> {
  const x = matrix(size);
  const error = await errorOf(machine, x);
  const [one, many] = [powers(machine, x, 1), powers(machine, x, chain)];
  const [callMs, chainMs] = [await timeOf(one), await timeOf(many)];
  for (const running of [one, many]) running.dispose();
  const theirs = await timeOfTorch(torch, { ask: "product", size, chain });
  const speedOf = (milliseconds: number): number => chain * gigaflops({ dtype: "f32", size }, milliseconds);
  return { size, callMs, gigaflops: speedOf(chainMs), error, torch: theirs === null ? null : speedOf(theirs) };
}
