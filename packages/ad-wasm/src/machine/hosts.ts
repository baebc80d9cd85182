// What a host can give to a machine: threads, and whether the calling one may sleep.
import { nodeScript, webScript } from "./helperScripts.ts";

/** A thread of the host, as far as it is needed here. */
export interface Helper {
  postMessage(message: unknown): void;
  terminate(): unknown;
}

/** What a helper is told when it starts: the cells that all threads see, and its number. */
export interface Start {
  readonly control: Int32Array<SharedArrayBuffer>;
  readonly thread: number;
}

/** A host that has threads to give. */
export interface Host {
  /** Starts a helper; `ended` is called when it has ended, or failed to start. */
  start(data: Start, ended: () => void): Helper;
}

/** A worker of Node. */
interface NodeWorker extends Helper {
  unref(): void;
  once(event: "exit" | "error", listener: () => void): void;
}

/** What `node:worker_threads` offers. */
interface WorkerThreads {
  readonly Worker: new (source: string, options: object) => NodeWorker;
}

/** The threads of Node and of hosts like it. */
export const nodeHost = ({ Worker }: WorkerThreads): Host => ({
  start(workerData, ended) {
    const worker = new Worker(nodeScript, { eval: true, workerData, execArgv: [] });
    worker.unref();
    worker.once("exit", ended);
    worker.once("error", ended);
    return worker;
  },
});

/** The threads of a browser. */
const webHost: Host = {
  start(data, ended) {
    const url = URL.createObjectURL(new Blob([webScript], { type: "text/javascript" }));
    const worker = new Worker(url);
    worker.onerror = ended;
    worker.postMessage(data);
    return worker;
  },
};

/** The present host; null where it has no threads, as a browser whose page is not isolated from other origins. */
export function presentHost(): Host | null {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => WorkerThreads | undefined } };
  const threads = process?.getBuiltinModule?.("node:worker_threads");
  if (threads) return nodeHost(threads);
  return globalThis.crossOriginIsolated === true && typeof Worker === "function" ? webHost : null;
}

/** Whether the calling thread may sleep: the main thread of a browser may not. */
export function maySleep(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
    return true;
  } catch {
    return false;
  }
}
