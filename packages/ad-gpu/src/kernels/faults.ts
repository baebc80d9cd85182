// Counting whole numbers that are out of range.

import type { Stage } from "./kernel.ts";
import { add, reductionStages } from "./reduction.ts";

/** Stages that count the indices, operand number `operand` of `count` numbers, that are not from 0 to `size - 1`. */
export const outOfRange = (operand: number, count: number, size: number): Stage[] =>
  count === 0
    ? []
    : reductionStages({
        ...{ reads: [operand], count: 1, length: count, combine: add },
        row:
          (_body, _row, [indices]) =>
          (body, i) => {
            const index = body.variable(`${indices}[${i}]`);
            const bad = body.variable("0");
            body.if(`${index} < 0`, () => body.set(bad, "1"));
            body.if(`${index} >= ${size}`, () => body.set(bad, "1"));
            return bad;
          },
      });

/** How many branches a user's rule knows. */
const mostTabulated = 64;

/** Stages that count the kinks at which more branches tie than a user's rule knows; the stage before them counts ties. */
export const outOfTable = (kinks: number): Stage[] =>
  reductionStages({
    ...{ reads: [{ stage: -1 }], count: 1, length: kinks, combine: add },
    row:
      (_body, _row, [ties]) =>
      (body, i) => {
        const bad = body.variable("0");
        body.if(`${ties}[${i}] > ${mostTabulated}`, () => body.set(bad, "1"));
        return bad;
      },
  });
