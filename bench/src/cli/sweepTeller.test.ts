import { expect, test } from "vitest";
import { progressText, sweepTeller } from "./sweepTeller.ts";

test("progress is one line", () => {
  const running = [1, 2, 3].map((seed) => ({
    id: `${seed}`,
    kind: "k",
    done: seed,
    total: 9,
    note: seed === 1 ? "n" : "",
  }));
  expect(progressText({ done: 3, failed: 1, total: 100, running, secondsLeft: 240 })).toBe(
    "sweep: 3 of 100 done, 1 failed, 4 min left [k 1 of 9, n; k 2 of 9; 1 more]",
  );
  expect(progressText({ done: 0, failed: 0, total: 2, running: [], secondsLeft: null })).toBe("sweep: 0 of 2 done");
});

test("the line is written twice a second, after each job, and covers the one before", () => {
  const [lines, time]: [string[], { now: number }] = [[], { now: 0 }];
  const tell = sweepTeller({ write: () => {}, warn: (text) => void lines.push(text), colours: false }, () => time.now);
  const running = [{ id: "1", kind: "k", done: 0, total: 1, note: "" }];
  const at = (now: number, done: number, runs: typeof running): void => {
    time.now = now;
    tell({ done, failed: 0, total: 2, running: runs, secondsLeft: null });
  };
  at(0, 0, running);
  at(100, 0, running);
  at(200, 1, []);
  expect(lines).toEqual(["\rsweep: 0 of 2 done [k 0 of 1]", `\r${"sweep: 1 of 2 done".padEnd(29)}`]);
});
