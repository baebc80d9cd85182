// Batches of text: windows of tokens, each with the tokens that come next.
import { AdError, type Tensor, zeros } from "@nonsmooth/ad-core";
import { type Batches, type BatchForm, checkedPass, rangesOf } from "./batching.ts";
import { checkSettings, checkWhole } from "./checks.ts";
import { drawsFor } from "./draws.ts";
import { shuffledOrder } from "./order.ts";

/** Windows of a text: `targets[b, t]` is the token that follows `inputs[b, t]`. */
export interface TextBatch {
  /** `[batch, length]`, `i32`. */
  readonly inputs: Tensor;
  /** `[batch, length]`, `i32`. */
  readonly targets: Tensor;
}

/** Settings of {@link textBatches}. */
export interface TextBatchOptions extends BatchForm {
  /** Tokens in a window, at least 1. */
  readonly length: number;
}

/**
 * The batches of one epoch of a text: it is cut into windows that follow each other and do not overlap.
 *
 * As stored, windows begin at the first token: for validation. With `shuffle` an epoch begins at a drawn token, so that
 * cuts fall elsewhere each time, and the windows are shuffled; their number is the same in every epoch. Batch `i` is a
 * function of the tokens, the seed, the epoch and the settings.
 *
 * With `reuse`, batches of one size share their memory: asking for the next one overwrites the last.
 *
 * @param tokens - of the text
 * @param options - `batch`, `length`, `lastBatch`, `shuffle`, `seed`, `epoch`, `reuse`
 * @returns batches of `inputs` and `targets`, `[batch, length]` of `i32`; the last may be smaller
 * @throws AdError "domain" when a number is out of range, the text is shorter than `length + 1`, a seed is missing for a shuffle,
 *   there is no such batch or a setting is unknown
 * @example
 * const batches = textBatches(Int32Array.of(0, 1, 2, 3, 4, 5, 6), { batch: 2, length: 3 });
 * batches.at(0).inputs // [[0, 1, 2], [3, 4, 5]]
 * batches.at(0).targets // [[1, 2, 3], [4, 5, 6]]
 */
export function textBatches(tokens: Int32Array, options: TextBatchOptions): Batches<TextBatch> {
  const where = "textBatches";
  checkSettings(where, options, ["batch", "length", "lastBatch", "shuffle", "seed", "epoch", "reuse"]);
  const length = checkedLength(where, options.length, tokens);
  const pass = checkedPass(where, options);
  const isShuffled = options.shuffle === true;
  const fitting = Math.floor((tokens.length - 1) / length);
  const count = isShuffled ? Math.max(1, fitting - 1) : fitting;
  const room = Math.min(length - 1, tokens.length - 1 - count * length);
  const offset = isShuffled ? Math.floor((drawsFor(where, "windows", pass, 1)[0] as number) * (room + 1)) : 0;
  const order = isShuffled ? shuffledOrder(count, pass) : Int32Array.from({ length: count }, (_, i) => i);
  const starts = order.map((window) => offset + window * length);
  return rangesOf(where, count, options, (start, end, buffer: TextBatch | undefined) =>
    windowsAt(tokens, starts.subarray(start, end), length, buffer),
  );
}

/** Settings of {@link randomWindows}. */
export interface RandomWindowOptions {
  /** Windows, at least 1. */
  readonly batch: number;
  /** Tokens in a window, at least 1. */
  readonly length: number;
  /** A whole number from 0 to 2^53 - 1. */
  readonly seed: number;
  /** Of the training, from 0 on. */
  readonly step: number;
}

/**
 * Windows that begin anywhere in a text, each place alike: the batch of a step, where a training has no epochs.
 *
 * It is a function of the tokens, the seed, the step and the sizes. Call it outside of transforms and recordings.
 *
 * @param tokens - of the text
 * @param options - `batch`, `length`, `seed`, `step`
 * @returns `inputs` and `targets`, `[batch, length]` of `i32`
 * @throws AdError "domain" when a number is out of range, the text is shorter than `length + 1` or a setting is unknown
 * @example
 * const tokens = Int32Array.of(0, 1, 2, 3, 4, 5, 6);
 * randomWindows(tokens, { batch: 2, length: 3, seed: 1, step: 0 }).inputs // [[1, 2, 3], [3, 4, 5]]
 */
export function randomWindows(tokens: Int32Array, options: RandomWindowOptions): TextBatch {
  const where = "randomWindows";
  checkSettings(where, options, ["batch", "length", "seed", "step"]);
  const length = checkedLength(where, options.length, tokens);
  const batch = checkWhole(where, "batch", options.batch, 1);
  const pass = { seed: options.seed, epoch: checkWhole(where, "step", options.step, 0) };
  const draws = drawsFor(where, "windows", pass, batch);
  const starts = Int32Array.from(draws, (draw) => Math.floor(draw * (tokens.length - length)));
  return windowsAt(tokens, starts, length, undefined);
}

function checkedLength(where: string, length: number, { length: available }: Int32Array): number {
  if (checkWhole(where, "length", length, 1) < available) return length;
  const [expected, got] = [`at least ${length + 1} tokens`, String(available)];
  const parts = { problem: "the text is shorter than a window and its next token", expected, got };
  throw new AdError({ code: "domain", where, ...parts, remedy: "choose a smaller length, or a longer text" });
}

/** The windows that begin at `starts`, in the memory of `buffer` if there is one. */
function windowsAt(tokens: Int32Array, starts: Int32Array, length: number, buffer: TextBatch | undefined): TextBatch {
  const empty = (): Tensor => zeros([starts.length, length], { dtype: "i32" });
  const batch = buffer ?? { inputs: empty(), targets: empty() };
  starts.forEach((start, row) => {
    (batch.inputs.data as Int32Array).set(tokens.subarray(start, start + length), row * length);
    (batch.targets.data as Int32Array).set(tokens.subarray(start + 1, start + 1 + length), row * length);
  });
  return batch;
}
