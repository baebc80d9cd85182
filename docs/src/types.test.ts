/** Every example on a page compiles under the strict settings of the workspace, with its imports as written. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { pageExamples } from "./collect.ts";
import { packages, pages, read, root } from "./files.ts";

/** An example as a module: it stands in the file that its first line names, or in one of its own. */
function moduleOf({ title, code }: { title: string; code: string }): [path: string, code: string] {
  const named = /^\/\/ (\S+\.ts)\n/.exec(code)?.[1];
  return [join(root, named ?? `docs/${title.replace(/\W/g, "_")}.ts`), `${code}\nexport {};\n`];
}

const examples = pages().flatMap((path) => pageExamples(path, read(path)));
const modules = new Map(examples.map(moduleOf));
const names = new Map(examples.map((example) => [moduleOf(example)[0], example.title]));

/** Each entry of a package's `exports`, and its source. */
function entriesOf(folder: string): [name: string, sources: string[]][] {
  const { name, exports } = JSON.parse(read(`${folder}/package.json`));
  return Object.entries<{ default?: string }>(exports).flatMap(([entry, target]) => {
    const source = target.default?.replace("./dist/bundle/", "src/").replace(/\.js$/, ".ts");
    return source ? [[`${name}${entry.slice(1)}`, [join(root, folder, source)]]] : [];
  });
}

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ["lib.es2023.d.ts"],
  types: [],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
  paths: Object.fromEntries(packages().flatMap(entriesOf)),
};

function problems(): string[] {
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => modules.has(path) || fileExists(path);
  host.getSourceFile = (path, language, ...more) => {
    const code = modules.get(path);
    return code === undefined ? getSourceFile(path, language, ...more) : ts.createSourceFile(path, code, language);
  };
  const program = ts.createProgram([...modules.keys()], options, host);
  return [...modules.keys()].flatMap((path) => {
    const file = program.getSourceFile(path);
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map(({ messageText }) => `${names.get(path)}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
  });
}

test("examples compile", { timeout: 60_000 }, () => {
  expect(modules.size).toBe(examples.length);
  expect(problems()).toEqual([]);
});

test("a file that an example adds does not exist", () => {
  expect([...modules.keys()].filter((path) => existsSync(path))).toEqual([]);
});
