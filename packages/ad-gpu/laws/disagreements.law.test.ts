/** Counting results that disagree instead of stopping at the first. */
import { reluPrimitive, splitPrimitive, tensor } from "@nonsmooth/ad-core";
import { expectSameBits } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { Disagreements } from "./disagreements.ts";

test("results that disagree are counted by instruction, and the first of them is told", () => {
  const found = new Disagreements(expectSameBits);
  const [relu, split] = [reluPrimitive, splitPrimitive].map((primitive) => ({ primitive, params: null }));
  const done = [relu, split] as never[];
  found.agree("first", tensor([1]), tensor([1]), done);
  found.agree("second", tensor([1]), tensor([2]), done);
  found.agree("third", tensor([1]), tensor([3]), done);
  found.agree("fourth", tensor([1]), tensor([1]), [relu] as never[]);
  expect(found.count).toBe(2);
  expect(found.text()[0]).toMatch(/^ {2}\+split +2 of 3: second: expected .*; after relu$/);
  expect(found.text()[1]).toBe("4 results of 2 instructions compared, 2 too far from the reference");
  expect(found.report()).toMatchObject({
    far: 2,
    instructions: [
      { name: "+split", compared: 3 },
      { name: "relu", far: 0 },
    ],
  });
});
