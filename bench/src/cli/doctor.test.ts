import { expect, test } from "vitest";
import type { Finding } from "../studies/doctor.ts";
import { build } from "./doctor.ts";
import { CheckFailed, RequirementMissing } from "./output.ts";
import { runCommand } from "./program.ts";

const node: Finding = { item: "Node", found: "20.19.0", status: "ok", remedy: "" };
const gpu: Finding = { item: "WebGPU", found: "no", status: "not needed", remedy: "" };
const data: Finding = { item: "data", found: "no", status: "missing", remedy: "put it there" };
const broken: Finding = { item: "sums", found: "4", status: "failed", remedy: "report this" };

async function doctor(findings: Finding[], ...args: string[]): Promise<{ text: string; error: unknown }> {
  const written: string[] = [];
  const output = { write: (text: string) => void written.push(text), warn: () => {}, colours: false };
  const command = build(output, async () => findings);
  const error = await command.parseAsync(args, { from: "user" }).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  return { text: written.join(""), error };
}

test("the table", async () => {
  const { text, error } = await doctor([node, gpu, data]);
  expect(text).toMatchInlineSnapshot(`
    "item    found    status      remedy
    Node    20.19.0  ok
    WebGPU  no       not needed
    data    no       missing     put it there
    "
  `);
  expect(error).toBeInstanceOf(RequirementMissing);
});

test("the JSON is one line with a schema", async () => {
  const { text, error } = await doctor([node, gpu], "--json");
  expect(JSON.parse(text)).toEqual({ schema: "nonsmooth.doctor/1", findings: [node, gpu] });
  expect(text.trimEnd()).not.toContain("\n");
  expect(error).toBeUndefined();
});

test("a self-test that fails is a failed check; what is missing comes first", async () => {
  expect((await doctor([node, broken])).error).toBeInstanceOf(CheckFailed);
  expect((await doctor([data, broken])).error).toBeInstanceOf(RequirementMissing);
});

test("this machine passes its self-test, and the exit code says what is missing", async () => {
  const written: string[] = [];
  const code = await runCommand(["doctor", "--json"], {
    write: (text) => void written.push(text),
    warn: () => {},
    colours: false,
  });
  const { findings } = JSON.parse(written.join("")) as { findings: Finding[] };
  expect(findings.filter(({ status }) => status === "failed")).toEqual([]);
  expect(code).toBe(findings.some(({ status }) => status === "missing") ? 3 : 0);
  expect(findings.find(({ item }) => item === "Node")?.found).toBe(process.versions.node);
});
