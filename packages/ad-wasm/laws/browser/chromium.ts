// A page in Chromium: what it sends back to the server that it came from.
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Where Chromium is: what NONSMOOTH_CHROMIUM says, or the first of its usual names on the path; null where there is none. */
export function findChromium(): string | null {
  const told = process.env.NONSMOOTH_CHROMIUM;
  if (told !== undefined && told !== "") return told;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(canRun) ?? null;
}

/** Headers under which a page has shared memory. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** A server of one page that runs a script; `told` gets what the page sends. */
function serve(script: string, headers: Readonly<Record<string, string>>, told: (text: string) => void): Server {
  const answer = (response: ServerResponse, type: string, body: string): void => {
    response.writeHead(200, { ...headers, "Content-Type": type }).end(body);
  };
  return createServer((request, response) => {
    if (request.url === "/") return answer(response, "text/html", '<!doctype html><script src="/script.js"></script>');
    if (request.url === "/script.js") return answer(response, "text/javascript", script);
    if (request.url !== "/told") return response.writeHead(404).end();
    let text = "";
    request.on("data", (part) => {
      text += part;
    });
    request.on("end", () => {
      answer(response, "text/plain", "");
      told(text);
    });
  });
}

function launch(chromium: string, profile: string, { port }: AddressInfo): ChildProcess {
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", `--user-data-dir=${profile}`];
  return spawn(chromium, [...flags, `http://127.0.0.1:${port}/`], { stdio: "ignore", detached: true });
}

/** Settings of {@link openPage}. */
export interface PageOptions {
  /** Whether the page is isolated from other origins. */
  readonly isIsolated: boolean;
  /** How long to wait for what the page says. */
  readonly seconds: number;
}

/** Opens a page that runs a script, in a browser of its own; what the page posts to `/told`, read as JSON. */
export async function openPage(chromium: string, script: string, options: PageOptions): Promise<unknown> {
  const { isIsolated, seconds } = options;
  let told = (_text: string): void => {};
  const server = serve(script, isIsolated ? isolation : {}, (text) => told(text));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const profile = mkdtempSync(join(tmpdir(), "nonsmooth-chromium-"));
  const browser = launch(chromium, profile, server.address() as AddressInfo);
  let limit: NodeJS.Timeout | undefined;
  const text = new Promise<string>((resolve, reject) => {
    told = resolve;
    browser.once("error", reject);
    browser.once("exit", (code) => reject(new Error(`Chromium ended with ${code}`)));
    limit = setTimeout(() => reject(new Error(`the page said nothing in ${seconds} seconds`)), seconds * 1000);
  });
  try {
    return JSON.parse(await text);
  } finally {
    clearTimeout(limit);
    endAll(browser.pid);
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** Ends a browser and the processes that it has started: its group. */
function endAll(group: number | undefined): void {
  if (group === undefined) return;
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // It has ended.
  }
}
