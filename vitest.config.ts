/** Tests of the whole workspace: one project per package, each seeing the sources of the others and never their builds. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { ClosingLine } from "./scripts/vitest/closingLine.ts";

const root = import.meta.dirname;
const packages = readdirSync(join(root, "packages"))
  .map((name) => `packages/${name}`)
  .filter((folder) => existsSync(join(root, folder, "package.json")));

/** Each entry of a package's `exports`, pointed at its source: a second, built copy of the engine would know nothing of the first. */
function sourcesOf(folder: string): { find: RegExp; replacement: string }[] {
  const { name, exports } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  return Object.entries<{ default?: string }>(exports).flatMap(([entry, target]) => {
    if (target.default === undefined) return [];
    const source = target.default.replace("./dist/bundle/", "").replace(/\.js$/, ".ts");
    return [{ find: new RegExp(`^${name}${entry.slice(1)}$`), replacement: join(root, folder, "src", source) }];
  });
}

/**
 * Projects of which each test file has a process of its own, since tests there take all memory that a process can have. Files of
 * the others share a process and its modules: a third faster, and a module that kept state from one file would show in the next.
 */
const alone = ["packages/ad-wasm"];

export default defineConfig({
  resolve: { alias: packages.flatMap(sourcesOf) },
  test: {
    pool: "forks",
    maxWorkers: 2,
    // A property runs many cases, and `npm run laws` ten times as many.
    testTimeout: 120_000,
    reporters: ["default", new ClosingLine()],
    setupFiles: [join(root, "scripts/vitest/setup.ts")],
    projects: [...packages, "bench", "docs", "scripts"].map((folder) => ({
      extends: true,
      test: {
        name: folder.replace("packages/", ""),
        root: join(root, folder),
        isolate: alone.includes(folder),
        include: folder === "scripts" ? ["**/*.test.ts"] : ["src/**/*.test.ts", "laws/**/*.law.test.ts"],
      },
    })),
  },
});
