/**
 * Law: the real functions err by at most 0.52 units in the last place, over the whole domain.
 *
 * The samples are stratified and seeded; each function's greatest error is printed.
 */
import { describe, expect, test } from "vitest";
import type { Worst } from "./worstErrors.ts";
import { worstAtHardestAngles, worstError, worstPowError } from "./worstErrors.ts";

const seed = 20260101;
const bound = 0.52;

function report(name: string, worst: Worst): void {
  const place = worst.at.join(", ");
  process.stdout.write(`${name}: ${worst.ulps.toFixed(4)} ulp at ${place} (${worst.points} points)\n`);
}

describe("last place", () => {
  test.each(["exp", "expm1", "log", "log1p", "sin", "cos", "tanh", "erf"])(
    "%s errs by at most 0.52 units in the last place",
    (name) => {
      const worst = worstError(name, 10000, seed);
      report(name, worst);
      expect(worst.points).toBeGreaterThan(40000);
      expect(worst.ulps).toBeLessThanOrEqual(bound);
    },
  );

  test("pow errs by at most 0.52 units in the last place", () => {
    const worst = worstPowError(10000, seed);
    report("pow", worst);
    expect(worst.points).toBeGreaterThan(70000);
    expect(worst.ulps).toBeLessThanOrEqual(bound);
  });

  test.each(["sin", "cos"] as const)("%s errs by at most 0.52 at the angles nearest to quarter turns", (name) => {
    const worst = worstAtHardestAngles(name, 1);
    report(`${name} at the hardest angles`, worst);
    expect(worst.points).toBeGreaterThan(30000);
    expect(worst.ulps).toBeLessThanOrEqual(bound);
  });
});
