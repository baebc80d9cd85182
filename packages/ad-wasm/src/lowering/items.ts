// A program as work in order: loops over chains of formulas, and kernels.
import type { Place, Primitive } from "@nonsmooth/ad-core";
import { type Formula, formulaOf, type PlacedStep, withoutKernel } from "@nonsmooth/ad-core/machines";
import type { Loop, LoopInput, LoopStep } from "../elementwise/loop.ts";
import type { Fused } from "../kernels/kernel.ts";
import type { Fusions } from "./fusions.ts";
import type { ViewedValues } from "./views.ts";

/** Something that runs in one go: it reads values in memory and writes others. */
export interface Item {
  readonly outputs: readonly Place[];
  /** In the order of the arguments; a value may stand twice. */
  readonly inputs: readonly Place[];
  /** A chain of formulas, several instructions that have a kernel together, or one instruction. */
  readonly does:
    | { readonly kind: "loop"; readonly loop: Loop }
    | { readonly kind: "fused"; readonly fused: Fused; readonly step: PlacedStep }
    /** `exchanged` says which operands lie in memory with their last two axes exchanged. */
    | { readonly kind: "step"; readonly step: PlacedStep; readonly exchanged: readonly boolean[] };
}

/** More formulas than this make a loop that holds too many values at once. */
const longest = 40;

/** A chain that may still grow. */
interface Chain {
  readonly size: number;
  readonly members: { readonly step: PlacedStep; readonly formula: Formula }[];
}

/** A number for each record: names alone would take two operations of one name for the same. */
const numbers = new WeakMap<Primitive, number>();
let count = 0;

function numberOf(primitive: Primitive): number {
  const found = numbers.get(primitive) ?? count++;
  numbers.set(primitive, found);
  return found;
}

/** What the kernels can do, by the names of records. */
export interface Abilities {
  hasKernel(name: string): boolean;
  /** Whether it takes operands whose last two axes are exchanged in memory. */
  takesExchanged(name: string): boolean;
}

/** Puts the instructions of a program into chains and kernels. */
export class Arranger {
  readonly items: Item[] = [];
  private readonly values: ViewedValues;
  private readonly abilities: Abilities;
  private readonly fusions: Fusions;
  private readonly open = new Map<number, Chain>();
  private readonly written = new Set<Place>();
  private readonly consumers = new Map<Place, number[]>();

  constructor(values: ViewedValues, abilities: Abilities, fusions: Fusions) {
    this.values = values;
    this.abilities = abilities;
    this.fusions = fusions;
  }

  /** All items; `needed` are values that must be in memory at the end. */
  arrange(needed: readonly Place[]): readonly Item[] {
    for (const { index, operands } of this.values.steps)
      for (const place of operands) this.consumers.set(place, [...(this.consumers.get(place) ?? []), index]);
    for (const place of needed) this.consumers.set(place, [...(this.consumers.get(place) ?? []), Infinity]);
    for (const step of this.values.steps) this.add(step);
    for (const place of needed) this.need(place);
    for (const size of [...this.open.keys()]) this.close(size);
    return this.items;
  }

  private add(step: PlacedStep): void {
    const fused = this.fusions.found.get(step.place);
    if (fused) this.fuse(step, fused);
    if (fused || this.fusions.covered.has(step.place) || this.isDeferred(step.place)) return;
    const formula = formulaOf(step.primitive, step.params);
    const size = this.values.size(step.place);
    if (formula === null) this.emit(step);
    else if (size > 0) this.join(size, step, formula);
  }

  /** A formula becomes the last of the chain over tensors of its size. */
  private join(size: number, step: PlacedStep, formula: Formula): void {
    if ((this.open.get(size)?.members.length ?? 0) >= longest) this.close(size);
    const isMember = (place: Place): boolean =>
      this.open.get(size)?.members.some((member) => member.step.place === place) === true;
    for (const place of step.operands) {
      const source = this.values.repeated.get(place)?.source ?? place;
      if (this.values.number(source) === null && !isMember(source)) this.need(source);
    }
    const chain = this.open.get(size) ?? { size, members: [] };
    chain.members.push({ step, formula });
    this.open.set(size, chain);
  }

  /** A kernel of its own. */
  private emit(step: PlacedStep): void {
    const { name } = step.primitive;
    if (!this.abilities.hasKernel(name)) throw withoutKernel("wasm", step);
    const isFlexible = this.abilities.takesExchanged(name);
    const found = step.operands.map((place) => (isFlexible ? this.values.exchanged.get(place) : undefined));
    const inputs = step.operands.map((place, i) => found[i]?.source ?? place);
    const types = step.types.map((type, i) => found[i]?.type ?? type);
    for (const place of inputs) this.need(place);
    this.written.add(step.place);
    const exchanged = found.map((one) => one !== undefined);
    this.items.push({
      outputs: [step.place],
      inputs,
      does: { kind: "step", step: { ...step, operands: inputs, types }, exchanged },
    });
  }

  private fuse(step: PlacedStep, fused: Fused): void {
    const inputs = fused.inputs.map(({ place }) => place);
    for (const place of inputs) this.need(place);
    this.written.add(step.place);
    this.items.push({ outputs: [step.place], inputs, does: { kind: "fused", fused, step } });
  }

  /** Sees to it that a value is in memory. */
  private need(place: Place): void {
    const at = place - this.values.program.inputTypes.length;
    if (at < 0 || this.written.has(place) || this.values.size(place) === 0) return;
    if (this.isDeferred(place)) {
      this.emit(this.values.stepAt(place));
      return;
    }
    for (const [size, { members }] of this.open) if (members.some(({ step }) => step.place === place)) this.close(size);
  }

  /** Whether a value is written only when someone needs it in memory. */
  private isDeferred(place: Place): boolean {
    return this.values.repeated.has(place) || this.values.exchanged.has(place);
  }

  /** Makes an item of a chain: only what someone else needs is written. */
  private close(size: number): void {
    const chain = this.open.get(size);
    if (chain === undefined) return;
    this.open.delete(size);
    const own = new Set(chain.members.map(({ step }) => step.index));
    const isNeeded = ({ place }: PlacedStep): boolean =>
      this.consumers.get(place)?.some((consumer) => !own.has(consumer)) === true;
    const outputs = chain.members.flatMap(({ step }, k) => (isNeeded(step) ? [k] : []));
    const places = outputs.map((k) => (chain.members[k] as Chain["members"][number]).step.place);
    for (const place of places) this.written.add(place);
    if (outputs.length === 0) return;
    const { inputs, memory, steps } = this.operandsOf(chain);
    const loop: Loop = { name: nameOf(chain, inputs, steps, outputs), size, inputs, steps, outputs };
    this.items.push({ outputs: places, inputs: memory, does: { kind: "loop", loop } });
  }

  private operandsOf({ members }: Chain): { inputs: LoopInput[]; memory: Place[]; steps: LoopStep[] } {
    const [inputs, memory, known]: [LoopInput[], Place[], Map<Place, number>] = [[], [], new Map()];
    const positions = new Map(members.map(({ step }, k) => [step.place, k]));
    const inputAt = (place: Place): number => {
      const index = known.get(place) ?? inputs.length;
      if (known.has(place)) return index;
      known.set(place, index);
      const { source, view } = this.values.repeated.get(place) ?? { source: place, view: { kind: "direct" } as const };
      const { dtype } = this.values.type(source);
      const value = this.values.number(source);
      if (value !== null) inputs.push({ kind: "number", dtype, value });
      else {
        inputs.push({ kind: "memory", dtype, view });
        memory.push(source);
      }
      return index;
    };
    const steps = members.map(({ step, formula }) => ({
      formula,
      dtype: step.type.dtype,
      operands: step.operands.slice(0, formula.arity).map((place) => {
        const member = positions.get(place);
        return member === undefined
          ? ({ kind: "input", index: inputAt(place) } as const)
          : ({ kind: "step", index: member } as const);
      }),
    }));
    return { inputs, memory, steps };
  }
}

/** Equal names, equal loops. */
function nameOf(
  { size, members }: Chain,
  inputs: readonly LoopInput[],
  steps: readonly LoopStep[],
  outputs: readonly number[],
): string {
  const said = members.map(({ step }, k) => [
    ...[numberOf(step.primitive), step.params, step.type.dtype],
    steps[k]?.operands.map(({ kind, index }) => `${kind}${index}`),
  ]);
  const numbers = inputs.map((input) => (input.kind === "number" ? bitsOf(input.value) : ""));
  return `loop ${size} ${JSON.stringify([said, inputs, numbers, outputs])}`;
}

/** JSON has no infinities, no NaN and no -0. */
const bitsOf = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));
