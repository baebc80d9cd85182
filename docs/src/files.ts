/** The files that the tests of the documentation read. Paths are counted from the root of the repository. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const root: string = join(import.meta.dirname, "../..");

export const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** Packages that have something to import. */
export function packages(): string[] {
  const folders = readdirSync(join(root, "packages")).map((name) => `packages/${name}`);
  return folders.filter((folder) => existsSync(join(root, folder, "src/index.ts")));
}

/** The sources of a package, without its tests. */
export function sources(folder: string): string[] {
  return list(`${folder}/src`).filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"));
}

/** Every page of Markdown: those at the root, one for each package, and the folder of documents. */
export function pages(): string[] {
  const fronts = readdirSync(root).filter((name) => name.endsWith(".md"));
  const fromPackages = [...packages(), "bench"].map((folder) => `${folder}/README.md`);
  return [
    ...fronts.sort(),
    ...fromPackages.filter((path) => existsSync(join(root, path))),
    ...list("docs").filter((path) => path.endsWith(".md") && !path.includes("node_modules")),
  ];
}

function list(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  const names = readdirSync(join(root, folder), { recursive: true }) as string[];
  return names.map((name) => `${folder}/${name.replaceAll("\\", "/")}`).sort();
}
