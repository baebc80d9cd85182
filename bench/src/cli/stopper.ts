/** Ctrl-C as a request: the first one asks a job to stop, the second one ends the process. */

/** A request that may come. */
export interface Stopper {
  readonly signal: AbortSignal;
  /** Stops listening. */
  readonly release: () => void;
}

/** Listens for Ctrl-C. */
export function stopper(): Stopper {
  const asked = new AbortController();
  const ask = (): void => asked.abort();
  process.once("SIGINT", ask);
  return { signal: asked.signal, release: () => void process.removeListener("SIGINT", ask) };
}
