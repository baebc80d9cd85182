// The IDX format: arrays with their sizes in front, as MNIST is given out.
import { checkNotPacked, fileError, firstBytes } from "./fileErrors.ts";

/** Numbers as an IDX file stores them. */
export type IdxData = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** An array of numbers, in row-major order. */
export interface IdxArray {
  readonly shape: readonly number[];
  /** Unsigned bytes are a view of what was read; other elements are copied. */
  readonly data: IdxData;
}

/** A type of elements: its bytes, and how they are read. */
interface Elements {
  readonly bytes: number;
  readonly read: (view: DataView, count: number) => IdxData;
}

/** The types that the format knows, by their code. */
const types: ReadonlyMap<number, Elements> = new Map([
  [0x08, { bytes: 1, read: ({ buffer, byteOffset }, n) => new Uint8Array(buffer, byteOffset, n) }],
  [0x09, { bytes: 1, read: (view, n) => Int8Array.from({ length: n }, (_, i) => view.getInt8(i)) }],
  [0x0b, { bytes: 2, read: (view, n) => Int16Array.from({ length: n }, (_, i) => view.getInt16(2 * i)) }],
  [0x0c, { bytes: 4, read: (view, n) => Int32Array.from({ length: n }, (_, i) => view.getInt32(4 * i)) }],
  [0x0d, { bytes: 4, read: (view, n) => Float32Array.from({ length: n }, (_, i) => view.getFloat32(4 * i)) }],
  [0x0e, { bytes: 8, read: (view, n) => Float64Array.from({ length: n }, (_, i) => view.getFloat64(8 * i)) }],
]);

const where = "parseIdx";

/**
 * Reads an IDX file: two zeros, the type of the elements, the number of axes, then the sizes, each in four bytes, then
 * the elements; the highest byte stands first everywhere.
 *
 * Types are 08 (unsigned bytes), 09 (signed bytes), 0b and 0c (integers of two and four bytes), 0d and 0e (floats of four
 * and eight bytes).
 *
 * @param bytes - the whole file, not compressed
 * @returns its shape and its data
 * @throws AdError "parse" when the file does not begin like IDX; "unsupported" for other types; "data" when there are
 *   fewer or more bytes than the sizes say
 * @see [LBBH98] the data given out in this format
 * @example
 * parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9)).data // [7, 8, 9]
 * parseIdx(Uint8Array.of(0, 0, 11, 1, 0, 0, 0, 1, 255, 254)).data // [-2]
 */
export function parseIdx(bytes: Uint8Array): IdxArray {
  const { axes, elements } = checkMagic(bytes);
  const start = 4 + 4 * axes;
  if (bytes.length < start)
    throw fileError("data", where, "the file is truncated", [`${start} bytes of head`, `${bytes.length}`]);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const count = shape.reduce((product, n) => product * n, 1);
  checkLength(shape, count * elements.bytes, bytes.length - start);
  return { shape, data: elements.read(new DataView(bytes.buffer, bytes.byteOffset + start), count) };
}

function checkLength(shape: readonly number[], expected: number, got: number): void {
  if (got === expected) return;
  const problem = got < expected ? "the file is truncated" : "the file goes on after its data";
  throw fileError("data", where, problem, [`${expected} bytes of data for [${shape.join(", ")}]`, `${got}`]);
}

/** Checks the first four bytes; returns the number of axes and the type of the elements. */
function checkMagic(bytes: Uint8Array): { axes: number; elements: Elements } {
  checkNotPacked(where, "IDX", bytes);
  const [a, b, type = 0, axes] = bytes;
  const got = firstBytes(bytes);
  if (a !== 0 || b !== 0 || axes === undefined || axes < 1) {
    const expected = "00 00, a type such as 08, and the number of axes";
    throw fileError("parse", where, "this is no IDX file", [expected, got], "check which file it is");
  }
  const elements = types.get(type);
  if (elements !== undefined) return { axes, elements };
  const expected = "type 08, 09, 0b, 0c, 0d or 0e";
  throw fileError("unsupported", where, "elements of another type", [expected, got], "convert it");
}
