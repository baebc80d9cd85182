import { expect, test } from "vitest";
import { Findings } from "./findings.ts";
import { majorOf, newerNode } from "./nodePeers.ts";
import { type Absent, type Peer, PeerEnded, startPeer } from "./peerProcess.ts";
import type { Row } from "./row.ts";

const started = (script: string): Promise<Peer | Absent> =>
  startPeer({ name: "a peer", program: process.execPath, args: ["-e", script], threads: 1 });

/** Says what it is, then answers each line with the line, and ends at "end". */
const echo = `
  console.log(JSON.stringify({ version: "1", kernels: "none" }));
  const { createInterface } = require("node:readline");
  createInterface({ input: process.stdin }).on("line", (line) => {
    if (line === "end") { console.error("no more"); process.exit(3); }
    console.log(JSON.stringify(line));
  });`;

test("a peer says what it is, and answers each line", async () => {
  const peer = (await started(echo)) as Peer;
  expect(peer.about).toEqual({ name: "a peer", version: "1", kernels: "none", threads: 1 });
  expect(await peer.ask("text")).toBe("text");
  expect(JSON.parse(await peer.ask<string>({ ask: "times" }))).toEqual({ ask: "times" });
  peer.end();
});

test("one that does not start is absent, with what it said last", async () => {
  expect(await started("console.error('first\\nno such thing\\n'); process.exit(1)")).toEqual({
    name: "a peer",
    why: "it ended: no such thing",
  });
  const none = await startPeer({ name: "none", program: "/no/such/program", args: [], threads: 1 });
  expect(none).toEqual({ name: "none", why: expect.stringContaining("ENOENT") });
});

test("one that ends later is absent from there on, and what was measured stays", async () => {
  const said: string[] = [];
  const findings = new Findings((line) => said.push(line));
  const peer = findings.found(await started(echo)) as Peer;
  const row = { work: "a step" } as Row;
  await findings.add("first", 1, async () => [row]);
  await findings.add("second", 1, async () => [await peer.ask<Row>("end")]);
  expect(findings.rows).toEqual([row]);
  expect(findings.absent).toEqual([{ name: "a peer", why: "second, threads 1: it ended: no more" }]);
  expect(said).toEqual(["first, threads 1", "second, threads 1", "a peer: second, threads 1: it ended: no more"]);
  await expect(findings.add("third", 1, () => Promise.reject(new Error("ours")))).rejects.toThrow("ours");
});

test("a system that is not there is said once", () => {
  const findings = new Findings(() => undefined);
  const absent = { name: "PyTorch", why: "not found" };
  expect([findings.found(absent), findings.found({ ...absent })]).toEqual([null, null]);
  expect(findings.absent).toEqual([absent]);
  expect(new PeerEnded("PyTorch", "why").peer).toBe("PyTorch");
});

test("a Node that is new enough is this one", () => {
  expect(newerNode("24.0.0")).toBe(process.execPath);
  expect(newerNode("100.0.0")).toBe(process.execPath);
  expect(newerNode("22.9.1")).not.toBe(process.execPath);
  expect(majorOf("20.19.1")).toBe(20);
});
