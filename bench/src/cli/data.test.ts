import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { DataFinding } from "../studies/data.ts";
import { build } from "./data.ts";
import { CheckFailed } from "./output.ts";
import { runCommand } from "./program.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nonsmooth-"));
  vi.stubEnv("NONSMOOTH_DATA", "");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

const found: DataFinding = {
  name: "cifar10",
  status: "found",
  files: [
    { path: "/data/cifar10/train-10k.bin.gz", checksum: "ok" },
    { path: "/data/cifar10/test-2k.bin.gz", checksum: "ok" },
  ],
  checksum: "ok",
  contents: { kind: "images", train: 10000, test: 2000, shape: [3, 32, 32], classes: 10 },
  note: "a part of it",
  remedy: "",
};
const text: DataFinding = {
  ...found,
  name: "text",
  files: [{ path: "/data/text/input.txt", checksum: "unknown" }],
  checksum: "unknown",
  contents: { kind: "text", train: 900, test: 100, shape: [], classes: 65 },
  note: "",
};
const missing: DataFinding = {
  ...{ name: "svhn", status: "missing", files: [], checksum: null, contents: null, note: "" },
  remedy: "put it there",
};

interface Ran {
  readonly code: number;
  readonly text: string;
  readonly warned: string;
}

async function ran(...args: string[]): Promise<Ran> {
  const [written, warned]: [string[], string[]] = [[], []];
  const output = { write: (line: string) => void written.push(line), warn: (line: string) => void warned.push(line) };
  const code = await runCommand(["data", ...args], { ...output, colours: false });
  return { code, text: written.join(""), warned: warned.join("") };
}

async function surveyed(findings: DataFinding[], ...args: string[]): Promise<{ text: string; error: unknown }> {
  const written: string[] = [];
  const output = { write: (line: string) => void written.push(line), warn: () => {}, colours: false };
  const error = await build(output, () => findings)
    .parseAsync(args, { from: "user" })
    .then(
      () => undefined,
      (caught: unknown) => caught,
    );
  return { text: written.join(""), error };
}

test("the table", async () => {
  const { text: printed, error } = await surveyed([found, text, missing]);
  expect(printed).toMatchInlineSnapshot(`
    "No folder of data: name one by --data or NONSMOOTH_DATA.

    data set  found                    contents (train + test)                    checksum  note
    cifar10   /data/cifar10 (2 files)  10,000 + 2,000 images 3×32×32, 10 classes  ok        a part of it
    text      /data/text (1 file)      900 + 100 characters, 65 different         unknown
    svhn      missing

    What to do for the others:
    svhn: put it there
    "
  `);
  expect(error).toBeUndefined();
});

test("the JSON is one line with a schema", async () => {
  const { text: printed } = await surveyed([found, missing], "--json", "--data", folder);
  expect(JSON.parse(printed)).toEqual({ schema: "nonsmooth.data/1", folder, findings: [found, missing] });
  expect(printed.trimEnd()).not.toContain("\n");
});

test("a wrong sum and a broken set are failed checks", async () => {
  for (const bad of [
    { ...found, checksum: "wrong" },
    { ...found, status: "broken", contents: null },
  ] as const) {
    const { error } = await surveyed([bad, missing]);
    expect(error).toBeInstanceOf(CheckFailed);
    expect((error as Error).message).toContain("cifar10");
  }
});

test("without a folder there are digits, and every set says how to get it", async () => {
  const { code, text: printed } = await ran("--json");
  const { findings } = JSON.parse(printed) as { findings: DataFinding[] };
  expect(code).toBe(0);
  expect(findings.filter(({ status }) => status !== "missing").map(({ name }) => name)).toEqual(["digits"]);
  for (const { status, remedy } of findings) expect(remedy === "").toBe(status !== "missing");
});

test("a folder that is named must be there, and be a folder", async () => {
  const nowhere = join(folder, "nowhere");
  expect(await ran("--data", nowhere)).toMatchObject({ code: 2, text: "", warned: expect.stringContaining(nowhere) });
  writeFileSync(nowhere, "");
  expect((await ran("--data", nowhere)).code).toBe(2);
  vi.stubEnv("NONSMOOTH_DATA", join(folder, "elsewhere"));
  expect((await ran()).warned).toContain("NONSMOOTH_DATA: the folder of data is not there");
});

test("a truncated file is broken, the others are still listed, and the exit code says so", async () => {
  mkdirSync(join(folder, "cifar100"));
  for (const part of ["train", "test"]) writeFileSync(join(folder, "cifar100", `${part}.bin`), new Uint8Array(3074));
  writeFileSync(join(folder, "input.txt"), "A text of several words.");
  const whole = await ran("--data", folder, "--json");
  const statuses = (printed: string): unknown =>
    Object.fromEntries((JSON.parse(printed).findings as DataFinding[]).map(({ name, status }) => [name, status]));
  expect(statuses(whole.text)).toMatchObject({ cifar100: "found", svhn: "missing" });
  writeFileSync(join(folder, "cifar100", "train.bin"), new Uint8Array(3073));
  const broken = await ran("--data", folder, "--json");
  expect(statuses(broken.text)).toMatchObject({ cifar100: "broken", text: "found" });
  expect([broken.code, broken.warned]).toEqual([1, expect.stringContaining("cifar100")]);
});

test("what can be read and has a wrong sum is listed with its contents, and the exit code says so", async () => {
  writeFileSync(join(folder, "tinyshakespeare.txt"), "A text of several words.");
  const { code, text: printed, warned } = await ran("--data", folder, "--json");
  const finding = (JSON.parse(printed).findings as DataFinding[]).find(({ name }) => name === "text");
  expect(finding).toMatchObject({ status: "found", checksum: "wrong", contents: { train: 21, test: 3 } });
  expect(finding?.remedy).toContain("fetch again");
  expect([code, warned]).toEqual([1, expect.stringContaining("text")]);
});
