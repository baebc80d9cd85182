/** Bytes of files, without their compression. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { AdError } from "@nonsmooth/ad-core";

/** The bytes of a file, read once. */
export interface FileBytes {
  /** As they lie on the disk. */
  readonly stored: () => Uint8Array;
  /** What `.gz` promises is unpacked, when it is first asked for. AdError "data" when that fails. */
  readonly content: () => Uint8Array;
}

/** Reads a file. AdError "data" when it cannot be read. */
export function fileBytes(path: string): FileBytes {
  const stored = bytesOfFile(path);
  let content = path.endsWith(".gz") ? undefined : stored;
  return {
    stored: () => stored,
    content: () => {
      content ??= gunzipped(path, stored);
      return content;
    },
  };
}

/** The bytes of a file; what `.gz` promises is unpacked. AdError "data" when it cannot be read or unpacked. */
export const unpacked = (path: string): Uint8Array => fileBytes(path).content();

function gunzipped(path: string, bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw fileProblem(path, "cannot be unpacked", ["a gzip file", (error as Error).message], "fetch the file again");
  }
}

function bytesOfFile(path: string): Uint8Array {
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
