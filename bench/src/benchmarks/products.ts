// Products of square matrices on the WebAssembly machine, and beside TensorFlow.js.
import { compile, type Executable, matmul, sum, type Tensor, tensor, trace } from "@nonsmooth/ad-core";
import type { WasmMachine } from "@nonsmooth/ad-wasm";
import type { Peer } from "./peerProcess.ts";
import { atLeast, type Mode, type Row } from "./row.ts";
import type { Bench } from "./stepRows.ts";
import { inTurns, type Least, middleOf, ratioOf, samplesOf, usual } from "./turns.ts";

/** A format and a size. */
export interface Product {
  readonly dtype: "f32" | "f64";
  readonly size: number;
}

/** Thousands of millions of products and additions in a second, by threads: at least this. */
const goals: Readonly<Record<Mode, Readonly<Record<Product["dtype"], Readonly<Record<number, number>>>>>> = {
  plain: { f32: { 1: 50, 2: 100 }, f64: { 1: 26, 2: 52 } },
  wide: { f32: { 1: 100, 2: 195 }, f64: { 1: 50, 2: 97 } },
};

/** How many times as fast as TensorFlow.js we must be. */
const peerGoal = 1.15;

/** All that are measured. */
export const products: readonly Product[] = (["f32", "f64"] as const).flatMap((dtype) =>
  [256, 512, 1024].map((size) => ({ dtype, size })),
);

const numbersOf = (size: number): number[] =>
  Array.from({ length: size * size }, (_, i) => ((i * 37) % 101) / 101 - 0.5);

/** The square of a matrix that stays on the machine, so that nothing is copied; the result is the sum of its entries. */
function squaring(machine: WasmMachine, { dtype, size }: Product): Executable {
  const x = tensor(numbersOf(size), { shape: [size, size], dtype });
  const program = trace((a: Tensor) => ({ a, total: sum(matmul(a, a)) }), [x]);
  const running = compile(program, machine, { carry: { a: 0 } });
  running.write("a", x);
  return running;
}

/** Thousands of millions of operations in a second. */
export const gigaflops = ({ size }: Product, milliseconds: number): number => (2 * size ** 3) / milliseconds / 1e6;

interface Answer {
  readonly times: number[];
  readonly total: number;
}

/** One product against its goal, and beside TensorFlow.js where that is given. */
export async function productRows(
  product: Product,
  { machine, mode, rounds }: Bench,
  tfjs: Peer | null,
): Promise<Row[]> {
  const running = squaring(machine, product);
  const step = (): number => (running.run([]) as { total: Tensor }).total.data[0] as number;
  const own = step();
  await samplesOf(step, { leastMs: 300, leastSteps: 5 });
  const least: Least = { ...usual, leastSteps: 5 };
  const ask = (numbers?: number[]) => tfjs?.ask<Answer>({ ask: "product", size: product.size, numbers, ...least });
  const first = await ask(numbersOf(product.size));
  const theirs = tfjs && (async (): Promise<number[]> => (await ask())?.times ?? []);
  const turns = await inTurns(rounds, () => samplesOf(step, least), theirs);
  running.dispose();
  const ours = gigaflops(product, middleOf(turns.ours) as number);
  const work = `product of matrices, ${product.dtype}, ${product.size} x ${product.size}`;
  const common = { work, threads: machine.threads, unit: "GFLOP/s", ours } as const;
  const goal = atLeast(goals[mode][product.dtype][machine.threads]);
  const alone: Row = { ...common, peer: null, theirs: null, ratio: null, goal, differs: null };
  if (!tfjs || !first) return [alone];
  const beside: Row = {
    ...{ ...common, peer: tfjs.about.name, theirs: gigaflops(product, middleOf(turns.theirs) as number) },
    ...{ ratio: ratioOf(turns.theirs, turns.ours), goal: atLeast(peerGoal), differs: otherTotal(own, first.total) },
  };
  return [alone, beside];
}

/** In what two sums of entries differ; rounding may move them by a little. */
function otherTotal(own: number, theirs: number): string | null {
  const isNear = Math.abs(theirs - own) <= 1e-3 * Math.abs(own);
  return isNear ? null : `the entries sum to ${theirs} instead of ${own}`;
}
