/** Random programs of odd shapes and every dtype, run again and again beside others on one machine: the bits of the reference. */
import { reference } from "@nonsmooth/ad-core";
import { fc } from "@nonsmooth/ad-testing";
import { afterAll, beforeAll, describe, test } from "vitest";
import { plainVectors } from "../src/encoding/module.ts";
import { kernels } from "../src/kernels/index.ts";
import { WasmExecutable } from "../src/machine/executable.ts";
import { presentHost } from "../src/machine/hosts.ts";
import { Pool } from "../src/machine/pool.ts";
import { anyCase, type Case } from "./fuzz/programs.ts";
import { type Compiles, expectSame, Story } from "./fuzz/story.ts";

/** A machine whose threads share all work that can be shared, however little. */
function eagerMachine(threads: number): { machine: Compiles; pool: Pool | null } {
  const host = presentHost();
  const pool = host && threads > 1 ? new Pool(host, threads - 1) : null;
  const equipment = { kernels, threads, vectors: plainVectors, worthwhile: 0, pool, owner: {} };
  return { machine: { compile: (program, options = {}) => new WasmExecutable(program, equipment, options) }, pool };
}

/** Runs some programs in turn, so that several are alive at once. */
function compare(machine: Compiles, cases: readonly Case[]): void {
  const stories = cases.map((one) => [new Story(machine, one), new Story(reference(), one), one] as const);
  for (const [found, expected, { runs }] of stories) for (const story of [found, expected]) story.begin(runs[0] ?? []);
  for (let round = 0; round < 3; round++)
    for (const [found, expected, { runs }] of stories) {
      const args = runs[round] ?? [];
      expectSame(`run ${round}`, found.run(args), expected.run(args));
    }
  for (const [found, expected] of stories) for (const story of [found, expected]) story.end();
}

/** How many cases, of those that properties try: 100, or FC_RUNS. */
const share = (part: number): number => Math.ceil(part * (fc.readConfigureGlobal().numRuns ?? 100));

describe.each([1, 2, 3, 4])("%s threads", (threads) => {
  let [machine, pool] = [null as unknown as Compiles, null as Pool | null];
  beforeAll(async () => {
    ({ machine, pool } = eagerMachine(threads));
    while (pool && !pool.isReady) await new Promise((resolve) => setTimeout(resolve, 10));
  });
  afterAll(() => pool?.dispose());

  test.each([
    ["small programs", 6, 0.4],
    ["programs with many buffers", 250, 0.03],
  ])("%s", (_says, operations, part) => {
    const cases = fc.array(anyCase(operations), { minLength: 1, maxLength: 3 });
    const property = fc.property(cases, (list) => compare(machine, list));
    fc.assert(property, { numRuns: share(part), includeErrorInReport: true } as never);
  });
});
