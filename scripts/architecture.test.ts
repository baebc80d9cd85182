import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type SourceFile, violations } from "./architecture.ts";

const root = join(import.meta.dirname, "..");
const core = "packages/ad-core/src";

function sources(): SourceFile[] {
  const packages = readdirSync(join(root, "packages")).map((name) => `packages/${name}/src`);
  return [...packages, "bench/src"]
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((name) => `${folder}/${name}`))
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

test("every source file imports only from above, stays short, and core uses nothing that varies", () => {
  const files = sources();
  expect(files.length).toBeGreaterThan(0);
  expect(violations(files)).toEqual([]);
});

test("tsc -b at the root covers every project", () => {
  const folders = [...readdirSync(join(root, "packages")).map((name) => `packages/${name}`), "bench", "docs"];
  const projects = folders.flatMap((folder) => [`${folder}/tsconfig.json`, `${folder}/tsconfig.test.json`]);
  const { references } = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8"));
  const covered = references.map(({ path }: { path: string }) =>
    join(path, path.endsWith(".json") ? "" : "tsconfig.json"),
  );
  expect(projects.filter((path) => existsSync(join(root, path)) && !covered.includes(path))).toEqual([]);
});

describe("the rules can fail", () => {
  test.each([
    ["which packages/ad-core may not import", `${core}/tensors/a.ts`, 'import fc from "fast-check";'],
    ["which packages/ad-core may not import", `${core}/tensors/a.ts`, 'import { join } from "node:path";'],
    ["which packages/nets may not import", "packages/nets/src/a.ts", 'export * from "@nonsmooth/ad-wasm";'],
    ["which packages/new may not import", "packages/new/src/a.ts", 'import "@nonsmooth/ad-core";'],
    ["lies outside packages/nets/src", "packages/nets/src/a.ts", 'import "../../ad-core/src/index.ts";'],
    ["room door lies below room tensors", `${core}/tensors/a.ts`, 'import {\n  x,\n} from "../door/x.ts";'],
    ["room cost lies below room tensors", `${core}/tensors/a.ts`, 'const x = await import("../cost/x.ts");'],
    ["room index.ts lies below room tensors", `${core}/tensors/a.ts`, 'import type { X } from "../index.ts";'],
    ['"cellar" is not a room of ad-core', `${core}/cellar/a.ts`, ""],
    ['"a.ts" is not a room of ad-core', `${core}/a.ts`, ""],
    ["301 lines, more than 300", "bench/src/a.ts", "\n".repeat(301)],
    ["301 lines, more than 300", `${core}/arithmetic/real/tables.ts`, "\n".repeat(301)],
    ["601 lines, more than 600", `${core}/arithmetic/real/table.generated.ts`, "\n".repeat(601)],
    ["uses Date", `${core}/door/a.ts`, "Date.now();"],
    ["uses process.env", `${core}/door/a.ts`, "process.env.SEED;"],
    ["uses console", `${core}/door/a.ts`, "console.log(1);"],
    ["uses Math.random", `${core}/door/a.ts`, "Math.random();"],
    ["uses a function of Math that engines round differently", `${core}/door/a.ts`, "Math.exp(x);"],
    ["uses ** between other than literal numbers", `${core}/door/a.ts`, "2 ** x;"],
  ])("a file that breaks a rule: %s", (expected, path, text) => {
    expect(violations([{ path, text }])).toEqual([expect.stringContaining(`${path}: `)]);
    expect(violations([{ path, text }])[0]).toContain(expected);
  });

  test("what is allowed passes", () => {
    const allowed = [
      [`${core}/index.ts`, 'export * from "./kinks/a.ts";'],
      [
        `${core}/door/a.ts`,
        '// Date\n/** Math.exp */\nimport "./b.ts";\nimport "../tensors/a.ts";\nMath.sqrt(2 ** -10);',
      ],
      [`${core}/door/a.ts`, 'fail("expected a Date");'],
      [`${core}/scalars/sweep.generated.ts`, "\n".repeat(301)],
      [
        "bench/src/cli/a.ts",
        'import "commander";\nimport "node:fs";\nimport "@nonsmooth/nets/layers";\nMath.exp(Date.now());',
      ],
    ] as const;
    expect(violations(allowed.map(([path, text]) => ({ path, text })))).toEqual([]);
  });
});
