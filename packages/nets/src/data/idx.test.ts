import { AdError } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { parseIdx } from "./idx.ts";
import { mnistFromIdx } from "./mnist.ts";

/** A file of bytes in the format, written here by hand. */
function idx(shape: number[], data: number[]): Uint8Array {
  const sizes = shape.flatMap((n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]);
  return Uint8Array.of(0, 0, 8, shape.length, ...sizes, ...data);
}

/** A file of elements of another type. */
const typed = (type: number, shape: number[], data: number[]): Uint8Array => {
  const bytes = idx(shape, data);
  bytes[2] = type;
  return bytes;
};

/** The error that a call throws. */
function refusal(call: () => unknown): { code: string; message: string } {
  try {
    call();
  } catch (error) {
    if (error instanceof AdError) return { code: error.code, message: error.message };
    throw error;
  }
  return { code: "none", message: "" };
}

describe("IDX", () => {
  test("is sizes and bytes", () => {
    expect(parseIdx(idx([2, 3], [1, 2, 3, 4, 5, 255]))).toEqual({
      shape: [2, 3],
      data: Uint8Array.of(1, 2, 3, 4, 5, 255),
    });
    expect(parseIdx(idx([300], new Array(300).fill(7))).shape).toEqual([300]);
    expect(parseIdx(idx([0, 28, 28], [])).data).toHaveLength(0);
  });

  test.each([
    ["signed bytes", 0x09, [255, 2], Int8Array.of(-1, 2)],
    ["integers of two bytes", 0x0b, [255, 254, 1, 0], Int16Array.of(-2, 256)],
    ["integers of four bytes", 0x0c, [255, 255, 255, 255, 0, 1, 0, 0], Int32Array.of(-1, 65536)],
    ["floats of four bytes", 0x0d, [0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0], Float32Array.of(1, -2)],
    [
      "floats of eight bytes",
      0x0e,
      [0x3f, 0xf8, ...new Array(6).fill(0), 0x80, ...new Array(7).fill(0)],
      Float64Array.of(1.5, -0),
    ],
  ])("has %s", (_name, type, bytes, expected) => {
    expect(parseIdx(typed(type, [2], bytes))).toEqual({ shape: [2], data: expected });
  });

  test("is read where it lies in a larger buffer", () => {
    const bytes = Uint8Array.of(9, 9, 9, ...idx([2], [4, 5]));
    expect(parseIdx(bytes.subarray(3))).toEqual({ shape: [2], data: Uint8Array.of(4, 5) });
  });

  test.each([
    ["data", "the file is truncated: expected 6 bytes of data for [2, 3], got 5", idx([2, 3], [1, 2, 3, 4, 5])],
    ["data", "the file goes on after its data: expected 1 bytes", idx([1], [1, 2])],
    ["data", "the file is truncated: expected 12 bytes of head, got 7", idx([2, 3], []).subarray(0, 7)],
    ["parse", "the file is compressed: expected IDX, got 1f 8b 08 00 as first bytes", Uint8Array.of(0x1f, 0x8b, 8, 0)],
    [
      "parse",
      "no IDX file: expected 00 00, a type such as 08, and the number of axes, got 89 50 4e 47",
      Uint8Array.of(137, 80, 78, 71),
    ],
    ["parse", "no IDX file: expected 00 00, a type such as 08, and the number of axes, got nothing", Uint8Array.of()],
    ["parse", "no IDX file", Uint8Array.of(0, 0, 8, 0)],
    ["unsupported", "elements of another type: expected type 08, 09, 0b, 0c, 0d or 0e", Uint8Array.of(0, 0, 10, 1)],
    ["data", "the file is truncated: expected 8 bytes of data for [2], got 7", typed(12, [2], [0, 0, 0, 1, 0, 0, 0])],
  ])("a bad file is refused: %s, %s", (code, message, bytes) => {
    const found = refusal(() => parseIdx(bytes));
    expect(found.message).toContain(message);
    expect(found.code).toBe(code);
  });
});

describe("MNIST", () => {
  const images = idx([3, 1, 2], [0, 255, 51, 102, 153, 204]);
  const labels = idx([3], [4, 9, 0]);

  test("is scaled to [0, 1]", () => {
    const found = mnistFromIdx(images, labels);
    expect(found.images.shape).toEqual([3, 1, 1, 2]);
    expect([...found.images.data]).toEqual([0, 1, 0.2, 0.4, 0.6, 0.8]);
    expect([...found.labels.data]).toEqual([4, 9, 0]);
    expect({ dtype: found.labels.dtype, classes: found.classes }).toEqual({ dtype: "i32", classes: 10 });
  });

  test("can be taken in part, in any real format", () => {
    const found = mnistFromIdx(images, labels, { start: 1, count: 1, dtype: "bf16" });
    expect(found.images).toMatchObject({ shape: [1, 1, 1, 2], dtype: "bf16" });
    expect([...found.labels.data]).toEqual([9]);
    expect(mnistFromIdx(images, labels, { start: 2 }).labels.shape).toEqual([1]);
  });

  test.each([
    ["data", "counts differ: expected as many labels as images, got [3, 1, 2] and [2]", images, idx([2], [0, 1]), {}],
    ["data", "axes do not fit: expected [count, height, width] and [count]", labels, images, {}],
    ["data", "a label is out of range: expected 0 to 9, got 10 at position 1", images, idx([3], [1, 10, 2]), {}],
    ["domain", "not enough images: expected at most 3, got 4 from 0 on", images, labels, { count: 4 }],
    ["domain", "not enough images: expected at most 3, got 0 from 5 on", images, labels, { start: 5 }],
    ["domain", "start out of range", images, labels, { start: -1 }],
    ["domain", "an unknown setting", images, labels, { cuont: 1 } as object],
    ["data", "elements are no bytes", images, typed(9, [3], [1, 2, 3]), {}],
    ["dtype", "wrong dtype", images, labels, { dtype: "i32" as "f64" }],
    ["parse", "no IDX file", Uint8Array.of(1, 2, 3, 4), labels, {}],
  ])("what does not fit is refused: %s, %s", (code, message, first, second, options) => {
    const found = refusal(() => mnistFromIdx(first, second, options));
    expect(found.message).toContain(message);
    expect(found.code).toBe(code);
  });
});
