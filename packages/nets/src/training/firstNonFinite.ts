// Where infinity or NaN comes up first in a run of a program.
import { apply, type ProgramData, type Tensor, type Tree, tensor } from "@nonsmooth/ad-core";

/** An instruction of a program. */
export interface Culprit {
  readonly operation: string;
  /** Where the model says it is, such as `block1/conv1`; empty when it says nothing. */
  readonly site: string;
  /** Number of the instruction, from 0. */
  readonly position: number;
}

const isFinite = ({ data }: Tensor): boolean => data.every((value: number) => Number.isFinite(value));

/** The tensors of a tree in the order in which a program takes them: that of arrays and of sorted keys. */
function tensorsOf(tree: Tree): Tensor[] {
  if (typeof tree === "number") return [tensor(tree)];
  if ("dtype" in tree) return [tree as Tensor];
  if (Array.isArray(tree)) return tree.flatMap(tensorsOf);
  const parts = tree as Readonly<Record<string, Tree>>;
  return Object.keys(parts)
    .toSorted()
    .flatMap((key) => tensorsOf(parts[key] as Tree));
}

/**
 * The first instruction of a program that turns finite numbers into infinity or NaN.
 *
 * @param program - a recorded program
 * @param args - what the recorded function takes
 * @returns the instruction, or null when all numbers stay finite or the arguments are not
 * @example
 * const program = trace((x) => log(sub(x, 1), { site: "loss" }), [tensor(2)]);
 * firstNonFinite(program, [tensor(1)]) // { operation: "log", site: "loss", position: 1 }
 */
export function firstNonFinite(program: ProgramData, args: readonly Tree[]): Culprit | null {
  const { code, tables, constants } = program;
  const values = args.flatMap(tensorsOf);
  if (!values.every(isFinite)) return null;
  for (let i = 0; i < code.primitive.length; i++) {
    const places = Array.from(code.operands.subarray(code.operandStart[i], code.operandStart[i + 1]));
    const operands = places.map((place) => (place < 0 ? constants[-1 - place] : values[place]) as Tensor);
    const primitive = tables.primitives[code.primitive[i] as number] as (typeof tables.primitives)[number];
    const site = tables.sites[code.site[i] as number] as string;
    const result = apply(primitive, operands, tables.params[code.params[i] as number], site);
    if (!isFinite(result) && operands.every(isFinite)) return { operation: primitive.name, site, position: i };
    values.push(result);
  }
  return null;
}
