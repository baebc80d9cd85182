/** MAT-files written here by hand, byte by byte. */
import { deflateSync, inflateSync } from "node:zlib";
import { AdError } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { parseMat } from "./mat.ts";
import { imagesFromSvhn } from "./svhn.ts";

type Endian = "IM" | "MI";
const words = (endian: Endian, ...numbers: number[]): number[] =>
  numbers.flatMap((n) => {
    const bytes = [n & 255, (n >>> 8) & 255, (n >>> 16) & 255, n >>> 24];
    return endian === "IM" ? bytes : bytes.reverse();
  });

/** An element, filled up to 8 bytes; small ones stand within the tag. */
function element(endian: Endian, type: number, data: readonly number[], isSmall = false): number[] {
  if (isSmall) return [...words(endian, data.length * 65536 + type), ...data, ...new Array(4 - data.length).fill(0)];
  const filler = type === 15 ? 0 : (8 - (data.length % 8)) % 8;
  return [...words(endian, type, data.length), ...data, ...new Array<number>(filler).fill(0)];
}

interface Matrix {
  readonly name: string;
  readonly shape: readonly number[];
  /** Its numbers as the bytes of the type below. */
  readonly bytes: readonly number[];
  /** 2 are unsigned bytes. */
  readonly type?: number;
  /** 9 are unsigned bytes, 6 doubles. */
  readonly kind?: number;
  readonly flags?: number;
}

function matrix({ name, shape, bytes, type = 2, kind = 9, flags = 0 }: Matrix, endian: Endian = "IM"): number[] {
  const letters = Array.from(name, (letter) => letter.charCodeAt(0));
  return element(endian, 14, [
    ...element(endian, 6, words(endian, kind + 256 * flags, 0)),
    ...element(endian, 5, words(endian, ...shape)),
    ...element(endian, 1, letters, letters.length <= 4),
    ...element(endian, type, bytes, bytes.length <= 4),
  ]);
}

const packed = (bytes: number[]): number[] => element("IM", 15, [...deflateSync(Uint8Array.from(bytes))]);

function file(elements: number[][], endian: Endian = "IM", version = 1): Uint8Array {
  const text = Array.from("MATLAB 5.0 MAT-file".padEnd(124), (letter) => letter.charCodeAt(0));
  const end = [endian.charCodeAt(0), endian.charCodeAt(1)];
  const order = endian === "IM" ? [0, version] : [version, 0];
  return Uint8Array.from([...text, ...order, ...end, ...elements.flat()]);
}

const bytes: Matrix = { name: "bytes", shape: [2, 3], bytes: [1, 2, 3, 4, 5, 6] };
const inflate = (stream: Uint8Array): Uint8Array => inflateSync(stream);

describe("a MAT-file", () => {
  test.each([
    ["plain", file([matrix(bytes)])],
    ["with the highest byte first", file([matrix(bytes, "MI")], "MI")],
    ["compressed", file([packed(matrix(bytes))])],
  ])("%s has arrays by name", (_name, whole) => {
    expect([...parseMat(whole, inflate)]).toEqual([
      ["bytes", { shape: [2, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 6) }],
    ]);
  });

  test("has several arrays, and doubles stored as bytes or as doubles", () => {
    const small: Matrix = { name: "y", shape: [3, 1], bytes: [10, 1, 2], kind: 6 };
    const wide: Matrix = { name: "z", shape: [1, 1], bytes: [0, 0, 0, 0, 0, 0, 0xf8, 0x3f], kind: 6, type: 9 };
    const found = parseMat(file([packed(matrix(bytes)), matrix(small), packed(matrix(wide))]), inflate);
    expect([...found.keys()]).toEqual(["bytes", "y", "z"]);
    expect(found.get("y")?.data).toEqual(Uint8Array.of(10, 1, 2));
    expect(found.get("z")?.data).toEqual(Float64Array.of(1.5));
  });

  test("has numbers of all types up to 32 bits", () => {
    const numbers = (type: number, content: number[], count: number): unknown =>
      parseMat(file([matrix({ name: "n", shape: [count], bytes: content, type, kind: 6 })]), inflate).get("n")?.data;
    expect(numbers(1, [255], 1)).toEqual(Float64Array.of(-1));
    expect(numbers(3, [254, 255, 0, 1], 2)).toEqual(Float64Array.of(-2, 256));
    expect(numbers(4, [254, 255], 1)).toEqual(Float64Array.of(65534));
    expect(numbers(5, [255, 255, 255, 255], 1)).toEqual(Float64Array.of(-1));
    expect(numbers(6, [255, 255, 255, 255], 1)).toEqual(Float64Array.of(4294967295));
    expect(numbers(7, [0, 0, 0x80, 0x3f], 1)).toEqual(Float64Array.of(1));
  });

  test("loses what holds no real numbers: texts, and complex arrays", () => {
    const text: Matrix = { name: "t", shape: [1, 1], bytes: [65], kind: 4 };
    const complex: Matrix = { name: "c", shape: [1, 1], bytes: [65], flags: 8 };
    expect([...parseMat(file([matrix(text), matrix(complex), matrix(bytes)]), inflate).keys()]).toEqual(["bytes"]);
  });

  const whole = file([packed(matrix(bytes))]);
  test.each([
    ["data", "the file is truncated", whole.slice(0, whole.length - 3)],
    ["data", "the file is truncated: expected a tag of 8 bytes, got 4", whole.slice(0, 132)],
    ["data", "an array cannot be unpacked: expected a stream of zlib", whole.map((byte, i) => (i > 150 ? 7 : byte))],
    ["data", "an array is broken: expected 7 numbers for [7], got 6", file([matrix({ ...bytes, shape: [7] })])],
    ["data", "an array is broken: expected flags and sizes, got none", file([element("IM", 14, [])])],
    ["unsupported", "numbers of another type", file([matrix({ ...bytes, type: 12, bytes: new Array(48).fill(0) })])],
    ["unsupported", "a MAT-file of version 7.3, which is HDF5", file([], "IM", 2)],
    ["parse", "this is no MAT-file of Level 5", new Uint8Array(200)],
    ["parse", "this is no MAT-file of Level 5", Uint8Array.of(1, 2)],
    ["parse", "which is gzip", Uint8Array.of(0x1f, 0x8b)],
  ])("that is broken is refused: %s, %s", (code, message, content) => {
    const call = (): unknown => parseMat(content, inflate);
    expect(call).toThrow(AdError);
    expect(call).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
  });
});

describe("SVHN", () => {
  /** Columns one after the other: the pixel in row y and column x of plane p is 100 p + 3 x + y (in a byte). */
  const pixels = Array.from({ length: 3 * 32 * 32 }, (_, i) => {
    const [plane, x, y] = [Math.floor(i / 1024), Math.floor((i % 1024) / 32), i % 32];
    return (100 * plane + 3 * x + y) % 256;
  });
  const images: Matrix = { name: "X", shape: [32, 32, 3, 2], bytes: [...pixels, ...new Array(3072).fill(9)] };
  const labels: Matrix = { name: "y", shape: [2, 1], bytes: [10, 3], kind: 6 };

  test.each([
    ["plain", file([matrix(images), matrix(labels)])],
    ["compressed", file([packed(matrix(images)), packed(matrix(labels))])],
  ])("is planes by rows, and the digit 0 is class 0: %s", (_name, whole) => {
    const { shape, pixels: found, labels: digits, classes } = imagesFromSvhn(whole, inflate);
    expect({ shape, digits, classes }).toEqual({ shape: [2, 3, 32, 32], digits: Int32Array.of(0, 3), classes: 10 });
    const at = (plane: number, y: number, x: number): number | undefined => found[(plane * 32 + y) * 32 + x];
    expect([at(0, 5, 0), at(0, 0, 5), at(2, 31, 7)]).toEqual([5, 15, (200 + 21 + 31) % 256]);
    expect(found.subarray(3072).every((byte) => byte === 9)).toBe(true);
  });

  test("of one image has lost its last size", () => {
    const one = { ...images, shape: [32, 32, 3], bytes: pixels };
    const whole = file([matrix(one), matrix({ ...labels, shape: [1, 1], bytes: [1] })]);
    expect(imagesFromSvhn(whole, inflate).shape).toEqual([1, 3, 32, 32]);
  });

  test.each([
    ["an array is missing: expected X and y, got X", file([matrix(images)])],
    ["shapes do not fit", file([matrix(images), matrix({ ...labels, shape: [1, 1], bytes: [1] })])],
    ["shapes do not fit", file([matrix({ ...images, shape: [3, 32, 32, 2] }), matrix(labels)])],
    [
      "a label is out of range: expected 1 to 10, got 0 at position 1",
      file([matrix(images), matrix({ ...labels, bytes: [1, 0] })]),
    ],
  ])("that does not fit is refused: %s", (message, whole) => {
    const call = (): unknown => imagesFromSvhn(whole, inflate);
    expect(call).toThrow(expect.objectContaining({ code: "data", message: expect.stringContaining(message) }));
  });
});
