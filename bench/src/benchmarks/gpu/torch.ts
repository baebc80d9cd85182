// PyTorch on the same GPU.
import { join } from "node:path";
import { type Absent, type Peer, PeerEnded, startPeer } from "../peerProcess.ts";
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

/** Milliseconds that PyTorch takes for something; null where it is not here, or when it ends over it, which is said. */
export async function timeOfTorch(torch: Peer | null, request: object): Promise<number | null> {
  try {
    return (await torch?.ask<number>(request)) ?? null;
  } catch (error) {
    if (!(error instanceof PeerEnded)) throw error;
    process.stderr.write(`${error.peer}: ${JSON.stringify(request)}: ${error.message}\n`);
    return null;
  }
}
