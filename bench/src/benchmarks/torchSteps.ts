// PyTorch as a process that makes steps when it is asked.
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

const script = join(import.meta.dirname, "..", "..", "peers", "training", "steps.py");

/** How PyTorch is configured. */
export interface TorchAbout {
  readonly version: string;
  readonly threads: number;
  readonly kernels: string;
}

/** A running PyTorch. */
export class TorchSteps {
  readonly about: Promise<TorchAbout>;
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;

  constructor(python: string, threads: number) {
    const limits = { OMP_NUM_THREADS: `${threads}`, OPENBLAS_NUM_THREADS: `${threads}` };
    this.child = spawn(python, [script, `${threads}`], { env: { ...process.env, ...limits } });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    this.about = this.answer<TorchAbout>();
  }

  /** Milliseconds of single steps of a workload. */
  async times(workload: string): Promise<number[]> {
    await this.about;
    this.child.stdin.write(`${workload}\n`);
    return this.answer<number[]>();
  }

  end(): void {
    this.child.stdin.end();
  }

  private async answer<T>(): Promise<T> {
    const { value, done } = await this.lines.next();
    if (done) throw new Error("PyTorch ended; run its script by hand to see why");
    return JSON.parse(value) as T;
  }
}

/** A Python that has PyTorch: the one that is named, or one of the usual; null when none has. */
export function pythonWithTorch(named: string | undefined): string | null {
  const candidates = named === undefined ? ["/usr/bin/python3", "python3"] : [named];
  return candidates.find((python) => spawnSync(python, ["-c", "import torch"]).status === 0) ?? null;
}
