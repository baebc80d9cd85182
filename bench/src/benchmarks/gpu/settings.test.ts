import { expect, test } from "vitest";
import { settingsOf } from "./settings.ts";

test("without options there must be a GPU", () => {
  expect(settingsOf(["smoke"])).toEqual({ command: "smoke", way: "hardware", out: null, runs: 10_000 });
});

test("arguments are read", () => {
  const args = "leak --software --runs 20 --out a/b.jsonl".split(" ");
  expect(settingsOf(args)).toEqual({ command: "leak", way: "software", out: "a/b.jsonl", runs: 20 });
  expect(settingsOf(["steps", "--opengl"]).way).toBe("opengl");
});

test.each([
  ...["", "smoke products", "fast", "smoke --fast", "smoke --software --opengl"],
  ...["leak --runs 15", "leak --runs 0", "leak --runs 10,20"],
])("%s is refused", (text) => {
  expect(() => settingsOf(text.split(" ").filter((word) => word !== ""))).toThrow();
});
