// How long it takes to record the training loss of LeNet-5 and its gradient.
import { trace, valueAndGrad } from "@nonsmooth/ad-core";
import { lenet5 } from "../programs/lenet5.ts";
import { timed } from "./timing.ts";

/** Milliseconds of the first recordings, one after the other: the first also compiles the code that records. */
export async function measureTracing(times: number): Promise<number[]> {
  const { f, args } = await lenet5.build({ seed: 1, dtype: "f32" });
  const step = valueAndGrad(f as never) as (...inputs: unknown[]) => unknown;
  return Array.from({ length: times }, () => timed(() => trace(step, args))[0]);
}
