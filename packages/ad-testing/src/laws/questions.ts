// What laws of machines ask of random programs.
import {
  cast,
  type DType,
  grad,
  jvp,
  type ProgramData,
  type Select,
  sum,
  type Tensor,
  trace,
  watchKinks,
} from "@nonsmooth/ad-core";
import fc from "fast-check";
import { type RandomProgram, randomProgram } from "../arbitraries/programs.ts";
import { anySelect } from "../arbitraries/selections.ts";

type TensorFunction = (...inputs: Tensor[]) => unknown;

/** Tensors in another format. */
const inFormat = (inputs: readonly Tensor[], dtype: DType): Tensor[] => inputs.map((x) => cast(x, dtype));

/** All tensors of a result, in order. */
export function tensorsOf(tree: unknown): Tensor[] {
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

/** A question as a recorded program, with arguments for it. */
export interface Question {
  readonly what: string;
  readonly program: ProgramData;
  readonly args: readonly Tensor[];
}

/** One random program with inputs at kinks, choices, and a format. */
export type AskedCase = readonly [program: RandomProgram, inputs: Tensor[], select: Select, dtype: DType];

/** Random programs to ask about. */
export const askedCases = (steps: number, dtypes: readonly DType[]): fc.Arbitrary<AskedCase> =>
  randomProgram({ steps, jumps: true }).chain((program) =>
    fc.tuple(fc.constant(program), program.kinky, anySelect(), fc.constantFrom(...dtypes)),
  );

/** What is asked about a case: value, gradient, tangent, and the report of its kinks. */
export function asked([program, inputs, select, dtype]: AskedCase): Question[] {
  const args = inFormat(inputs, dtype);
  const traced = questionsOf(program, select).map(([name, f]) => ({
    ...{ what: `${name} in ${dtype}`, args },
    program: trace(f as (...inputs: unknown[]) => Tensor, args as unknown[]),
  }));
  const { program: watched } = watchKinks(program.run as (...inputs: unknown[]) => Tensor, args as unknown[]);
  return [...traced, { what: `kinks in ${dtype}`, program: watched, args }];
}
