// PyTorch, which makes training steps when it is asked.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type Absent, type Peer, startPeer } from "./peerProcess.ts";

const script = join(import.meta.dirname, "..", "..", "peers", "training", "steps.py");
const name = "PyTorch";

/** PyTorch on so many threads, which answers the name of a workload with the milliseconds of single steps. */
export function startTorch(python: string | null, threads: number): Promise<Peer | Absent> {
  if (python === null) {
    const why = "not found; set NONSMOOTH_PYTHON to a Python that has it, or install Debian's python3-torch";
    return Promise.resolve({ name, why });
  }
  const environment = { OMP_NUM_THREADS: `${threads}`, OPENBLAS_NUM_THREADS: `${threads}` };
  return startPeer({ name, program: python, args: [script, `${threads}`], threads, environment });
}

/** A Python that has PyTorch: the one that is named, or one of the usual; null when none has. */
export function pythonWithTorch(named: string | undefined): string | null {
  const candidates = named === undefined ? ["/usr/bin/python3", "python3"] : [named];
  return candidates.find((python) => spawnSync(python, ["-c", "import torch"]).status === 0) ?? null;
}
