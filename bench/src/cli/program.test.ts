import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { commanded } from "./commanded.ts";

const run = commanded;

// The tests use the generated digits, wherever they run.
beforeEach(() => void vi.stubEnv("NONSMOOTH_DATA", ""));
afterEach(() => void vi.unstubAllEnvs());

test("without arguments the main job runs", async () => {
  const { code, written } = await run();
  expect(code).toBe(0);
  expect(written).toMatch(/^lenet5: .*\nbatch 32, .*44,426 entries\n/);
  expect(written).toMatch(/value and gradient, backward +91,123,393 +4\.98 +5\.00/);
});

test("help is a result", async () => {
  const { code, written } = await run("--help");
  expect(code).toBe(0);
  expect(written).toContain("Usage: nonsmooth");
});

test.each([
  ["unknown option '--no-such-option'", ["--no-such-option"]],
  ["unknown option '--no-such-option'", ["kinks", "--spellings", "--no-such-option"]],
  ["unknown command 'kink'", ["kink"]],
  ["expected a program or --spellings, and not both", ["kinks"]],
  ["expected a program or --spellings, and not both", ["kinks", "relu", "--spellings"]],
  ["missing required argument 'program'", ["cost"]],
  ["no program has this name", ["cost", "lennet"]],
  ["did you mean lenet5?", ["kinks", "lennet5"]],
  ["a file is not there", ["cost", "./no/such/file.ts"]],
  ["lenet5 has one size", ["cost", "lenet5", "--inputs", "10,20"]],
  ["nothing to draw", ["cost", "mlp", "--svg", "plot.svg"]],
  ["Expected whole numbers of at least 1", ["cost", "mlp", "--inputs", "0"]],
  ["Expected a positive number", ["cost", "mlp", "--price", "0"]],
  ["no kink has this name", ["cost", "mlp", "--select", "reluu=last"]],
  ["no such choice", ["cost", "mlp", "--select", "relu=lats"]],
  ["Allowed choices are op, site", ["cost", "mlp", "--by", "name"]],
  ["Expected a number from 0", ["kinks", "mlp", "--tolerance", "-1"]],
  ["Allowed choices are f64, f32, f16, bf16", ["kinks", "--spellings", "--dtype", "i32"]],
  ["too many arguments", ["kinks", "mlp", "mlp"]],
])("a usage error is told apart from results: %s", async (message, args) => {
  const { code, written, warned } = await run(...args);
  expect(code).toBe(2);
  expect(written).toBe("");
  expect(warned).toContain(message);
});
