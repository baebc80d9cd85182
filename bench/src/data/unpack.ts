/** Bytes of files, without their compression. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { AdError } from "@nonsmooth/ad-core";

/** The bytes of a file; what `.gz` promises is unpacked. AdError "data" when it cannot be read or unpacked. */
export function unpacked(path: string): Uint8Array {
  const bytes = bytesOfFile(path);
  if (!path.endsWith(".gz")) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw fileProblem(path, "cannot be unpacked", ["a gzip file", (error as Error).message], "fetch the file again");
  }
}

/** The bytes as they lie on the disk. */
export function bytesOfFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw fileProblem(path, "cannot be read", ["a file", (error as Error).message], "check its rights");
  }
}

/** An AdError "data" that names the file. */
export function fileProblem(
  path: string,
  problem: string,
  [expected, got]: readonly [expected: string, got: string],
  remedy: string,
): AdError {
  return new AdError({ code: "data", where: "data", problem: `${path} ${problem}`, expected, got, remedy });
}
