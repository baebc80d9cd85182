/**
 * Checks the packages as their users get them: `npm run packages`.
 *
 * Packs each public package; asks publint and attw about the tarballs and knip about the repository; installs the tarballs
 * into an empty folder, imports them in Node, runs the command there, and bundles ad-core for a browser. Tools that only this
 * needs are fetched by npx at pinned versions, so that nobody else installs them. Needs a network.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const tools = {
  publint: "publint@0.3.25",
  attw: "@arethetypeswrong/cli@0.18.5",
  knip: "knip@6.44.2",
  rolldown: "rolldown@1.2.19",
};

/** Folders of the packages that are published, those that others need first. */
const folders = [
  "packages/ad-core",
  "packages/ad-testing",
  "packages/ad-wasm",
  "packages/ad-gpu",
  "packages/ad-generalized",
  "packages/nets",
  "bench",
];

/** A program of a user's, whose last line is known. */
const program = `import { grad, last, relu, sum, tensor } from "@nonsmooth/ad-core";
const gradient = grad((x) => sum(relu(x)), { select: { relu: last } });
console.log(Array.from(gradient(tensor([-1, 0, 2])).data).join());
`;
const expected = "0,1,1";

/** A user's own operation, tested as its own package would test it. */
const ownOperation = `import { elementary, uniform } from "@nonsmooth/ad-core";
import { checkElementary, kinkyTensor, smoothTensor } from "@nonsmooth/ad-testing";
const slanted = (m, a) => [m.mul(m.constant(-0.25), a), m.mul(m.constant(0.75), a)];
const tilt = elementary("user/tilt", {
  arity: 1,
  value: (m, a) => m.maximum(...slanted(m, a)),
  kink: { order: "max", default: uniform, branches: slanted, partials: [(_m, mix) => mix(-0.25, 0.75)] },
});
checkElementary(tilt, { kinky: kinkyTensor().map((x) => [x]), smooth: smoothTensor().map((x) => [x]) });
`;

class Failed extends Error {}

/** Runs a command; its output is shown only when it fails. */
function run(what, command, args, cwd = root) {
  const shell = process.platform === "win32";
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8", shell });
  if (status === 0) return stdout;
  throw new Failed(`${what} failed\n${error?.message ?? ""}${stdout}${stderr}`);
}

const npx = (what, tool, args, cwd) => run(what, "npx", ["--yes", "-p", tools[tool], tool, ...args], cwd);

function check(what, body) {
  body();
  process.stdout.write(`ok  ${what}\n`);
}

/** Packs a package; returns the path of the tarball. */
function pack(folder, into) {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const before = new Set(readdirSync(into));
  run(`packing ${folder}`, "npx", ["--yes", packageManager, "pack", "--pack-destination", into], join(root, folder));
  return join(
    into,
    readdirSync(into).find((name) => !before.has(name)),
  );
}

function expectOutput(what, output) {
  if (output.trim().split("\n").at(-1) !== expected) throw new Failed(`${what}: expected ${expected}, got ${output}`);
}

function main(work) {
  const tarballs = folders.map((folder) => pack(folder, work));
  for (const [i, tarball] of tarballs.entries()) {
    check(`publint ${folders[i]}`, () => npx("publint", "publint", ["run", "--strict", tarball]));
    check(`attw ${folders[i]}`, () => npx("attw", "attw", [tarball, "--profile", "esm-only"]));
  }
  check("knip", () => npx("knip", "knip", []));
  check("the tarballs install into an empty folder", () => {
    writeFileSync(join(work, "package.json"), JSON.stringify({ name: "user", private: true, type: "module" }));
    run("npm install", "npm", ["install", "--no-audit", "--no-fund", ...tarballs], work);
  });
  check("they import in Node", () => {
    const names = tarballs.map((_, i) => JSON.parse(readFileSync(join(root, folders[i], "package.json"), "utf8")));
    const entries = names
      .filter(({ exports }) => exports["."])
      .map(({ name }) => `await import(${JSON.stringify(name)});`);
    writeFileSync(join(work, "all.mjs"), `${entries.join("\n")}\n${program}`);
    expectOutput("all.mjs", run("node all.mjs", process.execPath, ["all.mjs"], work));
  });
  check("an operation of one's own passes its laws there", () => {
    writeFileSync(join(work, "own.mjs"), ownOperation);
    run("node own.mjs", process.execPath, ["own.mjs"], work);
  });
  check("the command runs there", () => run("nonsmooth", "npx", ["nonsmooth", "kinks", "--spellings"], work));
  check("ad-core goes into a bundle for browsers", () => {
    writeFileSync(join(work, "app.mjs"), program);
    npx("rolldown", "rolldown", ["app.mjs", "--platform", "browser", "--file", "bundle.mjs"], work);
    const bundle = readFileSync(join(work, "bundle.mjs"), "utf8");
    if (/from\s*["']node:|\brequire\(|\bprocess\.(env|versions|argv)\b/.test(bundle))
      throw new Failed("the bundle needs Node");
    expectOutput("bundle.mjs", run("the bundle", process.execPath, ["bundle.mjs"], work));
    const kilobytes = Math.round(Buffer.byteLength(bundle) / 1024);
    process.stdout.write(`    ${kilobytes} kB, not minified\n`);
  });
}

const work = mkdtempSync(join(tmpdir(), "nonsmooth-packages-"));
try {
  main(work);
} catch (error) {
  if (!(error instanceof Failed)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
