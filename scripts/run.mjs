/**
 * Runs one task of this workspace: `node scripts/run.mjs <task> [arguments]`.
 *
 * Needs Node and npm only, so that a fresh clone can be tested: it first installs what the lockfile says, then runs the
 * steps of the task until one fails, and ends with that step's exit code. Arguments go to the last step.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const oldestNode = [20, 19];
const root = join(dirname(fileURLToPath(import.meta.url)), "..");

const build = ["typescript/bin/tsc", "-b"];
const bundle = ["scripts/bundle.mjs"];
const lint = ["@biomejs/biome/bin/biome", "ci", "--error-on-warnings", ...plainIfPiped(), "."];
const test = ["vitest/vitest.mjs", "run"];

/** The steps of each task: a file of a dependency or of this repository, and its arguments. */
const tasks = {
  start: [[...build, "bench"], bundle, ["bench/dist/cli/main.js"]],
  check: [build, bundle],
  lint: [lint],
  format: [["@biomejs/biome/bin/biome", "check", "--write", "."]],
  test: [build, bundle, lint, test],
  "test:unit": [test],
  laws: [[...test, "laws/"]],
  peers: [build, bundle, ["scripts/peers.mjs"]],
  packages: [build, bundle, ["scripts/packages.mjs"]],
  api: [build, ["scripts/api.mjs"]],
  size: [["scripts/size.mjs"]],
  "gpu:bundle": [[...build, "bench"], bundle, ["scripts/gpuBundle.mjs"]],
  page: [["bench/browser/main.mjs"]],
  "bench:scalar": [[...build, "bench"], bundle, ["bench/dist/benchmarks/scalar.js"]],
  "bench:gpu": [[...build, "bench"], bundle, ["bench/dist/benchmarks/gpuProducts.js"]],
  "bench:peers": [[...build, "bench"], bundle, ["bench/dist/benchmarks/steps.js"]],
  "bench:training": [[...build, "bench"], bundle, ["bench/dist/benchmarks/training.js"]],
  verify: [build, bundle, lint, test],
};

function main([name = "", ...extra]) {
  const steps = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (steps === undefined) return fail(`run: unknown task "${name}": expected one of ${Object.keys(tasks).join(", ")}`);
  if (isTooOld(process.versions.node))
    return fail(`run: needs Node ${oldestNode.join(".")} or newer, got ${process.versions.node}`);
  if (name === "laws") process.env.FC_RUNS ??= "1000";

  const installed = install();
  if (installed !== 0) return failedBeforeTests(name, installed);
  for (const [index, step] of steps.entries()) {
    const isLast = index === steps.length - 1;
    const code = run(process.execPath, [find(step[0]), ...step.slice(1), ...(isLast ? extra : [])]);
    if (code !== 0) return isLast ? code : failedBeforeTests(name, code);
  }
  return 0;
}

/** Colours only on a terminal: elsewhere they would be characters to read around. */
function plainIfPiped() {
  if (process.stdout.isTTY) return [];
  process.env.NO_COLOR ??= "1";
  return ["--colors=off"];
}

function isTooOld(version) {
  const [major, minor] = version.split(".").map(Number);
  return major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
}

/** Installs unless the last installation was of this very lockfile; what it prints is progress, so it goes to stderr. */
function install() {
  const stamp = join(root, "node_modules", ".installed");
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "pnpm-lock.yaml")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return 0;
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  process.stderr.write(`installing dependencies with ${packageManager}\n`);
  const code = run("npx", ["--yes", packageManager, "install", "--frozen-lockfile"], ["ignore", 2, 2]);
  if (code === 0) writeFileSync(stamp, wanted);
  else process.stderr.write("run: installing failed; is there a network?\n");
  return code;
}

/** Runs one command at the root. On Windows `npx` is a script that only a shell can start. */
function run(command, args, stdio = "inherit") {
  const shell = process.platform === "win32" && command === "npx";
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio, shell });
  if (error !== undefined) return fail(`run: cannot start ${command}: ${error.message}`);
  return status ?? 128 + constants.signals[signal];
}

function find(file) {
  const own = join(root, file);
  return file.startsWith("scripts/") || file.startsWith("bench/") ? own : join(root, "node_modules", file);
}

/** A run of the tests always ends with a closing line, also when it did not come to the tests. */
function failedBeforeTests(name, code) {
  if (tasks[name].at(-1) === test) process.stdout.write("\n0 passed, 1 failed\n");
  return code;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  return 1;
}

process.exitCode = main(process.argv.slice(2));
