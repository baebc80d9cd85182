// The generated files are what the statements print.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { generatedFiles } from "../../tools/scalars.ts";

const remedy = "regenerate it: UPDATE_GENERATED=1 npx vitest run packages/ad-core/src/scalars/generated.test.ts";

test.each(Object.entries(generatedFiles))("%s is what the statements print", (name, text) => {
  const path = join(import.meta.dirname, name);
  if (process.env.UPDATE_GENERATED) writeFileSync(path, text);
  expect(readFileSync(path, "utf8"), remedy).toBe(text);
});
