/** The page in a real browser: it trains on WebGL 2 and WebGPU, says what really ran, and falls back on nothing. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumOrSkip, ending, fill, launch, type Served, serve, shown, softwareWebGpu } from "./browser/chromium.ts";

const chromium = chromiumOrSkip();

/** Four images again and again: a loss that falls in each step. */
const small = { batch: 4, images: 4, tests: 10, epochs: 8, rate: 0.15, seed: 1 } as const;

/** How far below the top of the curve each loss is drawn: smaller losses lie further below. */
async function heights(page: Page): Promise<number[]> {
  const points = (await page.locator("polyline.loss").getAttribute("points")) ?? "";
  return points.split(" ").map((point) => Number(point.split(",")[1]));
}

describe.skipIf(chromium === null)("the page", () => {
  let served: Served;
  let plain: Browser;
  const opened: Browser[] = [];

  beforeAll(async () => {
    served = await serve();
    plain = await launch(chromium as string);
    opened.push(plain);
  });
  afterAll(async () => {
    for (const browser of opened) await browser.close();
    served?.end();
  });

  /** A new page, which must not ask anyone else. */
  async function open(browser: Browser): Promise<{ page: Page; asked: string[]; errors: string[] }> {
    const page = await browser.newPage();
    const [asked, errors]: [string[], string[]] = [[], []];
    page.on("request", (request) => asked.push(request.url()));
    page.on("pageerror", ({ message }) => errors.push(message));
    await page.goto(served.address);
    return { page, asked, errors };
  }

  async function trains(browser: Browser, mode: string, kernels: string): Promise<string> {
    const { page, asked, errors } = await open(browser);
    await fill(page, { ...small, mode, slope: 0.5, pool: "beta", beta: 10 });
    await page.click("#start");
    expect([await ending(page), await shown(page, "error")]).toEqual(["finished", ""]);
    expect([await shown(page, "mode"), await shown(page, "class")]).toEqual([mode, kernels]);
    expect(await shown(page, "adapter")).toMatch(
      mode === "cpu" ? /^none/ : /swiftshader.*, which computes on the CPU/i,
    );
    expect(await shown(page, "slope")).toBe("0.5");
    expect(await shown(page, "shares")).toBe("-6.5, 2.5, 2.5, 2.5");
    expect(await shown(page, "step")).toBe("8 of 8");
    expect(await shown(page, "accuracy")).toMatch(/^\d+\.0% after epoch 8/);
    expect(Number(await shown(page, "above"))).toBeGreaterThan(0);
    const drawn = await heights(page);
    expect(drawn).toHaveLength(8);
    expect(drawn).toEqual(drawn.toSorted((a, b) => a - b));
    expect(drawn.at(-1)).toBeGreaterThan((drawn[0] as number) + 50);
    expect(asked.filter((address) => !address.startsWith(served.address) && !address.startsWith("data:"))).toEqual([]);
    expect(errors).toEqual([]);
    const loss = await shown(page, "loss");
    await page.close();
    return loss;
  }

  test("trains on WebGL 2 and on WebGPU, with the loss of the CPU", async () => {
    const withWebGpu = await launch(chromium as string, softwareWebGpu);
    opened.push(withWebGpu);
    const expected = Number(await trains(plain, "cpu", "CPUKernel"));
    const webGl = Number(await trains(plain, "webgl2", "WebGL2Kernel"));
    const webGpu = Number(await trains(withWebGpu, "webgpu", "WebGPUKernel"));
    for (const loss of [webGl, webGpu]) expect(Math.abs(loss - expected)).toBeLessThan(0.005);
  });

  test("without WebGPU it says so, and runs nothing instead; another choice works then", async () => {
    const { page } = await open(plain);
    await fill(page, { ...small, mode: "webgpu" });
    await page.click("#start");
    expect(await ending(page)).toBe("failed");
    expect(await shown(page, "error")).toMatch(
      /^gpu: there is no such device here: expected an adapter of WebGPU.*; use a browser .* or ask for mode "webgl2"$/,
    );
    for (const id of ["mode", "class", "step", "loss"]) expect(await shown(page, id)).toBe("");
    await fill(page, { mode: "cpu", epochs: 1 });
    await page.click("#start");
    expect([await ending(page), await shown(page, "error")]).toEqual(["finished", ""]);
    expect(await shown(page, "class")).toBe("CPUKernel");
    await page.close();
  });

  test("what is chosen at kinks is what the machine does", async () => {
    const { page } = await open(plain);
    await fill(page, { ...small, mode: "cpu", epochs: 1 });
    for (const [settings, slope, shares] of [
      [{ slope: 0, pool: "first" }, "0", "1, 0, 0, 0"],
      [{ slope: 1, pool: "last" }, "1", "0, 0, 0, 1"],
      [{ slope: 0.25, pool: "uniform" }, "0.25", "0.25, 0.25, 0.25, 0.25"],
      [{ slope: -2, pool: "coded", beta: 2 }, "-2", "-0.5, 0.5, 0.5, 0.5"],
    ] as const) {
      await fill(page, settings);
      await page.click("#start");
      expect([await ending(page), await shown(page, "error")]).toEqual(["finished", ""]);
      expect([await shown(page, "slope"), await shown(page, "shares")]).toEqual([slope, shares]);
    }
    await page.close();
  });

  test("a run can be stopped, and a field that is not usable is said", async () => {
    const { page } = await open(plain);
    await fill(page, { ...small, mode: "cpu", epochs: 1000 });
    await page.click("#start");
    await page.locator("#step:has-text(' of 1000')").waitFor();
    await page.click("#stop");
    expect(await ending(page)).toBe("stopped");
    expect(Number.parseInt(await shown(page, "step"), 10)).toBeLessThan(1000);
    await fill(page, { rate: -1 });
    await page.click("#start");
    expect(await ending(page)).toBe("failed");
    expect(await shown(page, "error")).toBe(
      "page: rate is not usable: expected a number above 0, got -1; change the field and start again",
    );
    await page.close();
  });
});
