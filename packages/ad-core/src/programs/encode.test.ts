import { describe, expect, test } from "vitest";
import { errorOf } from "../../laws/refusals.ts";
import { decode, encode, type Json } from "./encode.ts";

const through = (value: unknown): unknown => decode(JSON.parse(JSON.stringify(encode("test", value))) as Json);

describe("settings as JSON", () => {
  test.each([
    [null, null],
    [true, true],
    ["NaN", "NaN"],
    [0, 0],
    [-0, { number: "-0" }],
    [NaN, { number: "NaN" }],
    [Infinity, { number: "Infinity" }],
    [-Infinity, { number: "-Infinity" }],
    [5e-324, 5e-324],
    [
      [1, [-0]],
      [1, [{ number: "-0" }]],
    ],
    [{ a: { b: NaN } }, { a: { b: { number: "NaN" } } }],
  ])("%j is written as %j", (value: unknown, json) => {
    expect(encode("test", value)).toStrictEqual(json);
    expect(through(value)).toStrictEqual(value);
  });

  test("fields without value are left out", () => {
    expect(encode("test", { a: undefined, b: 1 })).toStrictEqual({ b: 1 });
  });

  test("a field that is called number may hold a number or other things", () => {
    for (const value of [{ number: 3 }, { number: NaN }, { number: { number: 1 } }, { number: [1], other: 2 }])
      expect(through(value)).toStrictEqual(value);
  });

  test.each(["NaN", "-0", "foo"])("an object that would be taken for the number %s is refused", (number) => {
    expect(errorOf(() => encode("test", { number })).code).toBe("unsupported");
    expect(errorOf(() => encode("test", [{ a: { number } }])).code).toBe("unsupported");
    expect(through({ number, other: 1 })).toStrictEqual({ number, other: 1 });
  });

  test.each([() => 1, Symbol("s"), 1n, undefined, new Float64Array(2)])(
    "%s cannot be written down",
    (value: unknown) => {
      for (const setting of [value, [value], { a: { b: [value] } }]) {
        if (value === undefined && setting !== value && !Array.isArray(setting)) continue;
        const error = errorOf(() => encode("test", setting));
        expect([error.code, error.where]).toEqual(["unsupported", "test"]);
      }
    },
  );
});
