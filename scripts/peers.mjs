/** Compares derivatives at kinks with other systems: `npm run peers`. Installs those that npm has, for this alone. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "bench", "peers");

if (!existsSync(join(folder, "node_modules"))) {
  process.stderr.write("installing the peers that npm has\n");
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  spawnSync("npm", args, { cwd: folder, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
}
const { status } = spawnSync(process.execPath, [join(folder, "conventions", "main.mjs"), ...process.argv.slice(2)], {
  stdio: "inherit",
});
process.exitCode = status ?? 1;
