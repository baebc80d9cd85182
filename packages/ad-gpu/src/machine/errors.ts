// What this machine refuses.
import { AdError } from "@nonsmooth/ad-core";

export function disposed(): AdError {
  const [expected, got] = ["one that is in use", "one that has freed its memory"];
  const [problem, remedy] = ["it was disposed of", "compile the program again"];
  return new AdError({ code: "backend", where: "Executable", problem, expected, got, remedy });
}

/** Whole numbers are kept in floats. */
export function beyondWhole(value: number): AdError {
  const [problem, expected] = ["a whole number has too many bits for the device", "numbers up to 2^24"];
  const remedy = "keep larger ones on the wasm machine";
  return new AdError({ code: "unsupported", where: "gpu", problem, expected, got: String(value), remedy });
}
