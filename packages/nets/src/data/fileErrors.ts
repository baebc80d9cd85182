// How readers of files refuse what they are given.
import { AdError } from "@nonsmooth/ad-core";

/** What a reader found wrong: `parse`, another format; `data`, a broken or unfitting file; `unsupported`, a known form not read. */
type FileErrorCode = "parse" | "data" | "unsupported";

/** The error of a reader; `remedy` says what to do with the file. */
export function fileError(
  code: FileErrorCode,
  where: string,
  problem: string,
  [expected, got]: readonly [expected: string, got: string],
  remedy = "fetch the file again",
): AdError {
  return new AdError({ code, where, problem, expected, got, remedy });
}

/** Refuses a file that is still packed by gzip. */
export function checkNotPacked(where: string, format: string, bytes: Uint8Array): void {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return;
  const got = `${firstBytes(bytes)}, which is gzip`;
  throw fileError("parse", where, "the file is compressed", [format, got], "gunzip it first");
}

/** The first four bytes, to be shown. */
export function firstBytes(bytes: Uint8Array): string {
  const shown = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return `${shown || "nothing"} as first bytes`;
}
