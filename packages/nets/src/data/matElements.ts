// The elements of a MAT-file of Level 5: a tag with a type and a number of bytes, then the bytes.
import { fileError } from "./fileErrors.ts";

/** Unpacks a stream of zlib, such as `inflateSync` of `node:zlib`; throws when it cannot. */
export type Inflate = (bytes: Uint8Array) => Uint8Array;

/** Bytes and the order of the bytes in their numbers. */
export interface MatBytes {
  readonly bytes: Uint8Array;
  readonly isLittleEndian: boolean;
}

/** One element: its type and its data. */
export interface MatElement extends MatBytes {
  readonly type: number;
}

/** The types that contain others. */
export const miMatrix = 14;
export const miCompressed = 15;

export const where = "parseMat";

export const viewOf = ({ bytes }: MatBytes): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** All elements that stand in `bytes`, one after the other. */
export function elementsOf({ bytes, isLittleEndian }: MatBytes): MatElement[] {
  const view = viewOf({ bytes, isLittleEndian });
  const found: MatElement[] = [];
  let at = 0;
  while (at < bytes.length) {
    const { type, start, size, next } = tagAt(view, at, isLittleEndian);
    if (start + size > bytes.length) throw truncated(`${start + size} bytes`, `${bytes.length}`);
    found.push({ type, bytes: bytes.subarray(start, start + size), isLittleEndian });
    at = next;
  }
  return found;
}

interface Tag {
  readonly type: number;
  readonly start: number;
  readonly size: number;
  /** Where the next element begins. */
  readonly next: number;
}

/** Four bytes of data or less may stand within the tag; otherwise all but compressed data are filled up to 8 bytes. */
function tagAt(view: DataView, at: number, isLittleEndian: boolean): Tag {
  if (at + 8 > view.byteLength) throw truncated("a tag of 8 bytes", `${view.byteLength - at}`);
  const word = view.getUint32(at, isLittleEndian);
  if (word >>> 16 !== 0) return { type: word & 0xffff, start: at + 4, size: Math.min(4, word >>> 16), next: at + 8 };
  const [start, size] = [at + 8, view.getUint32(at + 4, isLittleEndian)];
  return { type: word, start, size, next: start + (word === miCompressed ? size : 8 * Math.ceil(size / 8)) };
}

const truncated = (expected: string, got: string): Error =>
  fileError("data", where, "the file is truncated", [expected, got]);

/** A type of numbers: its bytes, and how one is read. */
interface Numbers {
  readonly bytes: number;
  readonly read: (view: DataView, at: number, isLittleEndian: boolean) => number;
}

const numbers: ReadonlyMap<number, Numbers> = new Map<number, Numbers>([
  [1, { bytes: 1, read: (view, at) => view.getInt8(at) }],
  [2, { bytes: 1, read: (view, at) => view.getUint8(at) }],
  [3, { bytes: 2, read: (view, at, little) => view.getInt16(at, little) }],
  [4, { bytes: 2, read: (view, at, little) => view.getUint16(at, little) }],
  [5, { bytes: 4, read: (view, at, little) => view.getInt32(at, little) }],
  [6, { bytes: 4, read: (view, at, little) => view.getUint32(at, little) }],
  [7, { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) }],
  [9, { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) }],
]);

/** The numbers of an element: bytes as a view, all others as doubles, which hold them exactly. */
export function numbersOf(element: MatElement): Uint8Array | Float64Array {
  const { buffer, byteOffset, byteLength } = element.bytes;
  if (element.type === 2) return new Uint8Array(buffer, byteOffset, byteLength);
  const kind = numbers.get(element.type);
  if (kind === undefined) {
    const expected = "types 1 to 7 and 9, whole numbers up to 32 bits and floats";
    throw fileError("unsupported", where, "numbers of another type", [expected, `type ${element.type}`], "convert it");
  }
  const view = viewOf(element);
  const count = Math.floor(element.bytes.length / kind.bytes);
  return Float64Array.from({ length: count }, (_, i) => kind.read(view, i * kind.bytes, element.isLittleEndian));
}
