/**
 * Makes the folder `.gpu`, which holds all that a machine with a GPU needs that has neither Node nor a network:
 * `npm run gpu:bundle`. There, `sh .gpu/run.sh` unpacks it, and checks and measures the GPU machine.
 *
 * Needs the npm registry, `strip`, `tar` and `xz`. Prints the size of each part, and fails when the sum is too large.
 */
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { dawn, node } from "./gpuBundle/binaries.mjs";
import { javaScript } from "./gpuBundle/javaScript.mjs";
import { libraries } from "./gpuBundle/libraries.mjs";
import { Failed } from "./gpuBundle/tools.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, ".gpu");
const mebibyte = 2 ** 20;
/** Such machines are sent little more at a time. */
const mostMebibytes = 60;

/** The script that runs there. */
function script({ target: folder }) {
  const file = join(folder, "run.sh");
  copyFileSync(join(root, "scripts", "gpuBundle", "run.sh"), file);
  chmodSync(file, 0o755);
  return { name: "run.sh", says: "unpacks the rest, and runs it", file };
}

/** The parts, in the order in which they are told of; each returns its file, or says why it is left out. */
const parts = [node, dawn, javaScript, libraries, script];

function row({ name, says, file }) {
  const size = file === null ? "left out" : (statSync(file).size / mebibyte).toFixed(2);
  return `${name.padEnd(18)}${size.padStart(9)}  ${says}`;
}

async function main(work) {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target);
  console.log(`${"part".padEnd(18)}${"MiB".padStart(9)}`);
  let total = 0;
  for (const part of parts) {
    const made = await part({ root, target, work });
    console.log(row(made));
    if (made.file !== null) total += statSync(made.file).size;
  }
  console.log(`${"sum".padEnd(18)}${(total / mebibyte).toFixed(2).padStart(9)}  in .gpu`);
  if (total > mostMebibytes * mebibyte) throw new Failed(`the sum is more than ${mostMebibytes} MiB`);
}

const work = mkdtempSync(join(tmpdir(), "nonsmooth-gpu-"));
try {
  await main(work);
} catch (error) {
  if (!(error instanceof Failed)) throw error;
  process.stderr.write(`gpu:bundle: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
