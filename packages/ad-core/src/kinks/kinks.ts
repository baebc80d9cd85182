// Which kinks a run of a function met.
import { AdError } from "../errors/adError.ts";
import { checkSettings, domainError } from "../errors/messages.ts";
import type { Program } from "../programs/program.ts";
import { trace } from "../programs/trace.ts";
import type { Tensor } from "../tensors/tensor.ts";
import type { Like } from "../tensors/tree.ts";
import { flattenArguments, lower, type TreeFunction } from "../transforms/frontend.ts";
import type { ReadingOptions } from "./places.ts";
import { guardReport, type KinkReport, type RunReading, readRun, reportOf } from "./report.ts";
import { type Signal, type Source, watchFlat } from "./watch.ts";

/** Settings of {@link watchKinks}. */
export interface WatchOptions {
  /** Branches that differ by no more tie, and a norm that is no larger is at its kink; 0 when absent. */
  readonly tolerance?: number;
  /** At most so many places are listed for each instruction; 100 when absent. All are counted. */
  readonly limit?: number;
}

/** Settings of {@link kinks}. */
export interface KinkOptions<Args extends readonly unknown[] = readonly unknown[]> extends WatchOptions {
  /** Arguments at which the function counts as recorded: other guards and other branches than there are told. */
  readonly recordedAt?: readonly [...Args];
}

/** Checks the settings of a report. */
export function readingOptions(where: string, { tolerance = 0, limit = 100 }: WatchOptions): ReadingOptions {
  if (!(tolerance >= 0)) {
    throw domainError(where, "tolerance", "a number from 0", String(tolerance), "0 asks for exact ties");
  }
  if (!(Number.isInteger(limit) && limit >= 0)) {
    throw domainError(where, "limit", "a whole number from 0", String(limit), "it limits the list, not the count");
  }
  return { tolerance, limit };
}

/** Whether a recorded program stopped at a guard. */
export const isGuard = (error: unknown): boolean => error instanceof AdError && error.code === "guard";

function runAt(f: TreeFunction, args: readonly unknown[], options: ReadingOptions): RunReading {
  const flat = flattenArguments("kinks", args);
  const { outputs, signals } = watchFlat(lower("kinks", f, flat.form).run, flat.leaves);
  return readRun(outputs, signals, options);
}

/** Runs, unless a recorded program stops at a guard. */
function tryRunAt(f: TreeFunction, args: readonly unknown[], options: ReadingOptions): RunReading | null {
  try {
    return runAt(f, args, options);
  } catch (error) {
    if (isGuard(error)) return null;
    throw error;
  }
}

/**
 * Which instructions of a run sat on a kink, with the branches that tied there, and how smooth the function is at this
 * point as far as the instructions can tell.
 *
 * Status, the lowest that applies: 3 smooth; 2 smooth, on another branch than at `recordedAt`; 1 branches of a kink tie;
 * 0 the value of an instruction jumps here; -1 a guard of a recorded program differs; -2 a result or the slope of an
 * instruction is not finite. It speaks of instructions, not of the function: `abs(x) - abs(x)` is smooth and has ties.
 * Cost: one run; two with `recordedAt`; and one tangent for each input of each smooth operation.
 *
 * @param f - a function of trees of tensors, or a recorded program
 * @param args - its arguments, in a list
 * @param options - `tolerance` (0), `limit` of places listed for each instruction (100), `recordedAt`
 * @returns the status, and each instruction on a kink with its site, elements, branch values and number of ties
 * @throws AdError "domain" for a bad option; "escaped" inside a transform
 * @see [ADOL] the levels of the status
 * @example
 * const report = kinks((x) => sum(relu(x, { site: "act" })), [tensor([1, 0])]);
 * report.status // 1
 * report.kinks // [{ name: "relu", site: "act", position: 0, type: "tie", count: 1, places: [{ index: [1], branches: [0, 0], ties: 2 }] }]
 */
export function kinks<Args extends readonly unknown[]>(
  f: (...args: Args) => unknown,
  args: readonly [...Args],
  options: KinkOptions<Args> = {},
): KinkReport {
  checkSettings("kinks", options, ["tolerance", "limit", "recordedAt"]);
  const reading = readingOptions("kinks", options);
  const { recordedAt } = options;
  const program = (recordedAt ? trace(f, recordedAt) : f) as TreeFunction;
  const recorded = recordedAt ? runAt(program, recordedAt, reading) : null;
  const run = tryRunAt(program, args, reading);
  return run ? reportOf(run, recorded) : guardReport();
}

/** What a watched program returns: the value, and the numbers that meet at each kink. */
export interface WatchedResult<Out> {
  readonly value: Out;
  readonly signals: readonly (readonly Tensor[])[];
}

/** A program whose results hold a kink report. */
export interface WatchedProgram<Args extends readonly unknown[], Out> {
  readonly program: Program<Args, WatchedResult<Out>>;
  /** Reads what the program returned, on whatever machine it ran. */
  report(result: WatchedResult<unknown>): KinkReport;
}

/**
 * The kink report as a program: further outputs hold the values that meet at each kink, so that every machine that runs
 * programs gives the report.
 *
 * @param f - a function of trees of tensors
 * @param args - arguments that give the types, as in {@link trace}
 * @param options - `tolerance`, `limit`
 * @returns the program, which returns `{ value, signals }`, and a reader of its results
 * @throws AdError "domain" for a bad option
 * @example
 * const watched = watchKinks((x) => sum(relu(x)), [zeros([2])]);
 * watched.report(compile(watched.program, reference()).run([tensor([1, 0])])).status // 1
 */
export function watchKinks<Args extends readonly unknown[], Out>(
  f: (...args: Args) => Out,
  args: readonly [...Args],
  options: WatchOptions = {},
): WatchedProgram<Args, Like<Out>> {
  checkSettings("watchKinks", options, ["tolerance", "limit"]);
  const reading = readingOptions("watchKinks", options);
  let sources: readonly Source[] = [];
  const run = (...inputs: Args): WatchedResult<Like<Out>> => {
    const flat = flattenArguments("watchKinks", inputs);
    const lowered = lower("watchKinks", f as unknown as TreeFunction, flat.form);
    const { outputs, signals } = watchFlat(lowered.run, flat.leaves);
    sources = signals.map(({ source }) => source);
    return { value: lowered.form().build(outputs) as Like<Out>, signals: signals.map(({ tensors }) => tensors) };
  };
  const program = trace(run, args) as unknown as Program<Args, WatchedResult<Like<Out>>>;
  return { program, report: (result) => reportOf(readResult(result, sources, reading), null) };
}

function readResult(
  { value, signals }: WatchedResult<unknown>,
  sources: readonly Source[],
  options: ReadingOptions,
): RunReading {
  const outputs = flattenArguments("watchKinks", [value]).leaves;
  const read = signals.map((tensors, i): Signal => ({ source: sources[i] as Source, tensors }));
  return readRun(outputs, read, options);
}
