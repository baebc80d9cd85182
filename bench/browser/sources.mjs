/** Where bundles take the packages of this workspace from: their sources, so that no build is needed and none can be old. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const packages = join(import.meta.dirname, "../../packages");

/** The entries of a package by the names under which they are imported. */
function entriesOf(folder) {
  const { name, exports } = JSON.parse(readFileSync(join(packages, folder, "package.json"), "utf8"));
  const entries = Object.entries(exports).filter(([, target]) => target.default !== undefined);
  return entries.map(([entry, target]) => {
    const source = target.default.replace("./dist/bundle/", "").replace(/\.js$/, ".ts");
    return [name + entry.slice(1), join(packages, folder, "src", source)];
  });
}

/** The sources of packages, for a bundler's table of aliases. Longer names first: a name also stands for what begins with it. */
export const sourcesOf = (folders) =>
  Object.fromEntries(folders.flatMap(entriesOf).toSorted(([a], [b]) => b.length - a.length));
