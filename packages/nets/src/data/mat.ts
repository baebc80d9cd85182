// MAT-files of Level 5, as MATLAB 5 to 7 write them: arrays by name.
import { checkNotPacked, fileError, firstBytes } from "./fileErrors.ts";
import {
  elementsOf,
  type Inflate,
  type MatBytes,
  type MatElement,
  miCompressed,
  miMatrix,
  numbersOf,
  viewOf,
  where,
} from "./matElements.ts";

/** An array of a MAT-file. */
export interface MatArray {
  readonly shape: readonly number[];
  /** In column-major order, the first axis fastest: bytes where the file has bytes, otherwise doubles. */
  readonly data: Uint8Array | Float64Array;
}

const headBytes = 128;

/** Classes of arrays that hold numbers: double, single, and integers of 8, 16 and 32 bits. */
const [firstClass, lastClass] = [6, 13];

/**
 * The arrays of numbers in a MAT-file of Level 5, by name; both orders of bytes. Other arrays (cells, structures, texts,
 * complex and sparse ones) are left out.
 *
 * @param bytes - the whole file
 * @param inflate - unpacks compressed arrays, such as `inflateSync` of `node:zlib`
 * @returns arrays by name, in the order of the file
 * @throws AdError "parse" when the file does not begin like Level 5; "unsupported" for the newer form, which is HDF5, and for
 *   numbers of 64 bits; "data" when it is truncated, cannot be unpacked or its sizes do not fit
 * @see [MAT5] the format
 * @example
 * const head = new Uint8Array(128);
 * head.set([0, 1, 0x49, 0x4d], 124);
 * parseMat(head, (packed) => packed).size // 0
 */
export function parseMat(bytes: Uint8Array, inflate: Inflate): ReadonlyMap<string, MatArray> {
  const isLittleEndian = checkHead(bytes);
  const elements = elementsOf({ bytes: bytes.subarray(headBytes), isLittleEndian });
  return new Map(elements.flatMap((element) => unpacked(element, inflate)).flatMap(arrayOf));
}

/** Checks the head; returns the order of bytes. */
function checkHead(bytes: Uint8Array): boolean {
  checkNotPacked(where, "a MAT-file", bytes);
  const order = String.fromCharCode(...bytes.subarray(126, headBytes));
  const version = bytes[order === "IM" ? 125 : 124];
  const isMat = order === "IM" || order === "MI";
  if (isMat && version === 1) return order === "IM";
  if (isMat && version === 2) {
    const [problem, remedy] = ["a MAT-file of version 7.3, which is HDF5", "save it again in version 7"];
    throw fileError("unsupported", where, problem, ["Level 5", "version 7.3"], remedy);
  }
  const [expected, got] = [`${headBytes} bytes of head that end with IM or MI`, `${bytes.length} bytes`];
  const remedy = "check which file it is";
  const found: [string, string] = [expected, `${firstBytes(bytes)} of ${got}`];
  throw fileError("parse", where, "this is no MAT-file of Level 5", found, remedy);
}

/** A compressed element holds others. */
function unpacked(element: MatElement, inflate: Inflate): MatElement[] {
  if (element.type !== miCompressed) return [element];
  const { isLittleEndian } = element;
  return elementsOf({ bytes: inflated(element, inflate), isLittleEndian });
}

function inflated({ bytes }: MatBytes, inflate: Inflate): Uint8Array {
  try {
    return inflate(bytes);
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error);
    throw fileError("data", where, "an array cannot be unpacked", ["a stream of zlib", got]);
  }
}

/** The array of an element, with its name; nothing for what holds no real numbers. */
function arrayOf(element: MatElement): [name: string, array: MatArray][] {
  if (element.type !== miMatrix) return [];
  const [flags, sizes, name, real] = elementsOf(element);
  if (flags === undefined || sizes === undefined || flags.bytes.length < 4) throw broken("flags and sizes", "none");
  const word = viewOf(flags).getUint32(0, flags.isLittleEndian);
  const [kind, isComplex] = [word & 0xff, (word & 0x800) !== 0];
  if (kind < firstClass || kind > lastClass || isComplex) return [];
  if (name === undefined || real === undefined) throw broken("a name and numbers", "none");
  const [shape, data] = [Array.from(numbersOf(sizes)), numbersOf(real)];
  const count = shape.reduce((product, n) => product * n, 1);
  if (count !== data.length) throw broken(`${count} numbers for [${shape.join(", ")}]`, `${data.length}`);
  return [[String.fromCharCode(...name.bytes), { shape, data }]];
}

const broken = (expected: string, got: string): Error =>
  fileError("data", where, "an array is broken", [expected, got]);
