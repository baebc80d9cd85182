/** Buffers are shared by cells that never live at the same time, and by no others. */
import { fc } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { stage } from "../../kernels/kernel.ts";
import { type Cell, type Plan, Planner } from "../../lowering/plan.ts";
import { slotsOf } from "./buffers.ts";

/** Random plans: each dispatch reads cells that were written before it. */
const plans: fc.Arbitrary<Plan> = fc
  .array(fc.tuple(fc.nat(40), fc.array(fc.nat(1000), { maxLength: 3 }), fc.boolean()), { minLength: 1, maxLength: 30 })
  .map((dispatches) => {
    const planner = new Planner();
    const cells: Cell[] = [planner.cell(5), planner.constant([1, 2])];
    planner.kept.add(cells[0] as Cell);
    for (const [size, reads, isKept] of dispatches) {
      const operands = reads.map((at) => cells[at % cells.length] as Cell);
      const made = planner.add(
        [
          stage(
            operands.map((_, i) => i),
            size,
            () => "0",
          ),
        ],
        operands,
      );
      if (isKept) planner.kept.add(made);
      cells.push(made);
    }
    return planner;
  });

/** From which dispatch to which each cell is needed; kept ones always are. */
function livesOf({ sizes, dispatches, kept }: Plan): [from: number, to: number][] {
  return sizes.map((_, cell) => {
    const uses = dispatches.flatMap(({ reads, writes }, k) => (reads.includes(cell) || writes === cell ? [k] : []));
    const first = dispatches.findIndex(({ writes }) => writes === cell);
    const isAlways = kept.has(cell) || first < 0;
    return isAlways ? [-1, dispatches.length] : [first, Math.max(...uses)];
  });
}

test("cells that share a buffer are never needed at the same time", () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const { of, sizes } = slotsOf(plan);
      const lives = livesOf(plan);
      plan.sizes.forEach((size, a) => {
        expect(sizes[of[a] as number]).toBeGreaterThanOrEqual(size);
        for (let b = 0; b < a; b++) {
          if (of[a] !== of[b]) continue;
          const [[fromA, toA], [fromB, toB]] = [lives[a], lives[b]] as [[number, number], [number, number]];
          expect(toA < fromB || toB < fromA).toBe(true);
        }
      });
    }),
  );
});

test("a dispatch writes to no buffer that it reads, and a chain needs two", () => {
  const planner = new Planner();
  let cell = planner.cell(8);
  planner.kept.add(cell);
  for (let i = 0; i < 9; i++) cell = planner.add([stage([0], 8, (_body, at, [a]) => `${a}[${at}]`)], [cell]);
  planner.kept.add(cell);
  const { of, sizes } = slotsOf(planner);
  for (const { reads, writes } of planner.dispatches) for (const read of reads) expect(of[read]).not.toBe(of[writes]);
  expect(sizes).toEqual([8, 8, 8, 8]);
});
