// The script of a page that compares a machine with the reference: `conformance` is called from outside.
import { compile, div, type Machine, reference, type Tensor, tensor, trace } from "@nonsmooth/ad-core";
import { type GpuMode, gpu } from "@nonsmooth/ad-gpu";
import { conformsByStep } from "@nonsmooth/ad-testing";
import { agreement } from "../../../packages/ad-gpu/laws/agreement.ts";

/** What was found on a machine. */
export interface Conformance {
  readonly kernelClass: string;
  /** Why random programs differ from the reference; empty when they do not. */
  readonly difference: string;
  /** Quotients of whole numbers, on the machine and on the reference. */
  readonly quotients: readonly [string, string];
  /** What a run says whose context of WebGL was lost. */
  readonly lost: string;
}

const row = (values: readonly number[]): Tensor => tensor([...values], { dtype: "f32" });
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const textOf = ({ data }: Tensor): string => Array.from(data, (x) => (Object.is(x, -0) ? "-0" : `${x}`)).join(" ");

/** Whole numbers beyond those of 32 bits, and zeros with signs. */
const numbers: [Tensor, Tensor] = [row([1e20, 3e9, 7, 0, -0]), row([2, 3, 7, -2, 2])];
const quotient = trace((a: Tensor, b: Tensor) => div(a, b), numbers);

async function quotientOn(machine: Machine): Promise<string> {
  return textOf((await compile(quotient, machine).run(numbers)) as Tensor);
}

/** Contexts of WebGL that were made: a browser may take them away. */
const contexts: { getExtension(name: string): { loseContext(): void } | null }[] = [];

interface CanvasClass {
  readonly prototype: { getContext(...args: unknown[]): (typeof contexts)[number] | null };
}

function watchContexts(): void {
  const { prototype } = (globalThis as unknown as { HTMLCanvasElement: CanvasClass }).HTMLCanvasElement;
  const { getContext } = prototype;
  prototype.getContext = function watched(...args) {
    const context = getContext.apply(this, args);
    if (context) contexts.push(context);
    return context;
  };
}

/** Compares a machine with the reference on random programs, and takes its context away at the end. */
async function conformance(mode: GpuMode, runs: number, seed: number): Promise<Conformance> {
  watchContexts();
  const machine = await gpu({ mode });
  const agree = agreement(await machine.numerics());
  const difference = await conformsByStep(machine, { runs, seed, dtypes: ["f32"], agree }).then(() => "", messageOf);
  const quotients = [await quotientOn(machine), await quotientOn(reference())] as const;
  for (const context of contexts) context.getExtension("WEBGL_lose_context")?.loseContext();
  const lost = await quotientOn(machine).catch(messageOf);
  return { kernelClass: machine.kernelClass, difference, quotients, lost };
}

Object.assign(globalThis, { conformance });
