/** In a real browser results have the bits of the reference there, and those of Node; with threads where the page may have them. */
import { join } from "node:path";
import { rolldown } from "rolldown";
import { beforeAll, describe, expect, test } from "vitest";
import { findChromium, openPage } from "./browser/chromium.ts";
import { type Story, tell } from "./browser/story.ts";

const chromium = findChromium();
const skipped = chromium === null ? " (skipped: no Chromium in NONSMOOTH_CHROMIUM or on the path)" : "";
// The reporter does not name tests that are skipped.
if (skipped) process.stdout.write(`Chromium${skipped}\n`);

const packages = join(import.meta.dirname, "../..");

/** The script of the page in one file, from the sources. */
async function bundle(): Promise<string> {
  const core = join(packages, "ad-core/src");
  const build = await rolldown({
    input: join(import.meta.dirname, "browser/page.ts"),
    platform: "browser",
    resolve: {
      alias: { "@nonsmooth/ad-core/machines": join(core, "machines.ts"), "@nonsmooth/ad-core": join(core, "index.ts") },
    },
  });
  const { output } = await build.generate({ format: "iife" });
  await build.close();
  return output[0].code;
}

describe.skipIf(chromium === null)(`Chromium${skipped}`, () => {
  let [script, inNode] = ["", {} as Story];
  beforeAll(async () => {
    [script, inNode] = [await bundle(), await tell()];
  });

  test.each([
    ["an isolated page has threads", true, 2],
    ["another page has one thread", false, 1],
  ])("%s, and the same bits", async (_says, isIsolated, threads) => {
    const story = await openPage(chromium as string, script, { isIsolated, seconds: 60 });
    expect(story).toEqual({ threads, took: threads, found: inNode.expected, expected: inNode.expected });
  });

  test("a page that says nothing is given up", async () => {
    const silent = openPage(chromium as string, "", { isIsolated: false, seconds: 1 });
    await expect(silent).rejects.toThrow("the page said nothing in 1 seconds");
  });

  test("and Node has the same", () => {
    expect(inNode.found).toEqual(inNode.expected);
    expect(inNode.took).toBe(2);
  });
});
