import { atKink, blend, first, grad, last, type Select, type Tensor, uniform } from "@nonsmooth/ad-core";
import { clarkeSet } from "@nonsmooth/ad-generalized";
import { expect, test } from "vitest";
import { lenet5Ties } from "../programs/lenet5Ties.ts";
import { movingPart } from "../programs/moved.ts";

test("LeNet-5 at exact ties: windows that tie change nothing, dead units allow every choice from 0 to 1 and no other", async () => {
  const program = await lenet5Ties.build({ seed: 1, dtype: "f64" });
  const { g, at } = movingPart(program);
  const set = await clarkeSet(g as (...args: never[]) => Tensor, at as never);
  const { complete, found, counts } = set.limits;
  // two dead units, each 0 or 1; hundreds of windows whose cells come from equal patches
  expect([complete, found.length]).toEqual([true, 4]);
  expect(counts.switches).toBeGreaterThan(500);
  const verdict = (select: Select): string => {
    const answer = grad(g, { wrt: at.map((_, i) => i), select })(...(at as Tensor[])) as unknown;
    return set.member(answer as never).verdict;
  };
  expect(verdict({})).toBe("member");
  expect(verdict({ relu: last })).toBe("member");
  expect(verdict({ relu: atKink(0.25), maxPool2d: uniform })).toBe("member");
  expect(verdict({ maxPool2d: blend(first, uniform, 100) })).toBe("member");
  expect(verdict({ relu: atKink(2) })).toBe("not a member");
});
