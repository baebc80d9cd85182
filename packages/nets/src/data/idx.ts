// The IDX format: arrays of bytes with their sizes in front, as MNIST is given out.
import { AdError } from "@nonsmooth/ad-core";

/** An array of whole numbers from 0 to 255, in row-major order. */
export interface IdxArray {
  readonly shape: readonly number[];
  /** A view of the bytes that were read: nothing is copied. */
  readonly data: Uint8Array;
}

const unsignedBytes = 0x08;

function refuse(
  code: "data" | "parse" | "unsupported",
  problem: string,
  expected: string,
  got: string,
  remedy: string,
): AdError {
  return new AdError({ code, where: "parseIdx", problem, expected, got, remedy });
}

/**
 * Reads an IDX file of unsigned bytes: two zeros, the type 8, the number of axes, then the sizes, each in four bytes
 * with the highest first, then the bytes.
 *
 * @param bytes - the whole file, not compressed
 * @returns its shape and a view of its data
 * @throws AdError "parse" when the file does not begin like IDX; "unsupported" for elements other than bytes; "data" when
 *   there are fewer or more bytes than the sizes say
 * @see [LBBH98] the data given out in this format
 * @example
 * parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9)).data // [7, 8, 9]
 */
export function parseIdx(bytes: Uint8Array): IdxArray {
  const axes = checkMagic(bytes);
  const start = 4 + 4 * axes;
  if (bytes.length < start)
    throw refuse("data", "the file is truncated", `${start} bytes of head`, `${bytes.length}`, again);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const elements = shape.reduce((product, n) => product * n, 1);
  const got = bytes.length - start;
  if (got === elements) return { shape, data: bytes.subarray(start) };
  const problem = got < elements ? "the file is truncated" : "the file goes on after its data";
  throw refuse("data", problem, `${elements} bytes of data for [${shape.join(", ")}]`, `${got}`, again);
}

const again = "fetch the file again";

/** Checks the first four bytes; returns the number of axes. */
function checkMagic(bytes: Uint8Array): number {
  const [a, b, type, axes] = bytes;
  const got = `${hex(bytes.subarray(0, 4))} as first bytes`;
  if (a === 0x1f && b === 0x8b)
    throw refuse("parse", "the file is compressed", "IDX", `${got}, which is gzip`, "gunzip it first");
  if (a !== 0 || b !== 0 || axes === undefined || axes < 1) {
    throw refuse("parse", "this is no IDX file", "00 00 08 and the number of axes", got, "check which file it is");
  }
  if (type === unsignedBytes) return axes;
  throw refuse("unsupported", "elements of another type", "type 08, unsigned bytes", got, "convert it");
}

const hex = (bytes: Uint8Array): string =>
  bytes.length === 0 ? "nothing" : Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
