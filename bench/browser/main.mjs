/**
 * Makes the page and serves it on this computer: `node bench/browser/main.mjs [--port 8080] [--folder dist]`.
 *
 * Prints the address, and serves until it is ended. Any server of files can serve the folder instead.
 */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildPage } from "./build.mjs";

/** The files of the page, and what they are. */
const types = { "index.html": "text/html", "page.css": "text/css", "page.js": "text/javascript" };

/** Sends one of them. */
async function answer(folder, { url = "/" }, response) {
  const name = url === "/" ? "index.html" : url.slice(1);
  if (!Object.hasOwn(types, name)) return response.writeHead(404).end();
  const text = await readFile(join(folder, name));
  response.writeHead(200, { "Content-Type": `${types[name]}; charset=utf-8`, "Cache-Control": "no-store" }).end(text);
}

const { values } = parseArgs({ options: { port: { type: "string", default: "8080" }, folder: { type: "string" } } });
const folder = await buildPage(values.folder);
const server = createServer((request, response) => answer(folder, request, response));
server.on("error", ({ message }) => {
  console.error(`page: cannot serve: expected a free port, got ${message}; name another with --port`);
  process.exitCode = 1;
});
server.listen(Number(values.port), "127.0.0.1", () => {
  console.log(`The page is at http://127.0.0.1:${server.address().port}/ (files: ${folder})`);
});
