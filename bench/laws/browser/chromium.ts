// A real browser for tests, and the page served as `npm run page` does it.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { findChromium } from "../../../packages/ad-wasm/laws/browser/chromium.ts";

/** Without noise of its own. */
const flags = [
  ...["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync"],
];

/** With which a browser on a computer without a GPU has WebGPU: on the CPU. */
export const softwareWebGpu: readonly string[] = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

/** Where the browser is; null, with the reason printed, where tests may go without one. */
export function chromiumOrSkip(): string | null {
  const found = findChromium();
  if (found !== null) return found;
  const reason = "no Chromium in NONSMOOTH_CHROMIUM or on the path";
  if (process.env.REQUIRE_BROWSER === "1") throw new Error(`REQUIRE_BROWSER is 1, and there is ${reason}`);
  // The reporter does not name tests that are skipped.
  process.stdout.write(`the page (skipped: ${reason})\n`);
  return null;
}

export const launch = (executablePath: string, more: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath, args: [...flags, ...more] });

/** The served page. */
export interface Served {
  readonly address: string;
  readonly end: () => void;
}

/** Makes and serves the page in a process of its own, on any free port. */
export async function serve(): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), "nonsmooth-page-"));
  const main = join(import.meta.dirname, "../../browser/main.mjs");
  const server = spawn(process.execPath, [main, "--port", "0", "--folder", folder], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = (): void => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  return { address: await addressOf(server), end };
}

/** What the server prints first. */
const addressOf = (server: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = "";
    const listen = (part: Buffer): void => {
      said += part;
      const [address] = /http:\/\/127\.0\.0\.1:\d+\//.exec(said) ?? [];
      if (address) resolve(address);
    };
    server.stdout?.on("data", listen);
    server.stderr?.on("data", listen);
    server.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
  });

/** Fills the form of the page. */
export async function fill(page: Page, settings: Readonly<Record<string, string | number>>): Promise<void> {
  for (const [name, value] of Object.entries(settings)) {
    const field = page.locator(`[name=${name}]`);
    if (name === "mode" || name === "pool") await field.selectOption(String(value));
    else await field.fill(String(value));
  }
}

/** Waits until a run has ended; returns how. */
export async function ending(page: Page): Promise<string> {
  await page.locator("#start:enabled").waitFor();
  return shown(page, "state");
}

/** A text that the page shows. */
export const shown = async (page: Page, id: string): Promise<string> => (await page.textContent(`#${id}`)) ?? "";
