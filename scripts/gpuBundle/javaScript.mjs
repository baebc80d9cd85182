// The programs that run on the other machine, in few files, and the packages that they leave outside.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { rolldown } from "rolldown";
import { folderOf } from "./binaries.mjs";
import { archive } from "./tools.mjs";

/** By the names under which `run.sh` starts them. Where a program looks for other files, they lie as they do here. */
const programs = {
  gpuCheck: "bench/dist/benchmarks/gpuCheck.js",
  gpuLaws: "packages/ad-gpu/laws/onDevice.ts",
};

/** gpu.js reads its own sources, and the other has its binary beside it. */
const outside = ["gpu.js", "webgpu"];

/** What else is needed as it is. */
const copied = ["bench/peers/training/gpu.py", "bench/peers/training/models.py", "LICENSE"];

/** Packages, and what is taken of them. */
const packages = [
  { name: "gpu.js", takes: ["src", "LICENSE"], needs: ["acorn", "gpu-mock.js"] },
  { name: "webgpu", takes: ["index.js", "LICENSE.md"], needs: [] },
  { name: "acorn", takes: ["dist/acorn.js", "LICENSE"], needs: [] },
  { name: "gpu-mock.js", takes: ["index.js", "LICENSE"], needs: [] },
];

/** Puts our programs, with all packages of this repository and fast-check, into few files. */
async function roll(root, folder) {
  const input = Object.fromEntries(Object.entries(programs).map(([name, file]) => [name, join(root, file)]));
  const external = [/^node:/, ...outside];
  const made = await rolldown({ input, platform: "node", external, cwd: root });
  await made.write({
    dir: join(folder, "bench", "dist", "benchmarks"),
    entryFileNames: "[name].js",
    chunkFileNames: "shared-[hash].js",
  });
  await made.close();
}

/** Copies a file or a folder to the same place below another folder. */
function copy(from, to, path) {
  mkdirSync(dirname(join(to, path)), { recursive: true });
  cpSync(join(from, path), join(to, path), { recursive: true, dereference: true });
}

function copyPackages(root, folder) {
  const places = { ...Object.fromEntries(outside.map((name) => [name, folderOf(root, name)])) };
  for (const { name, takes, needs } of packages) {
    const from = places[name];
    for (const other of needs) places[other] = folderOf(root, other, from);
    for (const path of ["package.json", ...takes]) copy(from, join(folder, "node_modules", name), path);
  }
}

/** All JavaScript, and the Python of the comparison. */
export async function javaScript({ root, target, work }) {
  const folder = join(work, "js");
  await roll(root, folder);
  copyPackages(root, folder);
  for (const path of copied) copy(root, folder, path);
  const { license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ private: true, license, type: "module" })}\n`);
  const file = join(target, "js.tar.xz");
  archive(folder, file);
  return { name: "js.tar.xz", says: "the programs, gpu.js, and the scripts for PyTorch", file };
}
