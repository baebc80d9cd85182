// PyTorch on the same GPU.
import { join } from "node:path";
import { type Absent, type Peer, startPeer } from "../peerProcess.ts";
import { pythonWithTorch } from "../torchSteps.ts";
import type { Way } from "./settings.ts";

/** PyTorch in f32, without shorter products; absent where there is none, or where it sees no GPU. */
export function startTorchOnGpu(way: Way, peers: string): Promise<Peer | Absent> {
  const name = "PyTorch";
  if (way === "software") return Promise.resolve({ name, why: "there is no GPU to compare on" });
  const program = pythonWithTorch(process.env.NONSMOOTH_PYTHON);
  if (program === null)
    return Promise.resolve({ name, why: "not found; set NONSMOOTH_PYTHON to a Python that has it" });
  return startPeer({ name, program, args: [join(peers, "training", "gpu.py")], threads: 1 });
}
