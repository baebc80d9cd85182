import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { jobFor } from "../studies/gradientDifference/jobFor.ts";
import { manifestOf } from "../sweeps/manifest.ts";
import { commanded } from "./commanded.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "nonsmooth-sweep-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const at = (name: string): string => join(root, name);

function manifestFile(changes: readonly Parameters<typeof jobFor>[0][]): string {
  writeFileSync(at("manifest.json"), JSON.stringify(manifestOf("gradient-difference", changes.map(jobFor))));
  return at("manifest.json");
}

const main = join(import.meta.dirname, "../../dist/cli/main.js");
const child = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [main, "sweep", ...args], { stdio: ["ignore", "ignore", "pipe"] });

/** The exit code, or the signal that ended it. */
const endOf = async (process: ChildProcess): Promise<unknown> =>
  (await once(process, "exit")).find((value) => value !== null);

const resultsIn = (name: string): string[] => {
  const folder = at(`${name}/results`);
  return existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];
};

const bytesOf = (name: string): string[] =>
  ["results.jsonl", ...resultsIn(name).map((file) => `results/${file}`)].map((file) =>
    readFileSync(at(`${name}/${file}`), "utf8"),
  );

test("run, status and collect", async () => {
  const file = manifestFile([{ seed: 1 }, { seed: 2 }]);
  const { code, written, warned } = await commanded("sweep", "run", at("a"), "--manifest", file, "--threads", "1");
  expect([code, written]).toEqual([0, "gradient-difference: finished, 2 of 2 results are there, 0 failed\n"]);
  expect(warned).toContain("\rsweep: 2 of 2 done, 0 s left");
  const { written: status } = await commanded("sweep", "status", at("a"), "--json");
  expect(JSON.parse(status)).toMatchObject({
    schema: "nonsmooth.sweepStatus/1",
    jobs: 2,
    done: 2,
    missing: 0,
    failed: [],
  });
  const { written: lines } = await commanded("sweep", "collect", at("a"));
  expect(lines).toBe(readFileSync(at("a/results.jsonl"), "utf8"));
  expect((await commanded("sweep", "run", at("a"), "--json")).written).toBe(
    '{"schema":"nonsmooth.sweepEnd/1","status":"finished","jobs":2,"done":2,"failed":0}\n',
  );
});

test("a failed job is told, with exit code 1", async () => {
  const file = manifestFile([{ seed: 1 }, { dtype: "f8" }]);
  expect(await commanded("sweep", "run", at("a"), "--manifest", file, "--threads", "1")).toMatchObject({
    code: 1,
    warned: expect.stringContaining("jobs failed"),
  });
  const { written } = await commanded("sweep", "status", at("a"));
  expect(written).toMatch(/^gradient-difference: 1 of 2 results are there, 1 missing, of which 1 failed\n/);
  expect(written).toContain("bad parameter dtype");
  expect((await commanded("sweep", "collect", at("a"))).warned).toBe("sweep: 1 of 2 results are missing\n");
});

test.each([
  ["no sweep is here", ["run", "DIR"]],
  ["no manifest can be read", ["run", "DIR", "--manifest", "DIR/none.json"]],
  ["Expected a whole number of at least 1", ["run", "DIR", "--threads", "0"]],
  ["unknown option", ["status", "DIR", "--threads", "1"]],
  ["missing required argument 'dir'", ["collect"]],
])("a usage error is told: %s", async (message, args) => {
  const { code, written, warned } = await commanded("sweep", ...args.map((arg) => arg.replace("DIR", root)));
  expect([code, written]).toEqual([2, ""]);
  expect(warned).toContain(message);
});

test("Ctrl-C stops the run between two jobs, and running again goes on", async () => {
  const file = manifestFile([{ seed: 1 }, { seed: 2 }]);
  const isReached = (): boolean => resultsIn("a").length > 0;
  const poll = setInterval(() => isReached() && process.emit("SIGINT", "SIGINT"), 0);
  const { code, warned } = await commanded("sweep", "run", at("a"), "--manifest", file, "--threads", "1");
  clearInterval(poll);
  expect([code, warned]).toEqual([130, expect.stringContaining("stopped; go on with nonsmooth sweep run")]);
  expect((await commanded("sweep", "run", at("a"), "--threads", "1")).code).toBe(0);
});

/** Long enough to be met while they run. */
const slow = [1, 2, 3, 4, 5, 6].map((seed) => ({ seed, batches: 40, width: 16, batch: 8 }));

test.each([
  ["kill -9", "SIGKILL", "SIGKILL"],
  ["Ctrl-C", "SIGINT", 130],
] as const)("a process that is ended by %s loses at most the jobs that ran", async (_name, signal, end) => {
  const file = manifestFile(slow);
  const begun = child("run", at("a"), "--manifest", file, "--threads", "2");
  const ended = endOf(begun);
  while (resultsIn("a").length < 2 && begun.exitCode === null) await setTimeout(2);
  begun.kill(signal);
  expect(await ended).toBe(end);
  const kept = resultsIn("a").length;
  expect(kept).toBeGreaterThanOrEqual(2);
  expect(kept).toBeLessThan(slow.length);
  expect(await endOf(child("run", at("a"), "--threads", "2"))).toBe(0);
  await commanded("sweep", "run", at("whole"), "--manifest", file, "--threads", "1");
  expect(bytesOf("a")).toHaveLength(slow.length + 1);
  expect(bytesOf("a")).toEqual(bytesOf("whole"));
});

test.each(["1", "2"])(
  "a long job tells how far it is, and Ctrl-C ends it at once, with %s threads",
  async (threads) => {
    const file = manifestFile([1, 2].map((seed) => ({ seed, batches: 1_000_000 })));
    const begun = child("run", at("a"), "--manifest", file, "--threads", threads);
    const ended = endOf(begun);
    let told = "";
    begun.stderr?.on("data", (text) => {
      told += text;
    });
    const line = /sweep: 0 of 2 done, .* left \[gradient-difference \d+ of 1000000, mini-batch \d+/;
    while (!line.test(told) && begun.exitCode === null) await setTimeout(2);
    expect(told).toMatch(line);
    // Either job would take hours.
    begun.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(resultsIn("a")).toEqual([]);
  },
);
