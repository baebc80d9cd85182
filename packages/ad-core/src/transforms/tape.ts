// Reverse mode: an interpreter that records linear maps, to be read in both directions.
import type { Chooser } from "../door/chooser.ts";
import { atSite, within } from "../door/interpreter.ts";
import { linearizeInstruction } from "../door/linearize.ts";
import { type Instruction, type LinearMap, type Maybe, mapInputs } from "../door/primitive.ts";
import type { Call, Interpreter, JointMap } from "../door/roles.ts";
import { Traced } from "../door/traced.ts";
import { isReal } from "../dtypes/dtype.ts";
import { add } from "../primitives/arithmetic.ts";
import type { Tensor } from "../tensors/tensor.ts";

/** One recorded step: a linear map from some slots to others. A slot of -1 carries no derivative; a call knows its site. */
interface Entry {
  readonly sources: readonly number[];
  readonly targets: readonly number[];
  readonly map: JointMap;
  readonly site: string;
}

/** Adds two contributions; null is a zero that was never computed. */
const addMaybe = (a: Maybe, b: Maybe): Maybe => (a && b ? add(a, b) : (a ?? b));

/** The linear maps of an instruction with one output, as one map. */
export const joint = (maps: readonly (LinearMap | null)[]): JointMap => ({
  jvp: (tangents) => [maps.reduce<Maybe>((total, map, i) => addMaybe(total, push(map, tangents[i])), null)],
  vjp: ([gy]) => maps.map((map) => (map && gy ? map.vjp(gy) : null)),
});

const push = (map: LinearMap | null, tangent: Maybe | undefined): Maybe => (map && tangent ? map.jvp(tangent) : null);

/** Records the linear maps of everything that depends on its own inputs. */
export class Tape implements Interpreter {
  readonly outer: Interpreter;
  readonly chooser: Chooser;
  readonly entries: Entry[] = [];
  slots = 0;
  passed = 0;

  constructor(outer: Interpreter, chooser: Chooser) {
    this.outer = outer;
    this.chooser = chooser;
  }

  /** A value that this tape follows. */
  follow(primal: Tensor): Traced<number> {
    return new Traced(this, primal, this.slots++);
  }

  slotOf(x: Tensor): number {
    return x instanceof Traced && x.owner === this ? (x.content as number) : -1;
  }

  primalOf(x: Tensor): Tensor {
    return x instanceof Traced && x.owner === this ? x.primal : x;
  }

  process(instruction: Instruction): Tensor {
    const position = this.passed++;
    const sources = instruction.inputs.map((x) => this.slotOf(x));
    const bare = { ...instruction, inputs: mapInputs(instruction.inputs, (x) => this.primalOf(x)) };
    if (bare.primitive.kink) this.chooser.meet(bare);
    const output = this.outer.process(bare);
    if (!isReal(output.dtype) || sources.every((slot) => slot < 0)) return output;
    const isActive = (input: number): boolean => (sources[input] as number) >= 0;
    const linearize = () => linearizeInstruction(bare, output, isActive, this.chooser, position);
    const maps = within(this.outer, () => atSite(bare.site, linearize));
    if (maps.every((map) => map === null)) return output;
    const traced = this.follow(output);
    this.entries.push({ sources, targets: [traced.content], map: joint(maps), site: bare.site });
    return traced;
  }

  call(call: Call): readonly Tensor[] {
    const chooser = this.chooser.fork(this.passed++);
    const sources = call.inputs.map((x) => this.slotOf(x));
    const bare = { ...call, inputs: call.inputs.map((x) => this.primalOf(x)) };
    const outputs = this.outer.call(bare);
    if (sources.every((slot) => slot < 0)) return outputs;
    const isActive = (input: number): boolean => (sources[input] as number) >= 0;
    const map = within(this.outer, () => call.operation.linearize(bare, outputs, chooser, isActive));
    const traced = outputs.map((y) => (isReal(y.dtype) ? this.follow(y) : y));
    this.entries.push({ sources, targets: traced.map((y) => this.slotOf(y)), map, site: "" });
    return traced;
  }

  isTrue(condition: Tensor): boolean {
    return this.outer.isTrue(this.primalOf(condition));
  }

  /** Reads the tape backwards: cotangents of the input slots from those of the output slots. */
  pullback(outputs: readonly number[], cotangents: readonly Maybe[], inputs: readonly number[]): Maybe[] {
    const held = new Array<Maybe>(this.slots).fill(null);
    depositAll(held, outputs, cotangents);
    for (const { sources, targets, map, site } of this.entries.toReversed()) {
      const incoming = targets.map((slot) => held[slot] ?? null);
      if (incoming.every((gy) => gy === null)) continue;
      for (const slot of targets) if (slot >= 0) held[slot] = null; // every use has been read by now
      const found = atSite(site, () => map.vjp(incoming));
      depositAll(held, sources, found);
    }
    return inputs.map((slot) => held[slot] ?? null);
  }

  /** Reads the tape forwards: tangents of the output slots from those of the input slots. */
  pushforward(inputs: readonly number[], tangents: readonly Maybe[], outputs: readonly number[]): Maybe[] {
    const held = new Array<Maybe>(this.slots).fill(null);
    depositAll(held, inputs, tangents);
    for (const { sources, targets, map, site } of this.entries) {
      const incoming = sources.map((slot) => held[slot] ?? null);
      if (incoming.every((dx) => dx === null)) continue;
      const found = atSite(site, () => map.jvp(incoming));
      depositAll(held, targets, found);
    }
    return outputs.map((slot) => held[slot] ?? null);
  }
}

/** Adds contributions to their slots; a slot of -1 takes nothing. */
function depositAll(held: Maybe[], slots: readonly number[], contributions: readonly Maybe[]): void {
  slots.forEach((slot, i) => {
    if (slot >= 0) held[slot] = addMaybe(held[slot] ?? null, contributions[i] ?? null);
  });
}
