// The model count: what a program costs as the scalar program that it stands for.
import { type Atom, addHistograms, type Histogram, timesHistogram } from "../arithmetic/algebra.ts";
import { interpreter, within } from "../door/interpreter.ts";
import type { Inputs, Instruction } from "../door/primitive.ts";
import type { Call } from "../door/roles.ts";
import { isReal } from "../dtypes/dtype.ts";
import { trace } from "../programs/trace.ts";
import { sizeOf } from "../tensors/shape.ts";
import { DenseTensor, type Tensor, type TensorType } from "../tensors/tensor.ts";
import type { FlatFunction } from "../transforms/flat.ts";
import { chooserFor } from "../transforms/selectionChooser.ts";
import { Tape } from "../transforms/tape.ts";
import { arityOf, atomOf, type Elementary, elementaryOf, type Role } from "./dictionary.ts";
import type { Prices } from "./prices.ts";
import { addSums, noSums, type Sums, sumsOf } from "./tally.ts";

/** How often an elementary function occurs at one place. */
interface Use {
  readonly entry: Elementary;
  readonly times: number;
}

/** The sums of one operation at one site. */
export interface ModelRow {
  readonly name: string;
  readonly site: string;
  readonly sums: Sums;
}

/** Sums of a program, in all and by operation and site, and the elementary functions it uses. */
export interface ModelCount {
  readonly sums: Sums;
  readonly rows: readonly ModelRow[];
  readonly used: readonly Elementary[];
}

/** A tape that notes, for each instruction, the elementary functions it stands for. Nothing is computed. */
class Meter extends Tape {
  readonly prices: Prices;
  readonly rows: Map<string, ModelRow> = new Map();
  readonly used: Map<string, Elementary> = new Map();

  constructor(prices: Prices) {
    super(interpreter(), chooserFor("cost"));
    this.prices = prices;
  }

  override process(instruction: Instruction): Tensor {
    const output = super.process(instruction);
    const roles = instruction.inputs.map((x) => this.roleOf(x));
    if (roles.every((role) => role === "constant")) return output;
    const isFollowed = this.slotOf(output) >= 0;
    const found = isFollowed ? roles : roles.map((role): Role => (role === "active" ? "passive" : role));
    for (const use of usesOf(instruction, found, this.prices)) this.note(instruction, use);
    return output;
  }

  override call({ operation, inputs }: Call): readonly Tensor[] {
    return within(this, () => operation.run(inputs));
  }

  roleOf(x: Tensor): Role {
    if (this.slotOf(x) >= 0) return "active";
    return this.primalOf(x) instanceof DenseTensor ? "constant" : "passive";
  }

  counted(): ModelCount {
    const rows = [...this.rows.values()];
    return { rows, sums: rows.reduce((total, row) => addSums(total, row.sums), noSums), used: [...this.used.values()] };
  }

  note({ primitive: { name }, site }: Instruction, { entry, times }: Use): void {
    const key = `${name}@${site}`;
    const sums = addSums(this.rows.get(key)?.sums ?? noSums, sumsOf(entry), times);
    this.rows.set(key, { name, site, sums });
    this.used.set(`${entry.value} ${entry.derived} ${entry.edges}`, entry);
  }
}

/** The elementary functions of one instruction. */
function usesOf(instruction: Instruction, roles: readonly Role[], prices: Prices): Use[] {
  const { primitive, inputs, params, shape } = instruction;
  if (primitive.statement)
    return [{ entry: elementaryOf(primitive.statement(params), roles, prices), times: sizeOf(shape) }];
  const types = inputs.map(
    ({ shape: own, dtype }): TensorType => ({ shape: own, dtype }),
  ) as unknown as Inputs<TensorType>;
  const fixed = primitive.fixed?.(types, params) ?? {};
  const free = addHistograms(primitive.cost(types, params), timesHistogram(-1, fixed));
  const strongest = roles.find((role) => role === "active") ?? "passive";
  return [
    ...usesOfAtoms(free, prices, (atom) => rolesInside(atom, roles, strongest)),
    ...usesOfAtoms(fixed, prices, () => [strongest, "constant"]),
  ];
}

/** Scalar operations that take one operand from each input of a kernel; the others take what these return. */
const atTheInputs: readonly Atom[] = ["mul", "select"];

function rolesInside(atom: Atom, roles: readonly Role[], strongest: Role): readonly Role[] {
  const arity = arityOf(atom);
  if (atTheInputs.includes(atom) && arity === roles.length) return roles;
  return new Array<Role>(arity).fill(strongest);
}

function usesOfAtoms(histogram: Histogram, prices: Prices, rolesOf: (atom: Atom) => readonly Role[]): Use[] {
  return (Object.entries(histogram) as [Atom, number][])
    .filter(([, times]) => times !== 0)
    .map(([atom, times]) => ({ entry: atomOf(atom, rolesOf(atom), prices), times }));
}

/**
 * Counts a function of flat lists at types. Every real input is an input cell, whichever the gradient is asked for;
 * a tensor that depends on no input is a number.
 */
export function countModel(f: FlatFunction, inputs: readonly Tensor[], prices: Prices): ModelCount {
  let counted: ModelCount | undefined;
  const run = (...leaves: Tensor[]): Tensor[] => {
    const meter = new Meter(prices);
    const followed = leaves.map((x) => (isReal(x.dtype) ? meter.follow(x) : x));
    within(meter, () => f(followed));
    counted = meter.counted();
    return [];
  };
  trace(run, inputs);
  return counted as ModelCount;
}
