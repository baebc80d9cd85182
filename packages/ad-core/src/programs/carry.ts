// Values that stay where they are between runs.

import { escaped } from "../door/traced.ts";
import { AdError } from "../errors/adError.ts";
import { DenseTensor, type Tensor, type TensorType } from "../tensors/tensor.ts";
import { checkForm, type Form, flattenTree } from "../tensors/tree.ts";
import { flattenArguments } from "../transforms/frontend.ts";
import { checkTypes, type ProgramData, typeAt } from "./program.ts";

/** One carried value: a field of the result that is an argument of the next run. */
interface Slot {
  readonly name: string;
  readonly argument: number;
  readonly form: Form;
  /** Which leaves of all arguments, and of all results, belong to it. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  held: readonly Tensor[] | null;
}

function refuseTraced(name: string): never {
  throw escaped("write", `a traced tensor was written to ${name}`, "write it outside of the transform");
}

/** A tree of this form whose leaves are their own numbers, from 0. */
const numbered = (form: Form): unknown => form.build(Array.from({ length: form.size }, (_, i) => i));

/** The numbers in such a tree, and its form. */
function leavesOf(tree: unknown): { numbers: number[]; form: Form } {
  const { leaves, form } = flattenTree("compile", tree);
  return { numbers: leaves.map((leaf) => leaf.data[0] as number), form };
}

function missing(problem: string, expected: string, got: string): never {
  const remedy = "check the names and numbers in carry";
  throw new AdError({ code: "missing", where: "compile", problem, expected, got, remedy });
}

function slotFor(program: ProgramData, name: string, argument: number): Slot {
  const results = numbered(program.outputForm);
  const args = numbered(program.argumentsForm) as readonly unknown[];
  const fields = typeof results === "object" && results !== null && !Array.isArray(results) ? Object.keys(results) : [];
  if (typeof name !== "string" || !fields.includes(name))
    missing("no such field of the result", fields.join(", ") || "an object of results", name);
  if (typeof argument !== "number" || args[argument] === undefined) {
    missing("no such argument", `a number from 0 to ${args.length - 1}`, JSON.stringify(argument));
  }
  const [input, output] = [leavesOf(args[argument]), leavesOf((results as Record<string, unknown>)[name])];
  checkForm("compile", `the result ${name}`, input.form, output.form);
  return { name, argument, form: input.form, inputs: input.numbers, outputs: output.numbers, held: null };
}

/** What crosses in each run: its form, and the numbers of its leaves among all of them. */
interface Crossing {
  readonly form: Form;
  readonly numbers: readonly number[];
}

/** The arguments that are not carried. */
function givenTo({ argumentsForm }: ProgramData, slots: readonly Slot[]): Crossing {
  const args = numbered(argumentsForm) as readonly unknown[];
  return leavesOf(args.filter((_, i) => slots.every(({ argument }) => argument !== i)));
}

/** The results that are not carried; all of them when nothing is. */
function shownOf({ outputForm }: ProgramData, slots: readonly Slot[]): Crossing {
  const results = numbered(outputForm);
  if (slots.length === 0) return leavesOf(results);
  const shown = Object.entries(results as object).filter(([field]) => slots.every(({ name }) => name !== field));
  return leavesOf(Object.fromEntries(shown));
}

/** The carried values of an executable: puts them among the arguments, and takes them out of the results. */
export class CarriedState {
  readonly program: ProgramData;
  readonly slots: readonly Slot[];
  readonly given: Crossing;
  readonly shown: Crossing;

  constructor(program: ProgramData, carry: Readonly<Record<string, number>>) {
    this.program = program;
    this.slots = Object.entries(carry).map(([name, argument]) => slotFor(program, name, argument));
    const filled = this.slots.map(({ argument }) => argument);
    if (new Set(filled).size !== filled.length) missing("two results for one argument", "one each", filled.join(", "));
    for (const { name, inputs, outputs } of this.slots) {
      const types = inputs.map((i) => program.inputTypes[i] as TensorType);
      const results = outputs.map((i) => typeAt(program, program.outputs[i] as number));
      checkTypes(`compile: result ${name}`, types, results);
    }
    this.given = givenTo(program, this.slots);
    this.shown = shownOf(program, this.slots);
  }

  get names(): readonly string[] {
    return this.slots.map(({ name }) => name);
  }

  find(name: string): Slot {
    return (
      this.slots.find((slot) => slot.name === name) ??
      missing("nothing is carried by this name", this.names.join(", "), name)
    );
  }

  /** All inputs of the program from the arguments that are not carried. */
  inputs(args: readonly unknown[]): Tensor[] {
    const { leaves, form } = flattenArguments("run", args);
    if (form.text !== this.given.form.text) this.refuse(args);
    const all: Tensor[] = [];
    this.given.numbers.forEach((input, i) => {
      all[input] = leaves[i] as Tensor;
    });
    for (const slot of this.slots) {
      const held = this.heldBy(slot);
      slot.inputs.forEach((input, i) => {
        all[input] = held[i] as Tensor;
      });
    }
    checkTypes("run", this.program.inputTypes, all);
    return all;
  }

  /** Says how the arguments, with what is carried among them, differ from those of the program. */
  private refuse(args: readonly unknown[]): void {
    const all = [...args];
    for (const slot of this.slots.toSorted((a, b) => a.argument - b.argument))
      all.splice(slot.argument, 0, this.read(slot.name));
    checkForm("run", "the list of arguments", this.program.argumentsForm, flattenTree("run", all).form);
  }

  private heldBy({ name, held }: Slot): readonly Tensor[] {
    return held ?? missing("a carried value was never set", `write("${name}", ...) before the first run`, "nothing");
  }

  /** Keeps what is carried; the rest of the results in their form. */
  keep(outputs: readonly Tensor[]): unknown {
    for (const slot of this.slots) slot.held = slot.outputs.map((i) => outputs[i] as Tensor);
    const { form, numbers } = this.shown;
    return form.build(numbers.map((i) => outputs[i]));
  }

  read(name: string): unknown {
    const slot = this.find(name);
    return slot.form.build(this.heldBy(slot));
  }

  write(name: string, tree: unknown): void {
    const slot = this.find(name);
    const flat = flattenTree("write", tree);
    checkForm("write", name, slot.form, flat.form);
    checkTypes(
      "write",
      slot.inputs.map((i) => this.program.inputTypes[i] as TensorType),
      flat.leaves,
    );
    slot.held = flat.leaves.map((leaf) => (leaf instanceof DenseTensor ? leaf : refuseTraced(name)));
  }

  forget(): void {
    for (const slot of this.slots) slot.held = null;
  }
}
