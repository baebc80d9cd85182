/** Laws: the tables and constants of the real functions are what the oracle says they are. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { constants, logReduction, tableFiles } from "./tableFiles.ts";

const folder = new URL("../../src/arithmetic/real/", import.meta.url);

function sourceText(name: string): string {
  return readFileSync(new URL(name, folder), "utf8");
}

describe("tables", () => {
  test.each(Object.entries(tableFiles()))("%s is what its generator writes", (name, text) => {
    expect(sourceText(name)).toBe(text);
  });

  test.each(Object.entries(constants()))("the constants of %s are the computed ones", (name, numbers) => {
    const text = sourceText(name);
    for (const number of numbers) expect(text).toContain(String(number));
  });

  test("each reciprocal of the logarithm table leaves a remainder of at most 2^-8 that fits in 53 bits", () => {
    for (const { remainder, unit } of logReduction()) {
      expect(remainder).toBeLessThanOrEqual(2 ** -8);
      expect(remainder / unit).toBeLessThanOrEqual(2 ** 53);
    }
  });
});
