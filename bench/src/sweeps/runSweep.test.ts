import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { jobFor } from "../studies/gradientDifference/jobFor.ts";
import { kinds } from "../studies/jobs.ts";
import { idOf, type Job, type JobKind } from "./job.ts";
import { kindsOf } from "./kinds.ts";
import { manifestOf } from "./manifest.ts";
import { runSweep } from "./runSweep.ts";
import { collect, statusOf } from "./status.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "nonsmooth-sweep-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const jobs = [1, 2, 3, 4, 5].map((seed) => jobFor({ seed }));
const bad = jobFor({ dtype: "f8" });
const sweep = (jobs: readonly Job[]) => manifestOf("gradient-difference", jobs);
const at = (name: string): string => join(root, name);

/** The bytes of all results. */
const resultsOf = (name: string): Record<string, string> =>
  Object.fromEntries(
    ["results.jsonl", ...readdirSync(at(`${name}/results`)).map((file) => `results/${file}`)].map((file) => [
      file,
      readFileSync(at(`${name}/${file}`), "utf8"),
    ]),
  );

test("results are the same bytes on one thread, on two, and after a stop", async () => {
  const manifest = sweep(jobs);
  expect(await runSweep({ kinds, manifest, folder: at("one"), threads: 1 })).toMatchObject({
    status: "finished",
    done: 5,
  });
  expect(await runSweep({ kinds, manifest, folder: at("two"), threads: 2 })).toMatchObject({
    status: "finished",
    done: 5,
  });
  const stopping = new AbortController();
  const onProgress = ({ done }: { done: number }): void => {
    if (done === 2) stopping.abort();
  };
  const begun = { kinds, manifest, folder: at("again"), threads: 1 };
  expect(await runSweep({ ...begun, onProgress, signal: stopping.signal })).toMatchObject({
    status: "stopped",
    done: 2,
  });
  expect(collect(at("again"))).toHaveLength(2);
  expect(await runSweep(begun)).toMatchObject({ status: "finished", done: 5 });
  expect(Object.keys(resultsOf("one"))).toHaveLength(6);
  expect(resultsOf("two")).toEqual(resultsOf("one"));
  expect(resultsOf("again")).toEqual(resultsOf("one"));
});

test("jobs on one device run one at a time, beside nothing else", async () => {
  let running = 0;
  const onDevice: JobKind = {
    name: "onDevice",
    sharesDevice: ({ seed }) => seed === 3,
    run: async () => {
      const beside = running++;
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      return { beside };
    },
  };
  const manifest = sweep([1, 2, 3].map((seed) => ({ kind: "onDevice", parameters: { seed } })));
  // There is no such file: a thread would fail.
  await runSweep({ kinds: kindsOf([onDevice], "file:///none.js"), manifest, folder: at("a") });
  expect(collect(at("a")).map(({ result }) => result)).toEqual(new Array(3).fill({ beside: 0 }));
});

test("training shares a device on the machine gpu alone", () => {
  const shares = (machine: string): unknown => kinds.of("training").sharesDevice?.({ machine });
  expect(["gpu:webgpu", "gpu:cpu", "wasm", "reference"].map(shares)).toEqual([true, true, false, false]);
});

test("a stop reaches the threads, and what they were at is made again", async () => {
  const manifest = sweep([1, 2].map((seed) => jobFor({ seed, batches: 100_000 })));
  const stopping = new AbortController();
  const onProgress = ({ running }: { running: readonly { done: number }[] }): void => {
    if (running.some(({ done }) => done > 0)) stopping.abort();
  };
  const end = await runSweep({ kinds, manifest, folder: at("a"), threads: 2, onProgress, signal: stopping.signal });
  expect(end).toEqual({ status: "stopped", jobs: 2, done: 0, failed: 0 });
  expect(statusOf(at("a"))).toMatchObject({ done: 0, missing: 2, failed: [] });
});

test.each([1, 2])("a job that fails does not stop the others, and is tried again, on %i threads", async (threads) => {
  const options = { kinds, manifest: sweep([bad, ...jobs.slice(0, 2)]), folder: at("a"), threads };
  for (const _again of [1, 2]) {
    expect(await runSweep(options)).toEqual({ status: "finished", jobs: 3, done: 2, failed: 1 });
    const [failed] = statusOf(at("a")).failed;
    expect(failed).toMatchObject({ id: idOf(bad), code: "domain", details: { got: '"f8"' } });
    expect(failed?.message).toContain("bad parameter dtype: expected one of f64, f32, f16, bf16");
  }
});

test("running again makes only what is missing", async () => {
  const options = { kinds, manifest: sweep(jobs), folder: at("a"), threads: 1 };
  await runSweep(options);
  const [first] = readdirSync(at("a/results")).sort();
  rmSync(at(`a/results/${first}`));
  const begun = new Set<string>();
  await runSweep({
    ...options,
    onProgress: ({ running }) => running.forEach(({ id }) => void begun.add(`${id}.json`)),
  });
  expect([...begun]).toEqual([first]);
});

test("results are collected in the manifest's order, with what made them", async () => {
  await runSweep({ kinds, manifest: sweep(jobs), folder: at("a"), threads: 1 });
  const found = collect(at("a"));
  expect(found.map(({ id }) => id)).toEqual(jobs.map(idOf));
  expect(found.map(({ kind, parameters }) => ({ kind, parameters }))).toEqual(jobs);
  expect(Object.keys(found[0] ?? {})).toEqual(["id", "kind", "parameters", "result"]);
  expect(readFileSync(at("a/results.jsonl"), "utf8")).not.toMatch(/seconds|host/);
  expect(statusOf(at("a")).seconds).toBeGreaterThan(0);
});

test("a folder has one sweep, and a kind must exist", async () => {
  await runSweep({ kinds, manifest: sweep(jobs), folder: at("a"), threads: 1 });
  await expect(runSweep({ kinds, manifest: sweep([bad]), folder: at("a") })).rejects.toThrow("choose another folder");
  const unknown = sweep([{ kind: "no-such", parameters: {} }]);
  await expect(runSweep({ kinds, manifest: unknown, folder: at("b") })).rejects.toThrow("no job has this kind");
  expect(() => statusOf(at("b"))).toThrow("no sweep is here");
});
