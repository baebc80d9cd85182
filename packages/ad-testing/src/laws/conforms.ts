// A machine beside the reference, on random programs.
import { compile, type DType, type Machine, reference, type Tensor } from "@nonsmooth/ad-core";
import fc from "fast-check";
import { expectSameBits } from "../tools/compare.ts";
import type { RunOptions } from "../tools/properties.ts";
import { isReal } from "../tools/tolerances.ts";
import { asked, askedCases, type Question, tensorsOf } from "./questions.ts";

/** Compares a result of a machine with that of the reference, and throws when it is too far. */
export type Agreement = (what: string, got: Tensor, expected: Tensor) => void;

/** Settings of {@link conforms}. */
export interface ConformsOptions extends RunOptions {
  /** Formats to try; all reals of the machine when absent. */
  readonly dtypes?: readonly DType[];
  /** How results must agree; bit for bit when absent. */
  readonly agree?: Agreement;
  /** Steps of a program; 6 when absent. */
  readonly steps?: number;
  /** Whose results are expected; the reference machine with its defaults when absent. */
  readonly against?: Machine;
}

/**
 * Checks that a machine gives the results of the reference, or of the machine `against`, for random programs, their
 * derivatives under random choices at kinks, and the reports of their kinks.
 *
 * @param machine - where programs run; its `run` may return a promise
 * @param options - `dtypes`, `agree`, `steps`, `against`, and `runs` and `seed` as all laws take them
 * @throws Error with the program as code, when a result differs
 * @example
 * await conforms(reference(), { runs: 2 })
 */
export async function conforms(machine: Machine, options: ConformsOptions = {}): Promise<void> {
  const { dtypes = machine.dtypes.filter(isReal), agree = expectSameBits, steps = 6, seed, runs } = options;
  const machines = [machine, options.against ?? reference()] as const;
  const property = fc.asyncProperty(askedCases(steps, dtypes), async (one) => {
    for (const question of asked(one)) await compareOn(machines, agree, question);
  });
  const parameters = { includeErrorInReport: true, ...(seed === undefined ? {} : { seed }) };
  await fc.assert(property, { ...parameters, ...(runs === undefined ? {} : { numRuns: runs }) });
}

/** Runs a program on both machines. */
async function compareOn(
  [machine, against]: readonly [Machine, Machine],
  agree: Agreement,
  { what, program, args }: Question,
): Promise<void> {
  const executable = compile(program, machine);
  const expected = tensorsOf(compile(program, against).run(args));
  try {
    const found = tensorsOf(await executable.run(args));
    if (found.length !== expected.length)
      throw new Error(`${what}: expected ${expected.length} tensors, got ${found.length}`);
    expected.forEach((tensor, i) => {
      agree(`${what}, result ${i}`, found[i] as Tensor, tensor);
    });
  } finally {
    executable.dispose();
  }
}
