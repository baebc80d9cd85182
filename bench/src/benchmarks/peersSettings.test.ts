import { expect, test } from "vitest";
import { parts, settingsOf } from "./peersSettings.ts";

test("without arguments everything is measured", () => {
  expect(settingsOf([])).toEqual({
    ...{ parts: new Set(parts), threads: [1, 2], rounds: 7 },
    ...{ isWide: false, isJson: false, svg: null },
  });
});

test("arguments are read", () => {
  expect(settingsOf("--only f16,lenet5-1 --threads 2 --rounds 3 --wide --json --svg a.svg".split(" "))).toEqual({
    ...{ parts: new Set(["f16", "lenet5-1"]), threads: [2], rounds: 3 },
    ...{ isWide: true, isJson: true, svg: "a.svg" },
  });
});

test.each(["--only lenet", "--rounds 0", "--rounds 1,2", "--threads x", "--fast"])("%s is refused", (text) => {
  expect(() => settingsOf(text.split(" "))).toThrow();
});
