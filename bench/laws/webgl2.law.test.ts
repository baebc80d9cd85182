/** The machine on WebGL 2, which only browsers have: random programs and their derivatives beside the reference, in a page. */
import { join } from "node:path";
import { rolldown } from "rolldown";
import { describe, expect, test } from "vitest";
import { sourcesOf } from "../browser/sources.mjs";
import { chromiumOrSkip, launch } from "./browser/chromium.ts";
import type { Conformance } from "./browser/conformance.ts";

const chromium = chromiumOrSkip();
const [runs, seed] = [3, Number(process.env.FC_SEED ?? 20261122)];

/** The script of the page in one file, from the sources. */
async function script(): Promise<string> {
  const input = join(import.meta.dirname, "browser/conformance.ts");
  const alias = sourcesOf(["ad-core", "ad-gpu", "ad-testing"]);
  const build = await rolldown({ input, platform: "browser", resolve: { alias } });
  const { output } = await build.generate({ format: "iife" });
  await build.close();
  return output[0].code;
}

describe.skipIf(chromium === null)("WebGL 2", () => {
  test("agrees with the reference as far as the device was measured to, and a lost context is an error", async () => {
    const browser = await launch(chromium as string);
    try {
      const page = await browser.newPage();
      await page.addScriptTag({ content: await script() });
      const found = (await page.evaluate(`conformance("webgl2", ${runs}, ${seed})`)) as Conformance;
      expect(found).toMatchObject({ kernelClass: "WebGL2Kernel", difference: "" });
      expect(found.quotients[0]).toBe(found.quotients[1]);
      expect(found.lost).toMatch(/^gpu: the device was lost/);
    } finally {
      await browser.close();
    }
  });
});
