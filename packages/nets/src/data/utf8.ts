// UTF-8, in both directions.
import { fileError } from "./fileErrors.ts";

/** What stands for bytes that are no text. */
const replacement = 0xfffd;

/** The least code point that needs so many bytes after the first: longer forms are refused. */
const least = [0, 0x80, 0x800, 0x10000];

/** The code points of a text; bytes that are no UTF-8 go to `onBroken`, which throws or lets them be replaced. */
export function codePointsOf(bytes: Uint8Array, onBroken: (at: number) => void): Int32Array {
  const points = new Int32Array(bytes.length);
  let count = 0;
  for (let at = 0; at < bytes.length; ) {
    const more = followers(bytes[at] as number);
    const point = more === undefined ? undefined : pointAt(bytes, at, more);
    if (point === undefined) onBroken(at);
    points[count++] = point ?? replacement;
    at += 1 + (point === undefined ? 0 : (more as number));
  }
  return points.slice(0, count);
}

/** How many bytes follow a first one; undefined when it is none. */
function followers(first: number): number | undefined {
  if (first < 0x80) return 0;
  if (first >= 0xc0 && first < 0xe0) return 1;
  if (first >= 0xe0 && first < 0xf0) return 2;
  return first >= 0xf0 && first < 0xf8 ? 3 : undefined;
}

function pointAt(bytes: Uint8Array, at: number, more: number): number | undefined {
  let point = (bytes[at] as number) & (more === 0 ? 0x7f : 0x3f >> more);
  for (let i = 1; i <= more; i++) {
    const byte = bytes[at + i] ?? 0;
    if ((byte & 0xc0) !== 0x80) return undefined;
    point = point * 64 + (byte & 0x3f);
  }
  return isHalf(point) || point > 0x10ffff || point < (least[more] as number) ? undefined : point;
}

/** The code points of bytes that must be UTF-8. */
export function strictCodePoints(where: string, bytes: Uint8Array): Int32Array {
  return codePointsOf(bytes, (at) => {
    const got = `byte ${(bytes[at] as number).toString(16).padStart(2, "0")} at position ${at}`;
    throw fileError("parse", where, "the text is no UTF-8", ["UTF-8", got], "convert it, or read it as bytes");
  });
}

/** A text in bytes; a half of a pair, which is no character, is replaced. */
export function bytesOfText(text: string): Uint8Array {
  return Uint8Array.from(Array.from(text, (character) => bytesOfPoint(character.codePointAt(0) as number)).flat());
}

const isHalf = (point: number): boolean => point >= 0xd800 && point <= 0xdfff;

function bytesOfPoint(point: number): number[] {
  if (isHalf(point)) return bytesOfPoint(replacement);
  if (point < 0x80) return [point];
  const more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  const head = 0x100 - (0x80 >> more);
  const tail = Array.from({ length: more }, (_, i) => 0x80 | ((point >> (6 * (more - 1 - i))) & 0x3f));
  return [head | (point >> (6 * more)), ...tail];
}
