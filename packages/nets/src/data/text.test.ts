import { AdError } from "@nonsmooth/ad-core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeText, encodeText, splitText, textFromBytes } from "./text.ts";
import { randomWindows, textBatches } from "./textBatches.ts";

const utf8 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "utf8"));

describe("a text", () => {
  test("is characters, sorted by code point", () => {
    const { tokens, vocabulary } = textFromBytes(utf8("né 😀n"));
    expect(vocabulary).toEqual({ level: "characters", size: 4, characters: " né😀" });
    expect([...tokens]).toEqual([1, 2, 0, 3, 1]);
    expect(decodeText(tokens, vocabulary)).toBe("né 😀n");
    expect([...encodeText("😀é", vocabulary)]).toEqual([3, 2]);
  });

  test("is bytes", () => {
    const { tokens, vocabulary } = textFromBytes(utf8("é!"), "bytes");
    expect([[...tokens], vocabulary.size]).toEqual([[195, 169, 33], 256]);
    expect(decodeText(tokens, vocabulary)).toBe("é!");
    expect(decodeText([195, 33], vocabulary)).toBe("\ufffd!");
  });

  test("comes back as it was, at both levels, in the bytes that Node writes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
        for (const level of ["characters", "bytes"] as const) {
          const { tokens, vocabulary } = textFromBytes(utf8(text), level);
          expect(decodeText(tokens, vocabulary)).toBe(text);
          expect(encodeText(text, vocabulary)).toEqual(tokens);
        }
      }),
    );
  });

  test.each([
    ["a byte that only follows", [0x61, 0x80], "byte 80 at position 1"],
    ["a cut character", [0x61, 0xc3], "byte c3 at position 1"],
    ["a longer form than needed", [0xc0, 0xaf], "byte c0 at position 0"],
    ["a half of a pair", [0xed, 0xa0, 0x80], "byte ed at position 0"],
    ["a number beyond the last character", [0xf4, 0x90, 0x80, 0x80], "byte f4 at position 0"],
  ])("with %s is no UTF-8", (_name, content, got) => {
    const call = (): unknown => textFromBytes(Uint8Array.from(content));
    expect(call).toThrow(expect.objectContaining({ code: "parse", message: expect.stringContaining(got) }));
    expect(textFromBytes(Uint8Array.from(content), "bytes").tokens).toHaveLength(content.length);
  });

  test("is split in two", () => {
    const { train, validation } = splitText(Int32Array.from({ length: 25 }, (_, i) => i));
    expect([train.length, validation[0], validation.length]).toEqual([22, 22, 3]);
  });
});

describe("the batches of a text", () => {
  const tokens = Int32Array.from({ length: 53 }, (_, i) => i);
  const rows = ({ inputs }: { inputs: { data: ArrayLike<number> } }): number[] => Array.from(inputs.data);

  test("as stored have every window once, and targets are one token later", () => {
    const batches = textBatches(tokens, { batch: 4, length: 5 });
    const all = [...batches];
    expect([batches.length, all[0]?.inputs.shape, all[2]?.inputs.shape]).toEqual([3, [4, 5], [2, 5]]);
    expect(all.flatMap(rows)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    for (const { inputs, targets } of all) expect(Array.from(targets.data, (t) => t - 1)).toEqual([...inputs.data]);
  });

  test("of an epoch have no token twice, and begin where the epoch says", () => {
    const epoch = (number: number): number[] =>
      [...textBatches(tokens, { batch: 4, length: 5, shuffle: true, seed: 3, epoch: number })].flatMap(rows);
    const firsts = Array.from({ length: 20 }, (_, number) => {
      const all = epoch(number);
      expect([all.length, new Set(all).size]).toEqual([45, 45]);
      return Math.min(...all);
    });
    expect(new Set(firsts)).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(epoch(7)).toEqual(epoch(7));
    expect(epoch(7)).not.toEqual(epoch(8));
  });

  test("the last one is kept or dropped, and memory is shared only when asked", () => {
    const form = { batch: 4, length: 5 };
    expect(textBatches(tokens, { ...form, lastBatch: "drop" })).toHaveLength(2);
    const [own, shared] = [textBatches(tokens, form), textBatches(tokens, { ...form, reuse: true })];
    expect(own.at(0).inputs).not.toBe(own.at(1).inputs);
    expect(shared.at(0).inputs).toBe(shared.at(1).inputs);
    expect(shared.at(1)).toEqual(own.at(1));
  });

  test("at random places reach the first token and the last, and are functions of seed and step", () => {
    const short = Int32Array.of(0, 1, 2, 3);
    const seen = new Set<number>();
    for (let step = 0; step < 40; step++) {
      const { inputs, targets } = randomWindows(short, { batch: 2, length: 2, seed: 1, step });
      for (const i of [0, 2]) seen.add(inputs.data[i] as number);
      expect(targets.data[3]).toBe((inputs.data[3] as number) + 1);
    }
    expect([...seen].toSorted()).toEqual([0, 1]);
    const at = (step: number): number[] => rows(randomWindows(tokens, { batch: 8, length: 2, seed: 1, step }));
    expect(at(3)).toEqual(at(3));
    expect(at(3)).not.toEqual(at(4));
  });

  const form = { batch: 2, length: 2 };
  test.each([
    ["domain", "the text is shorter than a window", () => textBatches(tokens, { batch: 1, length: 53 })],
    ["domain", "length out of range", () => textBatches(tokens, { batch: 1, length: 0 })],
    ["domain", "a seed is missing", () => textBatches(tokens, { ...form, shuffle: true })],
    ["domain", "an unknown setting", () => textBatches(tokens, { ...form, sead: 1 } as never)],
    ["domain", "step out of range", () => randomWindows(tokens, { ...form, seed: 1, step: -1 })],
    ["domain", "share out of range", () => splitText(tokens, 1)],
    ["data", "the text is empty", () => textFromBytes(new Uint8Array(0))],
    ["parse", "which is gzip", () => textFromBytes(Uint8Array.of(0x1f, 0x8b))],
    [
      "data",
      'not in the vocabulary: expected one of 1 characters, got "b" at position 1',
      () => encodeText("ab", { level: "characters", size: 1, characters: "a" }),
    ],
    [
      "data",
      "no such token: expected whole numbers from 0 to 255, got 256",
      () => decodeText([256], { level: "bytes", size: 256 }),
    ],
  ])("bad input is refused: %s, %s", (code, message, call: () => unknown) => {
    expect(call).toThrow(AdError);
    expect(call).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
  });
});
