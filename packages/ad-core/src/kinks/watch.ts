// An interpreter that collects, at each kink that a run passes, the values that meet there.
import { atSite, interpreter, within } from "../door/interpreter.ts";
import { linearizeInstruction } from "../door/linearize.ts";
import { type Instruction, type Kink, mapInputs, type Order } from "../door/primitive.ts";
import type { Call, Interpreter } from "../door/roles.ts";
import { Traced } from "../door/traced.ts";
import { isReal } from "../dtypes/dtype.ts";
import { ones } from "../tensors/create.ts";
import type { Tensor } from "../tensors/tensor.ts";
import type { FlatFunction } from "../transforms/flat.ts";
import { chooserFor } from "../transforms/selectionChooser.ts";

/** Where the numbers of a signal come from, and how to read them. */
export interface Source {
  readonly name: string;
  readonly site: string;
  /** How many instructions passed before it in the run. */
  readonly position: number;
  /** `slope`: the numbers are derivatives, which should be finite. Otherwise they are branches, or a norm. */
  readonly type: Kink<unknown>["type"] | "slope";
  readonly order: Order;
  /** Whether the branches lie along the last axis of the first tensor. */
  readonly along: boolean;
  /** Whether the last tensor says which places are branches. */
  readonly masked: boolean;
}

/** The values that meet at one instruction: tensors of the run, so that a program can have them as outputs. */
export interface Signal {
  readonly source: Source;
  readonly tensors: readonly Tensor[];
}

/** Follows everything that depends on its inputs, and collects signals. */
class Watch implements Interpreter {
  readonly outer: Interpreter = interpreter();
  readonly signals: Signal[] = [];
  passed = 0;

  follow(primal: Tensor): Tensor {
    return new Traced(this, primal, null);
  }

  isOwn(x: Tensor): x is Traced<null> {
    return x instanceof Traced && x.owner === this;
  }

  primalOf(x: Tensor): Tensor {
    return this.isOwn(x) ? x.primal : x;
  }

  process(instruction: Instruction): Tensor {
    const position = this.passed++;
    const bare = { ...instruction, inputs: mapInputs(instruction.inputs, (x) => this.primalOf(x)) };
    const output = this.outer.process(bare);
    const moves = instruction.inputs.map((x) => this.isOwn(x));
    if (!moves.includes(true)) return output;
    within(this.outer, () => this.collect(bare, output, position, (input) => moves[input] === true));
    return this.follow(output);
  }

  collect(instruction: Instruction, output: Tensor, position: number, moves: (input: number) => boolean): void {
    const signal = instruction.primitive.kink
      ? branchesOf(instruction, output, instruction.primitive.kink)
      : slopesOf(instruction, output, (input) => moves(input) && isReal((instruction.inputs[input] as Tensor).dtype));
    const { site, primitive } = instruction;
    if (signal.tensors.length === 0 || !isReal((signal.tensors[0] as Tensor).dtype)) return;
    this.signals.push({ source: { ...signal.source, name: primitive.name, site, position }, tensors: signal.tensors });
  }

  call({ operation, inputs, site }: Call): readonly Tensor[] {
    return within(this, () => atSite(site, () => operation.run(inputs)));
  }

  isTrue(condition: Tensor): boolean {
    return this.outer.isTrue(this.primalOf(condition));
  }
}

interface Found {
  readonly source: Omit<Source, "name" | "site" | "position">;
  readonly tensors: readonly Tensor[];
}

function branchesOf({ inputs, params }: Instruction, output: Tensor, kink: Kink<unknown>): Found {
  if (kink.type === "point")
    return { source: { type: "point", order: "max", along: false, masked: false }, tensors: [output] };
  const { type, along } = kink;
  const present = kink.present?.(inputs, params) ?? null;
  const tensors = [...kink.branches(inputs, params), ...(present ? [present] : [])];
  return { source: { type, order: kink.order(params), along, masked: present !== null }, tensors };
}

/** The slopes of a smooth operation along each input. What only moves numbers has none that could be infinite. */
function slopesOf(instruction: Instruction, output: Tensor, isActive: (input: number) => boolean): Found {
  const source = { type: "slope", order: "max", along: false, masked: false } as const;
  const { primitive, inputs, params } = instruction;
  if (!isReal(output.dtype) || Object.keys(primitive.cost(inputs, params)).length === 0) return { source, tensors: [] };
  const maps = linearizeInstruction(instruction, output, isActive, chooserFor("kinks"), 0);
  const unit = (input: number): Tensor => {
    const { shape, dtype } = inputs[input] as Tensor;
    return ones(shape, { dtype });
  };
  return { source, tensors: maps.flatMap((map, input) => (map ? [map.jvp(unit(input))] : [])) };
}

/** The values of a function of lists, and the signals of its run. Inputs that are not real are not followed. */
export function watchFlat(
  f: FlatFunction,
  inputs: readonly Tensor[],
): { readonly outputs: readonly Tensor[]; readonly signals: readonly Signal[] } {
  const watch = new Watch();
  const followed = inputs.map((x) => (isReal(x.dtype) ? watch.follow(x) : x));
  const outputs = within(watch, () => f(followed));
  return { outputs: outputs.map((y) => watch.primalOf(y)), signals: watch.signals };
}
