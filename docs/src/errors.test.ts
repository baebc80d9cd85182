/** The page of errors has one section for each code. */
import { expect, test } from "vitest";
import { packages, read, sources } from "./files.ts";

const page = read("docs/errors.md");
const sections = [...page.matchAll(/^## `(\w+)`\n([\s\S]*?)(?=^## |(?![\s\S]))/gm)].map(([, code = "", text = ""]) => ({
  code,
  text,
}));

test("every code has a section, in the order of the type", () => {
  const union = /type AdErrorCode =([^;]*);/.exec(read("packages/ad-core/src/errors/adError.ts"))?.[1] ?? "";
  const codes = [...union.matchAll(/"(\w+)"/g)].map((match) => match[1]);
  expect(sections.map(({ code }) => code)).toEqual(codes);
});

test("a code that is thrown has a failing example; one that is not says so", () => {
  const text = packages()
    .flatMap(sources)
    .map(read)
    .join("\n")
    .replaceAll(/^\s*(\*|\/\/).*$/gm, "");
  const thrown = (code: string): boolean => text.includes(`code: "${code}"`);
  for (const section of sections) {
    const shown = section.text.includes(`// AdError "${section.code}"`);
    expect({ code: section.code, shown, announced: section.text.includes("Nothing throws it yet") }).toEqual({
      code: section.code,
      shown: thrown(section.code),
      announced: !thrown(section.code),
    });
  }
});
