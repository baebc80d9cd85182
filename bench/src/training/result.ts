/** How a run ended, read off its log: a resumed run has the same result as one that was never stopped. */
import type { Evaluation } from "@nonsmooth/nets";
import type { LogLine } from "./runFolder.ts";

/** How a run ended. */
export interface TrainingResult {
  /** `stopped` runs can be resumed; `diverged` ones met infinity or NaN. */
  readonly status: "finished" | "stopped" | "diverged";
  readonly steps: number;
  readonly epochs: readonly (Evaluation & { readonly epoch: number; readonly trainLoss: number })[];
  /** Where infinity or NaN came up first, in a run that diverged; null when it cannot be told. */
  readonly culprit: { readonly step: number; readonly operation: string; readonly site: string } | null;
}

/** The result of a run that has this log. */
export function resultOf(lines: readonly LogLine[], status: TrainingResult["status"], steps: number): TrainingResult {
  const fatal = lines.find((line) => line.diverged !== undefined);
  const culprit = fatal ? { step: fatal.step, operation: `${fatal.diverged}`, site: `${fatal.site}` } : null;
  return { status, steps, epochs: epochsOf(lines), culprit };
}

/** The test accuracy after the last epoch of a run that has this result; NaN when it was not finished. */
export function finalAccuracy(result: unknown): number {
  const { status, epochs } = (result ?? {}) as Partial<TrainingResult>;
  return status === "finished" ? (epochs?.at(-1)?.accuracy ?? Number.NaN) : Number.NaN;
}

function epochsOf(lines: readonly LogLine[]): TrainingResult["epochs"] {
  const sums = new Map<unknown, { loss: number; count: number }>();
  for (const { epoch, loss } of lines) {
    if (loss === undefined) continue;
    const sum = sums.get(epoch) ?? { loss: 0, count: 0 };
    sums.set(epoch, { loss: sum.loss + Number(loss), count: sum.count + 1 });
  }
  return lines.flatMap((line) => {
    if (line.testLoss === undefined) return [];
    const { loss, count } = sums.get(line.epoch) ?? { loss: Number.NaN, count: 1 };
    const [epoch, testLoss, accuracy, tested] = ["epoch", "testLoss", "testAccuracy", "count"].map((name) =>
      Number(line[name]),
    ) as [number, number, number, number];
    return [{ epoch, trainLoss: loss / count, loss: testLoss, accuracy, count: tested }];
  });
}
