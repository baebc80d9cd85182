/** Every example in a docstring, on the front pages and in the guide is run, and prints what it says. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { docstringsOf, type Example, exampleBlocks, pageExamples, sourceExamples } from "./collect.ts";
import { packages, pages, read, root, sources } from "./files.ts";
import { runExample } from "./run.ts";

type Names = Record<string, unknown>;

const load = (module: string): Promise<Names> => import(/* @vite-ignore */ module);
const loadFile = (path: string): Promise<Names> => load(join(root, path));
const loadCore = (): Promise<Names> => loadFile("packages/ad-core/src/index.ts");

async function expectTrue({ code }: Example, scope: Names): Promise<void> {
  const outcomes = await runExample(code, scope, load);
  expect(outcomes.map(({ correct }) => correct)).toEqual(outcomes.map(({ written }) => written));
}

describe.each(packages())("%s", (folder) => {
  const examples = sources(folder).flatMap((path) =>
    sourceExamples(path, read(path)).map((example) => ({ ...example, path })),
  );

  for (const { path, ...example } of examples) {
    test(example.title, async () => {
      const scope = { ...(await loadCore()), ...(await loadFile(`${folder}/src/index.ts`)), ...(await loadFile(path)) };
      await expectTrue(example, scope);
    });
  }

  test("every function it exports has an example", async () => {
    const docs = sources(folder).flatMap((path) => docstringsOf(read(path)));
    const shown = new Set(docs.filter(({ text }) => exampleBlocks(text).length > 0).map(({ name }) => name));
    const exported = Object.entries(await loadFile(`${folder}/src/index.ts`)).filter(([, value]) => isFunction(value));
    expect(exported.map(([name]) => name).filter((name) => !shown.has(name))).toEqual([]);
  });
});

/** A block that begins with the name of a file shows that file: it is compiled, not run. */
const isFile = ({ code }: Example): boolean => /^\/\/ \S+\.ts\n/.test(code);

const onPages = pages()
  .flatMap((path) => pageExamples(path, read(path)))
  .filter((example) => !isFile(example));

test.each(onPages)("$title", async (example) => {
  await expectTrue(example, await loadCore());
});

/** Classes are things, not functions, and their docstrings say what they are. */
function isFunction(value: unknown): boolean {
  return typeof value === "function" && !/^class\b/.test(Function.prototype.toString.call(value));
}
