/** Result files: whole or not at all. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { AdError } from "@nonsmooth/ad-core";

/** Writes a file under another name first and renames it, so that no reader ever sees a part of it. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const temporary = `${resolve(path)}.${process.pid}.part`;
  try {
    mkdirSync(dirname(resolve(path)), { recursive: true });
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary);
    const got = error instanceof Error ? error.message : String(error);
    const remedy = "choose another file";
    throw new AdError({
      code: "data",
      where: "file",
      problem: `${path} cannot be written`,
      expected: "a place to write",
      got,
      remedy,
    });
  }
}
