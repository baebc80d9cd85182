import { AdError, atKink, atZero, blend, first, grad, last, random, relu, tensor, uniform } from "@nonsmooth/ad-core";
import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { parseSelect } from "../training/selections.ts";
import { commonOptions, wholeNumbers } from "./options.ts";

describe("--select", () => {
  test.each([
    ["relu=first", { relu: first }],
    ["relu=last", { relu: last }],
    ["maxPool2d=uniform", { maxPool2d: uniform }],
    ["relu=kink:0.5", { relu: atKink(0.5) }],
    ["relu=kink:-1e3", { relu: atKink(-1000) }],
    ["maxPool2d=beta:10", { maxPool2d: blend(first, uniform, 10) }],
    ["max=random:7", { max: random(7) }],
    ["relu6.low@block1/relu6=last", { "relu6.low@block1/relu6": last }],
    ["me/hinge@a=last", { "me/hinge@a": last }],
  ])("%s", (text, expected) => {
    expect(parseSelect([text])).toEqual(expected);
  });

  test("for norms at 0", () => {
    const { norm2 } = parseSelect(["norm2=ones"]);
    expect(norm2).toMatchObject({ kind: "point", name: atZero("ones").name });
    expect(parseSelect(["norm2=zero"]).norm2?.name).toBe("atZero(zero)");
  });

  test("several, as a transform takes them", () => {
    const select = parseSelect(["relu=last", "relu@a=kink:0.25"]);
    expect(select).toEqual({ relu: last, "relu@a": atKink(0.25) });
    expect(grad((x) => relu(x, { site: "a" }), { select })(tensor(0)).data[0]).toBe(0.25);
    expect(parseSelect([])).toEqual({});
  });

  test.each([
    ["selection", 'no choice at a kink: expected NAME=CHOICE or NAME@SITE=CHOICE, got "relu"', ["relu"]],
    ["selection", 'got "=last"', ["=last"]],
    ["selection", 'got "relu@=last"', ["relu@=last"]],
    ["selection", 'got "relu="', ["relu="]],
    ["selection", 'got "relu = last"', ["relu = last"]],
    [
      "selection",
      'no such choice: expected first|last|uniform|kink:S|beta:B|random:SEED|zero|ones, got "lats"',
      ["relu=lats"],
    ],
    ["selection", "no such choice", ["relu=toString"]],
    ["selection", "no such choice", ["relu=kink"]],
    ["selection", "no such choice", ["relu=kink:"]],
    ["selection", "no such choice", ["relu=kink:half"]],
    ["selection", "no such choice", ["relu=kink:1e999"]],
    ["selection", "no such choice", ["relu=first:1"]],
    ["selection", 'a name comes twice: expected one choice for each name, got "relu"', ["relu=last", "relu=first"]],
    ["domain", "random: seed out of range: expected a whole number, got 0.5", ["relu=random:0.5"]],
  ])("refuses what it cannot read: %s, %s", (code, message, texts) => {
    expect(() => parseSelect(texts)).toThrow(AdError);
    expect(() => parseSelect(texts)).toThrow(expect.objectContaining({ code }));
    expect(() => parseSelect(texts)).toThrow(message);
  });
});

describe("the common options", () => {
  function parsed(...args: string[]): object {
    const command = commonOptions(new Command("x"))
      .exitOverride()
      .configureOutput({ writeErr: () => {} });
    return command.parse(args, { from: "user" }).opts();
  }

  test("have defaults", () => {
    expect(parsed()).toEqual({ seed: 1, dtype: "f64", select: [] });
  });

  test("are read, and --select is collected", () => {
    const args = ["--seed", "7", "--dtype", "f16", "--select", "relu=last", "--select", "max=first", "--json"];
    expect(parsed(...args)).toEqual({ seed: 7, dtype: "f16", select: ["relu=last", "max=first"], json: true });
  });

  test.each([
    ["--seed", "-1"],
    ["--seed", "1.5"],
    ["--seed", "x"],
    ["--seed", "9007199254740993"],
    ["--dtype", "i32"],
  ])("refuse %s %s", (...args) => {
    expect(() => parsed(...args)).toThrow(expect.objectContaining({ code: "commander.invalidArgument" }));
  });
});

test("a list of sizes", () => {
  expect(wholeNumbers("10, 100,1000")).toEqual([10, 100, 1000]);
  for (const text of ["", "1,", "0", "1.5", "a", "1;2"]) expect(() => wholeNumbers(text)).toThrow("Expected");
});
