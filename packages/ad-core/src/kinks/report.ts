// From signals to a report.
import type { Tensor } from "../tensors/tensor.ts";
import { type KinkPlace, type Reading, type ReadingOptions, readSignal } from "./places.ts";
import { type KinkStatus, statusText } from "./status.ts";
import type { Signal, Source } from "./watch.ts";

/** An instruction that sat on a kink. */
export interface KinkedInstruction {
  readonly name: string;
  readonly site: string;
  /** How many instructions passed before it in the run. */
  readonly position: number;
  /** `tie` and `point` are kinks, `jump` is a jump, `slope` a derivative that is not finite. */
  readonly type: Source["type"];
  /** How many elements of its result sat on the kink. */
  readonly count: number;
  /** The first of them. */
  readonly places: readonly KinkPlace[];
}

/** Which kinks a run met. */
export interface KinkReport {
  readonly status: KinkStatus;
  /** The status in words. */
  readonly meaning: string;
  /** How many instructions were watched because they can have a kink. */
  readonly watched: number;
  readonly kinks: readonly KinkedInstruction[];
}

/** Everything that was read off a run. */
export interface RunReading {
  readonly sources: readonly Source[];
  readonly readings: readonly Reading[];
  /** Whether all results are finite. */
  readonly isFinite: boolean;
}

/** Reads the signals of a run whose results are `outputs`. */
export const readRun = (
  outputs: readonly Tensor[],
  signals: readonly Signal[],
  options: ReadingOptions,
): RunReading => ({
  sources: signals.map(({ source }) => source),
  readings: signals.map((signal) => readSignal(signal, options)),
  isFinite: outputs.every((y) => y.data.every((value: number) => Number.isFinite(value))),
});

/** A report of a run, against an earlier one when there is one. */
export function reportOf(run: RunReading, recorded: RunReading | null): KinkReport {
  const kinks = run.readings.flatMap(({ count, places }, i): KinkedInstruction[] => {
    const { name, site, position, type } = run.sources[i] as Source;
    return count === 0 ? [] : [{ name, site, position, type, count, places }];
  });
  const status = statusOf(run, kinks, recorded);
  const watched = run.sources.filter(({ type }) => type !== "slope").length;
  return { status, meaning: statusText[status], watched, kinks };
}

/** The report where a recorded program stops. */
export const guardReport = (): KinkReport => ({ status: -1, meaning: statusText[-1], watched: 0, kinks: [] });

function statusOf(run: RunReading, kinks: readonly KinkedInstruction[], recorded: RunReading | null): KinkStatus {
  const types = new Set(kinks.map(({ type }) => type));
  if (!run.isFinite || types.has("slope")) return -2;
  if (types.has("jump")) return 0;
  if (types.size > 0) return 1;
  return recorded && !sameBranches(run, recorded) ? 2 : 3;
}

const sameBranches = (run: RunReading, recorded: RunReading): boolean =>
  run.readings.every(({ winners }, i) => winners.every((winner, at) => winner === recorded.readings[i]?.winners[at]));
