// What a host refuses, or what happens to it, as errors that say what to do.
import { AdError } from "@nonsmooth/ad-core";

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const backend = (problem: string, expected: string, got: string, remedy: string): AdError =>
  new AdError({ code: "backend", where: "wasm", problem, expected, got, remedy });

/** The host has no memory left for a program. */
export function noMemory(bytes: number, error: unknown): AdError {
  const expected = `${Math.ceil(bytes / 2 ** 20)} MiB`;
  const remedy = "dispose of programs that are done with, use smaller batches, or the reference machine";
  return backend("the host has no memory for the program", expected, said(error), remedy);
}

/** The host does not take a module: it has limits for the size of modules and functions. */
export function noModule(bytes: number, error: unknown): AdError {
  const expected = `${bytes} bytes of WebAssembly within the limits of the host`;
  const remedy = "record a smaller part of the program, or use the reference machine";
  return backend("the host refuses the code of the program", expected, said(error), remedy);
}

/** A helper has ended in the middle of a run. */
export function deserted(): AdError {
  const remedy = "write what is carried again, and run again: the machine goes on with one thread";
  return backend("a thread did not come in a minute", "all threads of the machine", "fewer", remedy);
}

/** A program is used after it was disposed of. */
export function disposed(): AdError {
  const [expected, got] = ["a program that is still in use", "one that was disposed of"];
  const remedy = "compile the program again";
  return new AdError({ code: "backend", where: "Executable", problem: "it was disposed of", expected, got, remedy });
}
