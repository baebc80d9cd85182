/** A program as a function of the arguments that its gradient is for. */
import type { Tensor } from "@nonsmooth/ad-core";
import type { BuiltProgram } from "../programs/types.ts";

/** A scalar function of any arguments. */
export type Loss = (...args: unknown[]) => Tensor;

/** The function of the arguments that the gradient is for, and those; the other arguments stay. */
export function movingPart({ f, args, wrt }: BuiltProgram): { readonly g: Loss; readonly at: readonly unknown[] } {
  const moving = [wrt].flat() as number[];
  const among = (moved: readonly unknown[]): unknown[] =>
    args.map((arg, i) => (moving.includes(i) ? moved[moving.indexOf(i)] : arg));
  return { g: (...moved) => (f as unknown as Loss)(...among(moved)), at: moving.map((i) => args[i]) };
}
