import { expect, test } from "vitest";
import { commanded } from "./commanded.ts";

test("LeNet-5 has its layers and 44,426 parameters", async () => {
  const { code, written } = await commanded("summary", "lenet5");
  expect(code).toBe(0);
  expect(written).toMatch(/^lenet5: \[1, 28, 28\] to \[10\]\n/);
  expect(written).toMatch(/conv1 +conv2d +\[6, 24, 24\] +156 +86,400/);
  expect(written).toMatch(/in all +44,426/);
});

test.each([
  ["vgg11", 9_225_610],
  ["lenet5", 44_426],
])("%s is one object with %i parameters", async (name, parameters) => {
  const found = JSON.parse((await commanded("summary", name, "--json")).written);
  expect(found).toMatchObject({ schema: "nonsmooth.summary/1", parameters });
});

test("batch norm adds parameters, and an unknown model is told", async () => {
  const parameters = async (...args: string[]): Promise<number> =>
    JSON.parse((await commanded("summary", "vgg11", "--json", ...args)).written).parameters;
  expect(await parameters("--batch-norm")).toBeGreaterThan(await parameters());
  expect(await commanded("summary", "vgg12")).toMatchObject({
    code: 2,
    warned: expect.stringContaining("no such model"),
  });
});
