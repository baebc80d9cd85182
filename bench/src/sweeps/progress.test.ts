import { expect, test } from "vitest";
import { jobFor } from "../studies/gradientDifference/jobFor.ts";
import { ProgressCount } from "./progress.ts";

test("the time that is left comes from the pace of this run, parts of jobs included", () => {
  let time = 0;
  const count = new ProgressCount(10, 4, () => time);
  const [a, b] = [jobFor({ seed: 1 }), jobFor({ seed: 2 })];
  count.begin(a);
  count.begin(b);
  expect(count.snapshot()).toMatchObject({ done: 4, failed: 0, total: 10, secondsLeft: null });
  time = 3000;
  count.end(a, "done");
  count.tell(b, 1, 2, "half");
  // One and a half jobs in 3 s, four and a half to go.
  expect(count.snapshot()).toMatchObject({ done: 5, secondsLeft: 9, running: [{ done: 1, total: 2, note: "half" }] });
  count.end(b, "failed");
  expect(count.snapshot()).toMatchObject({ done: 5, failed: 1, running: [] });
});
