// Libraries through which drivers are found: machines for computing often lack them.
import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { archive, Failed, run } from "./tools.mjs";

/** The loaders of Vulkan and EGL, and what NVIDIA's driver for both is linked with. */
const names = [
  ...["libvulkan1", "libegl1", "libglvnd0"],
  ...["libx11-6", "libxext6", "libxcb1", "libxau6", "libxdmcp6", "libbsd0", "libmd0"],
];

/** From Debian's packages, where `apt-get` can fetch them. */
export function libraries({ target, work }) {
  const name = "libraries.tar.xz";
  const folder = join(work, "libraries");
  for (const path of [folder, join(work, "debs")]) mkdirSync(path);
  try {
    run("apt-get", ["-q", "download", ...names.map((one) => `${one}:amd64`)], { cwd: join(work, "debs") });
    unpack(join(work, "debs"), join(work, "root"), folder);
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    const why = error.message.split("\n").at(-1);
    return { name, says: `loaders of Vulkan and EGL: ${why}`, file: null };
  }
  const file = join(target, name);
  archive(folder, file);
  return { name, says: "loaders of Vulkan and EGL, for machines without", file };
}

/** Takes the shared objects out of packages; each under the name by which programs ask for it. */
function unpack(debs, into, folder) {
  for (const name of readdirSync(debs)) run("dpkg-deb", ["-x", join(debs, name), into]);
  const places = ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"]
    .map((path) => join(into, path))
    .filter(existsSync);
  for (const place of places)
    for (const name of readdirSync(place).filter((one) => /\.so\.\d+$/.test(one)))
      copyFileSync(join(place, name), join(folder, name));
}
