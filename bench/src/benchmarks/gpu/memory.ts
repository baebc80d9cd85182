// Memory of this process and of the device.
import { spawnSync } from "node:child_process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Bytes in use. */
export interface Memory {
  /** Of this process, in the memory of the host. */
  readonly rss: number;
  /** Of the objects of JavaScript among them, and of what those hold. */
  readonly heap: number;
  /** Of the whole device, as its driver says; null where no driver does. */
  readonly device: number | null;
}

/** What is in use after garbage is collected: what belongs to objects outside of JavaScript is freed a turn later. */
export async function memoryNow(): Promise<Memory> {
  for (let turn = 0; turn < 3; turn++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed + external, device: deviceBytes() };
}

/** Collects garbage. */
const collect: () => void = (() => {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
})();

const mebibyte = 2 ** 20;

function deviceBytes(): number | null {
  const args = ["--query-gpu=memory.used", "--format=csv,noheader,nounits"];
  const { status, stdout } = spawnSync("nvidia-smi", args, { encoding: "utf8" });
  const used = Number(stdout?.split("\n")[0]);
  return status === 0 && Number.isFinite(used) ? mebibyte * used : null;
}

/** Bytes in mebibytes, as text; a dash for none. */
export const mebibytes = (bytes: number | null): string => (bytes === null ? "-" : (bytes / mebibyte).toFixed(1));
