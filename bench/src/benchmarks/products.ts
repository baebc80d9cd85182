// Products of square matrices on the WebAssembly machine, against what plain vectors of 128 bits can do.
import { compile, type DType, matmul, sum, type Tensor, tensor, trace } from "@nonsmooth/ad-core";
import type { WasmMachine } from "@nonsmooth/ad-wasm";
import { median } from "../studies/timing.ts";

/** One size on some threads. */
export interface ProductRow {
  readonly dtype: DType;
  readonly size: number;
  readonly threads: number;
  /** Products and additions in a second, in thousands of millions. */
  readonly gflops: number;
  readonly goal: number;
}

/** Thousands of millions of products and additions that must be reached, by threads. */
const goals: Readonly<Record<string, readonly number[]>> = { f32: [0, 50, 100], f64: [0, 26, 52] };

export const productSizes = [256, 512, 1024] as const;

/** The square of a matrix that stays on the machine, so that nothing is copied. */
export function measureProduct(machine: WasmMachine, dtype: "f32" | "f64", size: number, rounds: number): ProductRow {
  const numbers = Float64Array.from({ length: size * size }, (_, i) => ((i * 37) % 101) / 101 - 0.5);
  const a = tensor(numbers, { shape: [size, size], dtype });
  const program = trace((x: Tensor) => ({ x, total: sum(matmul(x, x)) }), [a]);
  const running = compile(program, machine, { carry: { x: 0 } });
  running.write("x", a);
  const time = (): number => {
    const start = performance.now();
    running.run([]);
    return performance.now() - start;
  };
  for (const end = performance.now() + 300; performance.now() < end; ) time();
  const times = Array.from({ length: Math.max(3, rounds * 5) }, time);
  running.dispose();
  const gflops = (2 * size ** 3) / median(times) / 1e6;
  return { dtype, size, threads: machine.threads, gflops, goal: goals[dtype]?.[machine.threads] ?? Number.NaN };
}
