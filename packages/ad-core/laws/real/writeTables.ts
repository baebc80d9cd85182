/**
 * Writes the generated table files; for use after a change of `tableFiles.ts`.
 *
 * Run as `node laws/real/writeTables.ts`, on Node 22.18 or later.
 */
import { writeFileSync } from "node:fs";
import { tableFiles } from "./tableFiles.ts";

const folder = new URL("../../src/arithmetic/real/", import.meta.url);
for (const [name, text] of Object.entries(tableFiles())) writeFileSync(new URL(name, folder), text);
