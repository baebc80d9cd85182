// A machine beside the reference, on random programs.
import {
  cast,
  compile,
  type DType,
  grad,
  jvp,
  type Machine,
  type ProgramData,
  reference,
  type Select,
  sum,
  type Tensor,
  trace,
  watchKinks,
} from "@nonsmooth/ad-core";
import fc from "fast-check";
import { type RandomProgram, randomProgram } from "../arbitraries/programs.ts";
import { anySelect } from "../arbitraries/selections.ts";
import { expectSameBits } from "../tools/compare.ts";
import type { RunOptions } from "../tools/properties.ts";
import { isReal } from "../tools/tolerances.ts";

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

type TensorFunction = (...inputs: Tensor[]) => unknown;

const inFormat = (inputs: readonly Tensor[], dtype: DType): Tensor[] => inputs.map((x) => cast(x, dtype));

/** All tensors of a result, in order. */
function tensorsOf(tree: unknown): Tensor[] {
  if (typeof tree !== "object" || tree === null) return [];
  if ("dtype" in tree) return [tree as Tensor];
  const parts = Array.isArray(tree)
    ? tree
    : Object.keys(tree)
        .toSorted()
        .map((key) => (tree as Record<string, unknown>)[key]);
  return parts.flatMap(tensorsOf);
}

/** What a program is asked for: its value, its gradient, a tangent, and the report of its kinks. */
function questionsOf(program: RandomProgram, select: Select): readonly (readonly [name: string, f: TensorFunction])[] {
  const total = (...inputs: Tensor[]): Tensor => sum(program.run(...inputs));
  return [
    ["value", (...inputs) => program.run(...inputs)],
    ["gradient", (...inputs) => grad(total, { select, wrt: inputs.map((_, i) => i) } as never)(...inputs)],
    ["tangent", (...inputs) => jvp(program.run, inputs, inputs.toReversed(), { select })],
  ];
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
  const cases = randomProgram({ steps, jumps: true }).chain((program) =>
    fc.tuple(fc.constant(program), program.kinky, anySelect(), fc.constantFrom(...dtypes)),
  );
  const property = fc.asyncProperty(cases, async ([program, inputs, select, dtype]) => {
    const args = inFormat(inputs, dtype);
    for (const [name, f] of questionsOf(program, select)) {
      const recorded = trace(f as (...inputs: unknown[]) => Tensor, args as unknown[]);
      await compareOn(machines, agree, `${name} in ${dtype}`, recorded, args);
    }
    const { program: watched } = watchKinks(program.run as (...inputs: unknown[]) => Tensor, args as unknown[]);
    await compareOn(machines, agree, `kinks in ${dtype}`, watched, args);
  });
  const parameters = { includeErrorInReport: true, ...(seed === undefined ? {} : { seed }) };
  await fc.assert(property, { ...parameters, ...(runs === undefined ? {} : { numRuns: runs }) });
}

/** Runs a program on both machines. */
async function compareOn(
  [machine, against]: readonly [Machine, Machine],
  agree: Agreement,
  what: string,
  program: ProgramData,
  args: readonly Tensor[],
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
