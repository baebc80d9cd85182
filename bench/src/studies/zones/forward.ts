/** The instructions of a program at which two sides may do different things, and the values that meet there. */
import {
  add,
  apply,
  cast,
  equal,
  notEqual,
  type ProgramData,
  reshape,
  type Select,
  sum,
  type Tensor,
} from "@nonsmooth/ad-core";
import { lengthOf, type Step, stepAt } from "@nonsmooth/ad-core/machines";
import { chooserFor } from "@nonsmooth/ad-core/transforms";
import { choicesOf, type Side } from "./sides.ts";

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

/**
 * What meets at a kink: two branches for each element, cells along a further axis of which one is the largest or smallest, or
 * something else, in which ties cannot be counted so: a norm, or a whole order.
 */
export type KinkForm = "pair" | "row" | "other";

/** A kink at which the two sides do different things. */
export interface KinkedStep {
  readonly index: number;
  readonly name: string;
  readonly site: string;
  readonly form: KinkForm;
}

/** Layers that a side may have in a form with a derivative of its own, by the operations in them. */
const ownForms: Readonly<Record<"pool" | "activation", (name: string) => boolean>> = {
  pool: (name) => name === "maxPool2d" || name === "normPool2d",
  activation: (name) => name === "relu" || name.startsWith("relu6."),
};

/**
 * The instructions of the first side's program at which the sides may differ: those for which they select differently,
 * and those of layers that they have in different forms.
 */
export function kinksBetween(program: ProgramData, sides: readonly [Side, Side]): KinkedStep[] {
  const isSelected = selectedApart(choicesOf(sides[0]), choicesOf(sides[1]));
  const parts = (["pool", "activation"] as const).filter((part) => sides[0][part] !== sides[1][part]);
  return Array.from({ length: lengthOf(program) }, (_, index) => ({ ...stepAt(program, index), index }))
    .filter(({ primitive: { kink } }) => kink !== undefined && kink.type !== "jump")
    .filter((step) => isSelected(step) || parts.some((part) => ownForms[part](step.primitive.name)))
    .map((step) => ({ index: step.index, name: step.primitive.name, site: step.site, form: formOf(step) }));
}

/** Whether two tables say different things of an instruction, as the engine reads them. */
function selectedApart(one: Select, other: Select): (step: Step) => boolean {
  const [a, b] = [chooserFor("zones", one), chooserFor("zones", other)];
  return (step) => a.find(step).name !== b.find(step).name;
}

function formOf({ primitive: { kink }, params }: Step): KinkForm {
  if (kink?.type !== "tie" || !["max", "min"].includes(kink.order(params))) return "other";
  return kink.along ? "row" : "pair";
}

/** The values that meet at a kink, as tensors of a program. */
export const branchesOf = ({ primitive, inputs, params }: Met): readonly Tensor[] =>
  primitive.kink?.type === "tie" ? primitive.kink.branches(inputs as never, params) : [];

/** For a kink of pairs or rows, how many elements are not exactly one branch: those that tie, and NaN. `f64`, a scalar. */
export function tiesAt(met: Met, form: KinkForm): Tensor {
  const branches = branchesOf(met);
  const [first] = branches as [Tensor];
  const y = form === "row" ? reshape(met.output, [...first.shape.slice(0, -1), 1]) : met.output;
  const hits = branches.map((branch) => cast(equal(branch, y), "f64"));
  const meeting = form === "row" ? sum(hits[0] as Tensor, { axes: -1 }) : hits.reduce((total, hit) => add(total, hit));
  return sum(cast(notEqual(meeting, 1), "f64"));
}
