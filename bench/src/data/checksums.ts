/** Whether files are those that are known. */
import { createHash } from "node:crypto";
import { AdError } from "@nonsmooth/ad-core";
import type { Entry } from "./catalogue.ts";
import type { FoundFile } from "./find.ts";
import { type FileBytes, fileBytes } from "./unpack.ts";

/** `ok`, a known sum; `wrong`, another one than those known; `unknown`, none is known for this form of the file. */
export type Checksum = "ok" | "wrong" | "unknown";

/** What is known of the files of a set. */
type Known = Pick<Entry, "sums" | "archive">;

/** A file beside the sums that are known for its name; what somebody packed again may be judged by what is within. */
export function checksumOf(file: FoundFile, entry: Known, bytes: FileBytes = fileBytes(file.path)): Checksum {
  const known = knownSums(file, entry);
  if (known.length === 0) return "unknown";
  return known.some((sum) => ownSum(sum, bytes) === sum.digits) ? "ok" : "wrong";
}

/** What to say of a file whose sum is wrong; undefined when it is not. */
export function sumProblem(file: FoundFile, entry: Entry, bytes: FileBytes): AdError | undefined {
  if (checksumOf(file, entry, bytes) !== "wrong") return undefined;
  const known = knownSums(file, entry);
  return new AdError({
    code: "data",
    where: "loadData",
    problem: `${file.path} is not the file that is known by this name`,
    expected: known.map((sum) => inWords(sum, sum.digits)).join(", or "),
    got: known.map((sum) => inWords(sum, ownSum(sum, bytes))).join(", "),
    remedy: `fetch the file again from ${entry.source}; a file of your own loads only in code, by loadData with sums: {}`,
    details: { path: file.path },
  });
}

/** A known sum, and what it is taken of: the bytes on the disk, or those within. */
interface KnownSum {
  readonly digits: string;
  readonly of: keyof FileBytes;
  /** In words; empty where the two are the same. */
  readonly form: "" | " packed" | " unpacked";
}

/** The sums that fit the form in which a file is there. */
function knownSums({ name, path, isArchived }: FoundFile, { sums, archive = "" }: Known): KnownSum[] {
  const whole = isArchived ? archive : name;
  const { packed, content } = sums[whole] ?? {};
  const isPacked = path.endsWith(`${whole}.gz`);
  const list: KnownSum[] = [];
  if (isPacked && packed !== undefined) list.push({ digits: packed, of: "stored", form: " packed" });
  if (isPacked && content !== undefined) list.push({ digits: content, of: "content", form: " unpacked" });
  if (!isPacked && content !== undefined) list.push({ digits: content, of: "stored", form: "" });
  return list;
}

const isMd5 = (digits: string): boolean => digits.length === 32;

const ownSum = ({ digits, of }: KnownSum, bytes: FileBytes): string =>
  createHash(isMd5(digits) ? "md5" : "sha256")
    .update(bytes[of]())
    .digest("hex");

const inWords = ({ form }: KnownSum, digits: string): string => `${isMd5(digits) ? "MD5" : "SHA-256"} ${digits}${form}`;

/** Of several files: the worst. */
export function worst(sums: readonly Checksum[]): Checksum {
  return (["wrong", "unknown", "ok"] as const).find((status) => sums.includes(status)) ?? "unknown";
}
