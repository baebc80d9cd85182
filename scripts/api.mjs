/** Writes the pages of the public functions and types to the folder api: `npm run api`. Fetches typedoc by npx; needs a network. */
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const tools = ["-p", "typedoc@0.28.20", "-p", "typescript@6.0.3"];
const { status } = spawnSync("npx", ["--yes", ...tools, "typedoc", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  shell: process.platform === "win32",
});
process.exitCode = status ?? 1;
