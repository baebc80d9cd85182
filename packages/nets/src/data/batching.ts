// How data are cut into batches.
import { AdError } from "@nonsmooth/ad-core";
import { checkWhole } from "./checks.ts";
import type { Pass } from "./draws.ts";

/** The batches of one epoch, each made when it is asked for; a loop asks for all of them in turn. */
export interface Batches<B> extends Iterable<B> {
  readonly length: number;
  /** Batch `index`, from 0 on; AdError "domain" when there is none. */
  readonly at: (index: number) => B;
}

/** What all batches have in common. */
export interface BatchForm {
  /** How many in a batch, at least 1. */
  readonly batch: number;
  /** What happens to the rest that fills no batch; it is kept when absent. */
  readonly lastBatch?: "keep" | "drop";
  /** A new order in each epoch; as stored when absent. */
  readonly shuffle?: boolean;
  /** Of all that is drawn: needed for a shuffle or an augmentation. */
  readonly seed?: number;
  /** From 0 on; 0 when absent. */
  readonly epoch?: number;
  /** Whether batches share their memory; each has its own when absent. */
  readonly reuse?: boolean;
}

/** Seed and epoch; a seed must be there when something is drawn. */
export function checkedPass(where: string, { seed, epoch, shuffle }: BatchForm, draws = false): Pass {
  if (seed === undefined && (draws || shuffle === true)) {
    const [problem, expected, got] = ["a seed is missing", "a seed for what is drawn", "none"];
    throw new AdError({ code: "domain", where, problem, expected, got, remedy: "add seed" });
  }
  return { seed: checkWhole(where, "seed", seed ?? 0, 0), epoch: checkWhole(where, "epoch", epoch ?? 0, 0) };
}

/** Cuts `count` things into batches; `make` gets a range, and the batch of that size to write again if there is one. */
export function rangesOf<B>(
  where: string,
  count: number,
  { batch, lastBatch = "keep", reuse = false }: BatchForm,
  make: (start: number, end: number, buffer: B | undefined) => B,
): Batches<B> {
  checkWhole(where, "batch", batch, 1);
  checkLast(where, lastBatch);
  const length = lastBatch === "drop" ? Math.floor(count / batch) : Math.ceil(count / batch);
  const buffers = new Map<number, B>();
  const at = (index: number): B => {
    checkIndex(where, index, length);
    const [start, end] = [index * batch, Math.min(count, (index + 1) * batch)];
    const made = make(start, end, buffers.get(end - start));
    if (reuse) buffers.set(end - start, made);
    return made;
  };
  return {
    length,
    at,
    *[Symbol.iterator]() {
      for (let index = 0; index < length; index++) yield at(index);
    },
  };
}

function checkLast(where: string, lastBatch: unknown): void {
  if (lastBatch === "keep" || lastBatch === "drop") return;
  const parts = { problem: "lastBatch out of range", expected: "keep or drop", got: String(lastBatch) };
  throw new AdError({ code: "domain", where, ...parts, remedy: "choose one of them" });
}

function checkIndex(where: string, index: number, length: number): void {
  if (Number.isSafeInteger(index) && index >= 0 && index < length) return;
  const expected = length === 0 ? "none: there are no batches" : `a whole number from 0 to ${length - 1}`;
  const parts = { problem: "no such batch", expected, got: String(index), remedy: "stay below length" };
  throw new AdError({ code: "domain", where, ...parts });
}
