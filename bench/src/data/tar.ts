/** Files within an archive of tar. */
import { basename } from "node:path";
import { fileProblem } from "./unpack.ts";

const block = 512;

/** The files of an archive by their names without folders, as views. AdError "data" when it is no archive or truncated. */
export function membersOf(path: string, bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const members = new Map<string, Uint8Array>();
  let at = 0;
  while (at + block <= bytes.length && bytes[at] !== 0) {
    const head = bytes.subarray(at, at + block);
    checkHead(path, head);
    const size = octal(head, 124, 136);
    const [start, end] = [at + block, at + block + size];
    if (end > bytes.length) {
      throw fileProblem(path, "is truncated", [`${end} bytes`, `${bytes.length}`], "fetch the file again");
    }
    const isFile = head[156] === 0x30 || head[156] === 0;
    if (isFile) members.set(basename(text(head, 0, 100)), bytes.subarray(start, end));
    at = start + block * Math.ceil(size / block);
  }
  return members;
}

/** A head holds the sum of its own bytes, taken with blanks in place of the sum. */
function checkHead(path: string, head: Uint8Array): void {
  const sum = head.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 0x20 : byte), 0);
  if (sum === octal(head, 148, 156)) return;
  throw fileProblem(path, "is no archive of tar", [`a head with sum ${sum}`, text(head, 148, 156)], "fetch it again");
}

const octal = (head: Uint8Array, from: number, to: number): number =>
  Number.parseInt(text(head, from, to).trim() || "0", 8);

/** The characters up to the first zero. */
function text(head: Uint8Array, from: number, to: number): string {
  const field = head.subarray(from, to);
  const end = field.indexOf(0);
  return String.fromCharCode(...field.subarray(0, end === -1 ? undefined : end));
}
