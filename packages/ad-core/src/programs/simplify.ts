// The same program with fewer instructions. Every bit of every result is kept, NaN and -0 included.
import type { Primitive } from "../door/primitive.ts";
import { allocate } from "../dtypes/dtype.ts";
import { sizeOf } from "../tensors/shape.ts";
import { DenseTensor } from "../tensors/tensor.ts";
import { encodeData } from "./bytes.ts";
import { encode } from "./encode.ts";
import {
  type Guard,
  guardsInOrder,
  lengthOf,
  makeProgram,
  type Place,
  type Program,
  type ProgramData,
  type Step,
  stepAt,
} from "./program.ts";
import { type Recorded, Recorder } from "./recorder.ts";

const isZero = (x: DenseTensor | undefined): boolean => x?.data.every((value) => value === 0) ?? false;

/** What is left of a program: instructions and constants that are all different, but not all needed. */
class Distinct {
  readonly inputs: number;
  readonly constants: DenseTensor[] = [];
  readonly steps: Step[] = [];
  /** Places of constants and results by a text that tells them apart. */
  readonly seen: Map<string, Place> = new Map();
  /** Records by number: two of one name are still two. */
  readonly records: Map<Primitive, number> = new Map();

  constructor(inputs: number) {
    this.inputs = inputs;
  }

  /** One place for all constants of equal type and bits. */
  constant(x: DenseTensor): Place {
    const text = `${x.dtype}[${x.shape}] ${encodeData(x.data)}`;
    const found = this.seen.get(text) ?? -this.constants.push(x);
    this.seen.set(text, found);
    return found;
  }

  /** One place for all instructions that must give the same result. */
  step(step: Step): Place {
    if (this.isStructurallyZero(step)) {
      return this.constant(new DenseTensor(step.shape, step.dtype, allocate(step.dtype, sizeOf(step.shape))));
    }
    const record = this.records.get(step.primitive) ?? this.records.size;
    this.records.set(step.primitive, record);
    const text = step.primitive.isBarrier ? "" : textOf(step, record);
    const found = this.seen.get(text) ?? this.inputs + this.steps.push(step) - 1;
    if (text !== "") this.seen.set(text, found);
    return found;
  }

  /** Whether a factor is a constant 0 and the product therefore exactly 0, whatever the other factor is. */
  isStructurallyZero({ primitive, operands }: Step): boolean {
    return primitive.isZeroAtZero === true && operands.some((place) => place < 0 && isZero(this.constants[-1 - place]));
  }
}

/** Equal texts, equal results. A kink belongs to its site, because a selection may speak of it. */
function textOf({ primitive, params, operands, shape, dtype, site }: Step, record: number): string {
  const place = primitive.kink ? site : "";
  return JSON.stringify([record, encode(primitive.name, params), operands, dtype, shape, place]);
}

/** Which instructions an output or a guard needs. */
function neededSteps({ inputs, steps }: Distinct, roots: readonly Place[]): Uint8Array {
  const needed = new Uint8Array(steps.length);
  const mark = (place: Place): void => {
    if (place >= inputs) needed[place - inputs] = 1;
  };
  roots.forEach(mark);
  for (let i = steps.length - 1; i >= 0; i--) if (needed[i] === 1) (steps[i] as Step).operands.forEach(mark);
  return needed;
}

/** Guards with the place of their condition among the distinct steps, and how many of those stand before them. */
interface Merged {
  readonly distinct: Distinct;
  readonly guards: readonly Guard[];
  readonly outputs: readonly Place[];
}

function merge(program: ProgramData): Merged {
  const distinct = new Distinct(program.inputTypes.length);
  const moved: Place[] = program.inputTypes.map((_, i) => i);
  const placeOf = (place: Place): Place =>
    place < 0 ? distinct.constant(program.constants[-1 - place] as DenseTensor) : (moved[place] as Place);
  const guards: Guard[] = [];
  const moveGuards = guardsInOrder(program.guards, ({ condition, expected }) => {
    guards.push({ condition: placeOf(condition), expected, after: distinct.steps.length });
  });
  for (let i = 0; i <= lengthOf(program); i++) {
    moveGuards(i);
    if (i === lengthOf(program)) break;
    const step = stepAt(program, i);
    moved.push(distinct.step({ ...step, operands: step.operands.map(placeOf) }));
  }
  return { distinct, guards, outputs: Array.from(program.outputs, placeOf) };
}

/** Records what is needed, and no more. */
function record(program: ProgramData, { distinct, guards, outputs }: Merged): Recorded {
  const recorder = new Recorder(program.inputTypes);
  const needed = neededSteps(distinct, [...outputs, ...guards.map(({ condition }) => condition)]);
  const moved: Place[] = program.inputTypes.map((_, i) => i);
  const placeOf = (place: Place): Place =>
    place < 0 ? recorder.constant(distinct.constants[-1 - place] as DenseTensor) : (moved[place] as Place);
  const recordGuards = guardsInOrder(guards, ({ condition, expected }) => recorder.guard(placeOf(condition), expected));
  for (let i = 0; i <= distinct.steps.length; i++) {
    recordGuards(i);
    const step = distinct.steps[i];
    moved.push(step && needed[i] === 1 ? recorder.add({ ...step, operands: step.operands.map(placeOf) }) : Number.NaN);
  }
  return recorder.finish(outputs.map(placeOf));
}

/**
 * Simplifies a program: instructions that nothing needs are dropped, equal ones are done once, and products that are
 * structurally 0 become constants. Every bit of every result is kept.
 *
 * Kinks whose site, selection or draw differs stay apart, and nothing is merged across the wall that `checkpoint` puts
 * before what it computes again. Draws of `random` in a derivative that is taken of the simplified program are by its own
 * positions, and so differ from those of the program before.
 *
 * @param program - any program
 * @returns a program of the same function
 * @throws AdError "unsupported" when a setting of an operation cannot be written down
 * @example
 * simplify(trace((x) => add(exp(x), exp(x)), [tensor(1)])).code.primitive.length // 2
 */
export function simplify<Args extends readonly unknown[], Out>(program: Program<Args, Out>): Program<Args, Out> {
  const { argumentsForm, outputForm } = program;
  return makeProgram({ ...record(program, merge(program)), argumentsForm, outputForm });
}
