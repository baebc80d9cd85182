import { describe, expect, test } from "vitest";
import { type DType, dtypes, pack } from "../dtypes/dtype.ts";
import { decodeData, encodeData, fromBase64, toBase64 } from "./bytes.ts";

const bytes = (...list: number[]): Uint8Array => Uint8Array.from(list);

describe("base 64", () => {
  test.each([
    [[], ""],
    [[0], "AA=="],
    [[255], "/w=="],
    [[0, 16], "ABA="],
    [[251, 255, 191], "+/+/"],
    [[77, 97, 110, 33], "TWFuIQ=="],
  ])("writes %j as %j and reads it back", (list, text) => {
    expect(toBase64(bytes(...list))).toBe(text);
    expect(fromBase64(text)).toEqual(bytes(...list));
  });

  test("reads every byte at every place in a group", () => {
    const all = Uint8Array.from({ length: 771 }, (_, i) => (i * 7) % 256);
    for (const length of [769, 770, 771]) {
      const part = all.subarray(0, length);
      expect(fromBase64(toBase64(part))).toEqual(Uint8Array.from(part));
    }
  });

  test.each([
    "A",
    "AA",
    "AAA",
    "A===",
    "====",
    "AA=A",
    "AAAAA",
    "AA==AAAA",
    "A-_A",
    "AAA A",
    " AAA",
    "AAA\n",
    "AAÄ=",
    "=",
    "=AAA",
  ])("refuses %j", (text) => {
    expect(fromBase64(text)).toBeNull();
  });
});

describe("numbers as text", () => {
  test("are little-endian", () => {
    expect(encodeData(Int32Array.of(1, 2))).toBe("AQAAAAIAAAA=");
    expect(encodeData(Float64Array.of(1))).toBe("AAAAAAAA8D8=");
  });

  test("are written once when all of them have the same bits", () => {
    expect(encodeData(Float64Array.of(1, 1, 1))).toBe("AAAAAAAA8D8=");
    expect(encodeData(Float64Array.of(-0, -0))).toBe("AAAAAAAAAIA=");
    expect(encodeData(Float64Array.of(0, -0))).toHaveLength(24);
    expect(encodeData(new Float64Array(0))).toBe("");
  });

  test("are read from a part of a larger buffer", () => {
    const whole = Int32Array.of(9, 1, 2, 9);
    expect(encodeData(whole.subarray(1, 3))).toBe("AQAAAAIAAAA=");
  });

  test.each(dtypes)("come back as they were in %s", (dtype: DType) => {
    for (const list of [[], [1], [1, 1], [1, 0, 1], [0, 0, 0]]) {
      const data = pack(dtype, list);
      expect(decodeData(encodeData(data), dtype, list.length)).toEqual(data);
    }
  });

  test("must be as many as said", () => {
    const two = encodeData(Float64Array.of(1, 2));
    for (const size of [0, 1, 3]) expect(decodeData(two, "f64", size)).toBeNull();
    expect(decodeData("", "f64", 1)).toBeNull();
    expect(decodeData("AAAAAAAA8D8=", "f64", 0)).toBeNull();
    expect(decodeData("AAAA", "f64", 1)).toBeNull();
    expect(decodeData("AA=", "bool", 1)).toBeNull();
  });
});
