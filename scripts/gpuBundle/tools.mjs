// Commands that the bundle is made with.
import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";

/** What went wrong, in a sentence for the user. */
export class Failed extends Error {}

/** Runs a command and returns what it prints; its complaints are shown only when it fails. */
export function run(command, args, { cwd, out = "pipe" } = {}) {
  const options = { cwd, encoding: "utf8", stdio: ["ignore", out, "pipe"], maxBuffer: 2 ** 26 };
  const { status, stdout, stderr, error } = spawnSync(command, args, options);
  if (status === 0) return stdout ?? "";
  const remedy = error?.code === "ENOENT" ? `; install ${packages[command] ?? command}` : "";
  throw new Failed(`${command} ${args.join(" ")} failed: ${error?.message ?? stderr.trim()}${remedy}`);
}

/** Where Debian has commands. */
const packages = { strip: "binutils", xz: "xz-utils", npm: "npm", tar: "tar" };

/** Compresses a file into another. */
export function compress(file, into) {
  const out = openSync(into, "w");
  try {
    run("xz", ["-9", "--threads=0", "--stdout", file], { out });
  } finally {
    closeSync(out);
  }
}

/** A folder as a compressed archive that does not depend on when and by whom it was made. */
export function archive(folder, into) {
  const tarball = `${folder}.tar`;
  const same = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0"];
  run("tar", [...same, "-cf", tarball, "-C", folder, "."]);
  compress(tarball, into);
}
