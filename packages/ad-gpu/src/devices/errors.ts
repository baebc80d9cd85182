// What goes wrong on devices.
import { AdError } from "@nonsmooth/ad-core";

/** Positions are whole numbers in floats of 32 bits. */
export const mostElements: number = 2 ** 24;

export function tooManyElements(size: number, most: number): AdError {
  const [problem, expected] = ["a tensor is too large for the device", `at most ${most} elements`];
  const remedy = "use smaller batches, or the wasm machine";
  return new AdError({ code: "backend", where: "gpu", problem, expected, got: `${size} elements`, remedy });
}

/** Something that the device refused. */
export function refusedByDevice(message: string): AdError {
  const [problem, expected] = ["the device refused the program", "a program that it can run"];
  const remedy = "try the wasm machine, and report this with the program";
  return new AdError({ code: "backend", where: "gpu", problem, expected, got: message, remedy });
}

/** A device that is not there any more. */
export function lostDevice(message: string): AdError {
  const [problem, expected] = ["the device was lost", "a device that lives as long as its programs"];
  const remedy = "make the machine again with gpu(), and go on from the last checkpoint";
  return new AdError({ code: "missing", where: "gpu", problem, expected, got: message || "no reason", remedy });
}

export function notAsAsked(mode: string, got: string): AdError {
  const [problem, expected] = ["a kernel would not run where it was asked to", `mode ${mode}`];
  const remedy = "ask for another mode";
  return new AdError({ code: "backend", where: "gpu", problem, expected, got, remedy });
}

export function missingAdapter(expected: string, got: string, remedy: string): AdError {
  return new AdError({ code: "missing", where: "gpu", problem: "there is no such device here", expected, got, remedy });
}
