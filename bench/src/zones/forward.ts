/** The value of a network as a program whose instructions can be looked at, and the values that meet at its kinks. */
import {
  add,
  apply,
  cast,
  equal,
  greater,
  type Primitive,
  type ProgramData,
  reshape,
  type Select,
  simplify,
  sum,
  type Tensor,
  trace,
} from "@nonsmooth/ad-core";
import { lengthOf, type Step, stepAt } from "@nonsmooth/ad-core/machines";
import { type Batch, softCrossEntropy, type Variables } from "@nonsmooth/nets";
import { type Mass, modelFor, type Setting, unused } from "./network.ts";
import type { Side } from "./sides.ts";

/** The loss of one side as a program of variables and a batch; in mixed precision the layers compute in f16. */
export function forwardOf(setting: Setting, side: Side, mass: Mass, variables: Variables, batch: Batch): ProgramData {
  const { model } = modelFor(setting, side, mass);
  const isMixed = setting.format === "mixed" && batch.x.dtype === "f32";
  const context = { training: true, key: unused, ...(isMixed ? { dtype: "f16" as const } : {}) };
  const run = (from: Variables, { x, labels }: Batch): Tensor => {
    const { y } = model.apply(from, isMixed ? cast(x, "f16") : x, context);
    return softCrossEntropy(isMixed ? cast(y, "f32") : y, labels, {});
  };
  return simplify(trace(run as unknown as (...args: unknown[]) => Tensor, [variables, batch] as unknown[]));
}

/** An instruction with the values that it takes and gives. */
export interface Met extends Step {
  readonly index: number;
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
}

/** Runs a program through the door and shows each instruction; returns its first output. */
export function replayed(program: ProgramData, leaves: readonly Tensor[], visit: (met: Met) => void): Tensor {
  const values: Tensor[] = [...leaves];
  const at = (place: number): Tensor => (place < 0 ? program.constants[-1 - place] : values[place]) as Tensor;
  for (let index = 0; index < lengthOf(program); index++) {
    const step = stepAt(program, index);
    const inputs = step.operands.map(at);
    const output = apply(step.primitive, inputs, step.params, step.site);
    values.push(output);
    visit({ ...step, index, inputs, output });
  }
  return at(program.outputs[0] as number);
}

/** A kink at which the two sides do different things. */
export interface KinkedStep {
  readonly index: number;
  readonly name: string;
  readonly site: string;
  /** Whether its branches lie along a further axis, as the cells of a window do. */
  readonly along: boolean;
}

const isMaxPool = ({ name }: Primitive): boolean => name === "maxPool2d";
const isRelu = ({ name }: Primitive): boolean => name === "relu" || name.startsWith("relu6.");

/**
 * The instructions of the first side's program at which the sides may differ: those for which they select differently,
 * and those of layers that they have in different forms.
 */
export function kinksBetween(
  program: ProgramData,
  sides: readonly [Side, Side],
  selects: readonly [Select, Select],
): KinkedStep[] {
  const [one, other] = selects;
  const differing = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    (name) => one[name]?.name !== other[name]?.name,
  );
  const [pools, activations] = (["pool", "activation"] as const).map((part) => sides[0][part] !== sides[1][part]);
  const isSelected = ({ primitive, site }: Step): boolean =>
    differing.some((key) => {
      const [name = "", at] = key.split("@");
      return (primitive.name === name || primitive.name.startsWith(`${name}.`)) && (at === undefined || at === site);
    });
  return Array.from({ length: lengthOf(program) }, (_, index) => ({ index, step: stepAt(program, index) })).flatMap(
    ({ index, step }) => {
      const { primitive, site } = step;
      const isOurs = isSelected(step) || (pools && isMaxPool(primitive)) || (activations && isRelu(primitive));
      if (primitive.kink?.type !== "tie" || !isOurs) return [];
      return [{ index, name: primitive.name, site, along: primitive.kink.along }];
    },
  );
}

/** The values that meet at a kink, as tensors of a program. */
export const branchesOf = ({ primitive, inputs, params }: Met): readonly Tensor[] =>
  primitive.kink?.type === "tie" ? primitive.kink.branches(inputs as never, params) : [];

/** How many elements of a result sit on the kink: `f64`, a scalar. */
export function tiesAt(met: Met): Tensor {
  const branches = branchesOf(met);
  const isAlong = met.primitive.kink?.type === "tie" && met.primitive.kink.along;
  const y = isAlong ? reshape(met.output, [...met.output.shape, 1]) : met.output;
  const hits = branches.map((branch) => cast(equal(branch, y), "f64"));
  const meeting = isAlong ? sum(hits[0] as Tensor, { axes: -1 }) : hits.reduce((total, hit) => add(total, hit));
  return sum(cast(greater(meeting, 1), "f64"));
}
