/** Whether files are those that are known. */
import { createHash } from "node:crypto";
import type { Entry } from "./catalogue.ts";
import { bytesOfFile, unpacked } from "./unpack.ts";

/** `ok`, a known sum; `wrong`, another one than those known; `unknown`, none is known for this form of the file. */
export type Checksum = "ok" | "wrong" | "unknown";

/** A file beside the sums that are known for its name; what somebody packed again may be judged by what is within. */
export function checksumOf(path: string, name: string, { sums }: Pick<Entry, "sums">): Checksum {
  const { packed, content } = sums[name] ?? {};
  const isPacked = path.endsWith(`${name}.gz`);
  const known = [
    ...(isPacked && packed !== undefined ? [[packed, bytesOfFile] as const] : []),
    ...(content !== undefined ? [[content, isPacked ? unpacked : bytesOfFile] as const] : []),
  ];
  if (known.length === 0) return "unknown";
  return known.some(([sum, read]) => digest(read(path), sum.length) === sum) ? "ok" : "wrong";
}

const digest = (bytes: Uint8Array, length: number): string =>
  createHash(length === 32 ? "md5" : "sha256")
    .update(bytes)
    .digest("hex");

/** Of several files: the worst. */
export function worst(sums: readonly Checksum[]): Checksum {
  return (["wrong", "unknown", "ok"] as const).find((status) => sums.includes(status)) ?? "unknown";
}
