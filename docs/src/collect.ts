/** Finds examples: `@example` blocks of exported declarations in sources, and ```ts blocks in pages of Markdown. */

/** Code to run, and where it was found. */
export interface Example {
  title: string;
  code: string;
}

/** The docstring of one exported declaration. */
export interface Docstring {
  name: string;
  text: string;
}

const docstring =
  /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export (?:declare )?(?:async )?(?:function\*?|const|class|type|interface) (\w+)/g;

/** Docstrings that stand directly above an exported declaration, without their stars. */
export function docstringsOf(source: string): Docstring[] {
  return [...source.matchAll(docstring)].map(([, text = "", name = ""]) => ({
    name,
    text: text.replace(/^[ \t]*\*? ?/gm, "").trim(),
  }));
}

/** The `@example` blocks of a docstring: each reaches to the next tag or to the end. */
export function exampleBlocks(text: string): string[] {
  const blocks = text.split(/^@(?=\w)/m).filter((block) => /^example\b/.test(block));
  return blocks.map((block) =>
    block
      .replace(/^example/, "")
      .replace(/^```.*$/gm, "")
      .trim(),
  );
}

/** The examples of one source file, titled by file and name. */
export function sourceExamples(path: string, source: string): Example[] {
  return docstringsOf(source).flatMap(({ name, text }) =>
    exampleBlocks(text).map((code) => ({ title: `${path} ${name}`, code })),
  );
}

/** The ```ts blocks of one page, titled by file and line. */
export function pageExamples(path: string, page: string): Example[] {
  return [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => ({
    title: `${path}:${page.slice(0, match.index).split("\n").length}`,
    code: match[1] ?? "",
  }));
}
