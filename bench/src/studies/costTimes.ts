/** How long a program and its derivatives take on a machine. */

import { performance } from "node:perf_hooks";
import {
  compile,
  type Executable,
  jvp,
  type Machine,
  type Select,
  simplify,
  type Tensor,
  tensor,
  trace,
  valueAndGrad,
} from "@nonsmooth/ad-core";
import { flattenTree } from "@nonsmooth/ad-core/machines";
import type { BuiltProgram } from "../programs/types.ts";
import { timed } from "./timing.ts";

/** Where and how often programs are timed. */
export interface TimeSettings {
  readonly machine: Machine;
  /** Rounds; as many as fit into two seconds when absent. */
  readonly repeats?: number | undefined;
}

/** Medians; ratios are to one evaluation. */
export interface TimeReport {
  readonly evaluateMs: number;
  readonly backwardMs: number;
  readonly forwardMs: number;
  readonly backwardRatio: number;
  readonly forwardRatio: number;
  /** The gradient by forward mode, where it takes few seconds; null where only counted. */
  readonly forwardFullMs: number | null;
  readonly repeats: number;
  /** The name of the machine. */
  readonly machine: string;
}

/** What the derivatives are taken by, and the choices at kinks. */
export interface DerivativeOptions {
  readonly wrt: number | readonly number[];
  readonly select?: Select;
}

/** A gradient by forward mode is timed when it takes no longer. */
const longestMs = 3000;

type Loss = (...args: unknown[]) => Tensor;

/** Times a program, its value with the gradient, its value with one tangent, and the gradient tangent by tangent. */
export async function timesOf(
  program: BuiltProgram,
  options: DerivativeOptions,
  settings: TimeSettings,
): Promise<TimeReport> {
  const { args } = program;
  const { machine, repeats } = settings;
  const f = program.f as unknown as Loss;
  const evaluate = compile(simplify(trace(f, args)), machine);
  const backward = compile(simplify(trace((...inputs) => valueAndGrad(f, options)(...inputs), args)), machine);
  const forward = compile(simplify(traceForward(f, args, options)), machine);
  const moving = pick(args, options.wrt);
  const { medianMs, repeats: rounds } = await timed(
    {
      evaluate: () => evaluate.run(args),
      backward: () => backward.run(args),
      forward: () => forward.run([args, moving]),
    },
    { repeats },
  );
  const directions = flattenTree("cost", moving).leaves.reduce((count, { data }) => count + data.length, 0);
  const full = directions * medianMs.forward <= longestMs ? await timeFull(forward, args, moving) : null;
  for (const executable of [evaluate, backward, forward]) executable.dispose();
  return {
    evaluateMs: medianMs.evaluate,
    backwardMs: medianMs.backward,
    forwardMs: medianMs.forward,
    backwardRatio: medianMs.backward / medianMs.evaluate,
    forwardRatio: medianMs.forward / medianMs.evaluate,
    forwardFullMs: full,
    repeats: rounds,
    machine: machine.name,
  };
}

const pick = (args: readonly unknown[], wrt: number | readonly number[]): unknown[] =>
  [wrt].flat().map((i) => args[i as number]);

/** Value and one tangent: the arguments asked for move, the others stay. */
function traceForward(f: Loss, args: readonly unknown[], { wrt, select }: DerivativeOptions) {
  const moving = [wrt].flat() as number[];
  const replaced = (inputs: readonly unknown[], moved: readonly unknown[]): unknown[] =>
    inputs.map((input, i) => (moving.includes(i) ? moved[moving.indexOf(i)] : input));
  return trace(
    (inputs: readonly unknown[], tangents: readonly unknown[]) =>
      jvp((...moved: unknown[]) => f(...replaced(inputs, moved)), pick(inputs, wrt), tangents as never, {
        ...(select && { select }),
      }),
    [args, pick(args, wrt)],
  );
}

/** The gradient by forward mode: one run for each of its entries; null when it takes too long after all. */
async function timeFull(
  forward: Executable,
  args: readonly unknown[],
  moving: readonly unknown[],
): Promise<number | null> {
  const { leaves, form } = flattenTree("cost", moving);
  const still = leaves.map((leaf) => likeLeaf(leaf, new Float64Array(leaf.data.length)));
  const start = performance.now();
  for (const [k, leaf] of leaves.entries()) {
    const numbers = new Float64Array(leaf.data.length);
    for (let at = 0; at < numbers.length; at++) {
      numbers[at] = 1;
      await forward.run([args, form.build(still.with(k, likeLeaf(leaf, numbers)))]);
      numbers[at] = 0;
      if (performance.now() - start > longestMs) return null;
    }
  }
  return performance.now() - start;
}

const likeLeaf = ({ shape, dtype }: Tensor, numbers: Float64Array): Tensor => tensor(numbers, { shape, dtype });
