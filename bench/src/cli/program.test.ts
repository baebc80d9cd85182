import { expect, test } from "vitest";
import { runCommand } from "./program.ts";

async function run(...args: string[]): Promise<{ code: number; written: string; warned: string }> {
  const [written, warned]: [string[], string[]] = [[], []];
  const output = { write: (text: string) => void written.push(text), warn: (text: string) => void warned.push(text) };
  const code = await runCommand(args, output);
  return { code, written: written.join(""), warned: warned.join("") };
}

test("without arguments the command prints its help", async () => {
  const { code, written } = await run();
  expect(code).toBe(0);
  expect(written).toContain("Usage: nonsmooth");
});

test("an unknown option is a usage error, told apart from results", async () => {
  const { code, written, warned } = await run("--no-such-option");
  expect(code).toBe(2);
  expect(written).toBe("");
  expect(warned).toContain("unknown option");
});
