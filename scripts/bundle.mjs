/**
 * Puts the modules of each package into few files, `dist/bundle`: one for each entry, and what they share. Node takes five times
 * as long to load hundreds of files. Runs after the compiler, whose files it reads.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = "./dist/bundle/";

/** The entries of a package, by their paths in the bundle without `.js`. */
function entriesOf(folder) {
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const paths = Object.values(exports).flatMap((entry) => (entry.default?.startsWith(target) ? [entry.default] : []));
  return paths.map((path) => path.slice(target.length, -".js".length));
}

async function bundle(folder) {
  const entries = entriesOf(folder);
  if (entries.length === 0) return;
  const input = Object.fromEntries(entries.map((name) => [name, join(folder, "dist", `${name}.js`)]));
  // What is not a file of the package is a package of its own, or the host's.
  const made = await rolldown({ input, platform: "neutral", external: /^[^./]/ });
  rmSync(join(folder, "dist", "bundle"), { recursive: true, force: true });
  await made.write({
    dir: join(folder, "dist", "bundle"),
    entryFileNames: "[name].js",
    chunkFileNames: "shared-[hash].js",
  });
  await made.close();
}

/** Those that were compiled: a command needs not all of them. */
const packages = readdirSync(join(root, "packages"))
  .map((name) => join(root, "packages", name))
  .filter((folder) => ["package.json", "dist"].every((name) => existsSync(join(folder, name))));
await Promise.all(packages.map(bundle));
