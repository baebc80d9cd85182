import { expect, test } from "vitest";
import { closingLine } from "./closingLine.ts";

test("skipped tests are named only when there are some", () => {
  expect(closingLine({ passed: 3, failed: 0, skipped: 0 }, 0)).toBe("3 passed, 0 failed");
  expect(closingLine({ passed: 3, failed: 1, skipped: 2 }, 1)).toBe("3 passed, 1 failed, 2 skipped");
});

test("a run that ends with an error has at least one failure", () => {
  expect(closingLine({ passed: 3, failed: 0, skipped: 0 }, 1)).toBe("3 passed, 1 failed");
});
