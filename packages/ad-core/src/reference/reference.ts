// The reference machine: the definition of every operation in every format.
import type { Accumulate } from "../arithmetic/formats.ts";
import { eagerly, within } from "../door/interpreter.ts";
import { type DType, dtypes } from "../dtypes/dtype.ts";
import { domainError } from "../errors/messages.ts";

/** Settings of {@link reference}. */
export interface ReferenceOptions {
  /** The format that sums of `f16` and `bf16` are kept in: `f32` (the default), or the `storage` format itself. */
  readonly accumulate?: Accumulate;
}

/** The machine that defines what results are. */
export interface ReferenceMachine {
  readonly name: "reference";
  readonly dtypes: readonly DType[];
  readonly accumulate: Accumulate;
  /** Runs `body` at once with this machine's settings, at the bottom of whatever transforms it contains. */
  eager<T>(body: () => T): T;
}

/**
 * The reference machine. Operations that are called outside of it run on one with default settings.
 *
 * `+ - * / √`, comparisons, casts and moves are correctly rounded in each format. `exp log sin cos tanh pow erf` and
 * their kin are the engine's own, at most 1 ulp off in `f64`, rounded once to narrower formats, the same on every host.
 * Sums run in the order that their operation states.
 *
 * @param options - `accumulate`
 * @returns the machine
 * @throws AdError "domain" for an unknown `accumulate`
 * @example
 * const x = full([40000], 0.1, { dtype: "f16" });
 * sum(x) // 4000
 * reference({ accumulate: "storage" }).eager(() => sum(x)) // 3932
 */
export function reference({ accumulate = "f32" }: ReferenceOptions = {}): ReferenceMachine {
  if (accumulate !== "f32" && accumulate !== "storage") {
    throw domainError("reference", "accumulate", '"f32" or "storage"', accumulate, "name one of them");
  }
  const interpreter = eagerly(accumulate);
  return { name: "reference", dtypes, accumulate, eager: (body) => within(interpreter, body) };
}
