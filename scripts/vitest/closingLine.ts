/** The reporter that prints the seed first, and as the very last line of a run `N passed, N failed[, N skipped]`. */
import type { Reporter, TestModule, Vitest } from "vitest/node";
import { numRuns, seed } from "./seed.ts";

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Counts tests; a file that failed without a failed test (it could not be imported, a hook threw) counts as one failure. */
export function countTests(modules: readonly TestModule[]): Counts {
  const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
  for (const module of modules) {
    const failedBefore = counts.failed;
    for (const test of module.children.allTests()) counts[test.result().state] += 1;
    if (!module.ok() && counts.failed === failedBefore) counts.failed += 1;
  }
  return counts;
}

/** The closing line; a run that ends with an error has at least one failure, whatever was counted. */
export function closingLine({ passed, failed, skipped }: Counts, exitCode: number): string {
  const failures = exitCode === 0 ? failed : Math.max(1, failed);
  return `${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

export class ClosingLine implements Reporter {
  private counts: Counts = { passed: 0, failed: 0, skipped: 0 };

  onInit(_vitest: Vitest): void {
    process.stdout.write(`seed ${seed}, ${numRuns} runs per property (FC_SEED, FC_RUNS)\n`);
    // At exit, because only then has every other reporter and every teardown had its say.
    process.once("exit", (code) => process.stdout.write(`${closingLine(this.counts, code)}\n`));
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    this.counts = countTests(modules);
  }
}
