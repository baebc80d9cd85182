// What cannot be planned.
import { AdError } from "@nonsmooth/ad-core";

/** Formats that the device has not. */
export function otherFormat(dtype: string): AdError {
  const [problem, expected] = [
    "the device does not compute in this format",
    "f32, i32 and bool, and f64 for single numbers alone",
  ];
  const remedy = `trace the program with f32, or run it on the wasm machine, which has ${dtype}`;
  return new AdError({ code: "dtype", where: "gpu", problem, expected, got: dtype, remedy });
}
