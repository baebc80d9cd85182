import { expect, test } from "vitest";
import { runCommand } from "./program.ts";

async function run(...args: string[]): Promise<{ code: number; written: string; warned: string }> {
  const [written, warned]: [string[], string[]] = [[], []];
  const code = await runCommand(args, {
    write: (text) => void written.push(text),
    warn: (text) => void warned.push(text),
    colours: false,
  });
  return { code, written: written.join(""), warned: warned.join("") };
}

test("without arguments the main job runs", async () => {
  const { code, written } = await run();
  expect(code).toBe(0);
  expect(written).toBe((await run("kinks", "--spellings")).written);
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
  ["required option '--spellings' not specified", ["kinks"]],
  ["Allowed choices are f64, f32, f16, bf16", ["kinks", "--spellings", "--dtype", "i32"]],
  ["too many arguments", ["kinks", "--spellings", "relu"]],
])("a usage error is told apart from results: %s", async (message, args) => {
  const { code, written, warned } = await run(...args);
  expect(code).toBe(2);
  expect(written).toBe("");
  expect(warned).toContain(message);
});
