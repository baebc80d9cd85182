/** Makes the page: static files that need no server of a certain kind and nothing from elsewhere. */
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { sourcesOf } from "./sources.mjs";

const here = import.meta.dirname;

/** Writes the page into a folder; returns it. */
export async function buildPage(folder = join(here, "dist")) {
  mkdirSync(folder, { recursive: true });
  const alias = sourcesOf(["ad-core", "ad-gpu", "nets"]);
  const made = await rolldown({ input: join(here, "src/page.ts"), platform: "browser", resolve: { alias } });
  await made.write({ file: join(folder, "page.js"), format: "iife" });
  await made.close();
  for (const name of ["index.html", "page.css"]) copyFileSync(join(here, name), join(folder, name));
  return folder;
}
