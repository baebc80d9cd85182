import { expect, test } from "vitest";
import { stage } from "../kernels/kernel.ts";
import { Planner, translatedOnly } from "./plan.ts";

test("a plan without shaders has the same cells and dispatches", () => {
  const planner = new Planner();
  const plain = stage([], 3, () => "1");
  planner.add([{ ...plain, shader: { wgsl: "fn main() {}", groups: [1, 1, 1], rounds: 0 } }], []);
  const { sizes, dispatches, kept } = translatedOnly(planner);
  expect([sizes, kept]).toEqual([planner.sizes, planner.kept]);
  expect(dispatches).toEqual([{ stage: plain, reads: [], writes: 0 }]);
});
