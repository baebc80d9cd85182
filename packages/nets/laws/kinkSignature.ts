// Which branch a program takes at each of its kinks.
import {
  apply,
  equal,
  type Inputs,
  type Kink,
  max,
  min,
  type Primitive,
  type ProgramData,
  stack,
  type Tensor,
  where,
} from "@nonsmooth/ad-core";

/** What a run of a program gave. */
export interface SignedRun {
  readonly outputs: readonly Tensor[];
  /**
   * For each instruction with a kink, which branches are extreme. All that tie are, so a pooling window whose cells stay
   * at 0 after relu keeps its signature.
   */
  readonly signature: readonly Tensor[];
}

const extremes = { max: { of: max, absent: -Infinity }, min: { of: min, absent: Infinity } } as const;

/** For each element of a result which branches are extreme; of a norm, whether it is 0; null when there is no branch. */
function branchesTaken(kink: Kink<unknown>, inputs: Inputs<Tensor>, output: Tensor, params: unknown): Tensor | null {
  if (kink.type === "point") return equal(output, 0);
  const tensors = kink.branches(inputs, params);
  if (tensors.length === 0) return null;
  const order = kink.order(params);
  if (order !== "max" && order !== "min") throw new Error(`kinks of order ${order} have no signature yet`);
  const { of, absent } = extremes[order];
  const present = kink.present?.(inputs, params) ?? null;
  const all = kink.along ? (tensors[0] as Tensor) : stack(tensors, -1);
  const branches = present ? where(present, all, absent) : all;
  return equal(branches, of(branches, { axes: -1, keepDims: true }));
}

/** Runs a program one instruction at a time. The report of `kinks` would not do: a tie anywhere hides other branches. */
export function signedRun({ code, tables, constants, outputs }: ProgramData, inputs: readonly Tensor[]): SignedRun {
  const values: Tensor[] = [...inputs];
  const signature: Tensor[] = [];
  const valueAt = (place: number): Tensor => (place < 0 ? constants[-1 - place] : values[place]) as Tensor;
  for (let i = 0; i < code.primitive.length; i++) {
    const operands = Array.from(code.operands.subarray(code.operandStart[i], code.operandStart[i + 1]), valueAt);
    const primitive = tables.primitives[code.primitive[i] as number] as Primitive;
    const params = tables.params[code.params[i] as number];
    const output = apply(primitive, operands, params);
    values.push(output);
    const taken = primitive.kink && branchesTaken(primitive.kink, operands as never, output, params);
    if (taken) signature.push(taken);
  }
  return { outputs: Array.from(outputs, valueAt), signature };
}

/** Whether two runs of one program took the same branches everywhere. */
export const sameBranches = (a: SignedRun, b: SignedRun): boolean =>
  a.signature.every(({ data }, i) => data.every((taken: number, at: number) => taken === b.signature[i]?.data[at]));
