// The same program with its sums in another order.
import type { Inputs, SummedIndex } from "../door/primitive.ts";
import { isReal } from "../dtypes/dtype.ts";
import { shapeError } from "../errors/messages.ts";
import { scheduleOf, threefry } from "../kernels/threefry.ts";
import { gatherPrimitive } from "../primitives/gather.ts";
import { checkSeed, domains, key, unit } from "../primitives/random.ts";
import { DenseTensor, type TensorType } from "../tensors/tensor.ts";
import {
  guardsInOrder,
  lengthOf,
  makeProgram,
  type Place,
  type Program,
  type ProgramData,
  type Step,
  stepAt,
  typeAt,
} from "./program.ts";
import { Recorder } from "./recorder.ts";

/** Draws the order of `size` places for one index of one instruction. */
type DrawOrder = (size: number, instruction: number, index: number) => Int32Array;

/** Orders that are all alike probable, each a function of the seed and of what it is for: the shuffle of Fisher and Yates. */
function ordersFrom(seed: number): DrawOrder {
  const { data } = key(seed);
  const schedule = scheduleOf(data[0] as number, data[1] as number);
  const words = new Int32Array(2);
  return (size, instruction, index) => {
    threefry(schedule, instruction, domains.shuffle, words);
    const own = scheduleOf(words[0] as number, words[1] as number);
    const order = Int32Array.from({ length: size }, (_, i) => i);
    for (let i = size - 1; i > 0; i--) {
      threefry(own, i, index, words);
      const j = Math.floor(unit(words) * (i + 1));
      const moved = order[i] as number;
      order[i] = order[j] as number;
      order[j] = moved;
    }
    return order;
  };
}

/** The order that undoes an order. */
function inverseOf(order: Int32Array): Int32Array {
  const inverse = new Int32Array(order.length);
  order.forEach((from, to) => {
    inverse[from] = to;
  });
  return inverse;
}

/** A program under construction, in which sums run in orders that are drawn. */
class Shuffling {
  readonly recorder: Recorder;
  readonly draw: DrawOrder;

  constructor(inputTypes: readonly TensorType[], seed: number) {
    this.recorder = new Recorder(inputTypes);
    this.draw = ordersFrom(seed);
  }

  /** Adds an instruction between moves of its inputs and, where the index stays, of its result. */
  add(step: Step, inputs: readonly TensorType[], instruction: number): Place {
    const { primitive, params, dtype, site } = step;
    const sums = isReal(dtype) ? primitive.sums?.(inputs as unknown as Inputs<TensorType>, params) : undefined;
    const operands = [...step.operands];
    const unmoved: { readonly axis: number; readonly order: Int32Array }[] = [];
    sums?.forEach((summed, index) => {
      const size = sizeOf(step, inputs, summed);
      if (size < 2) return;
      const order = this.draw(size, instruction, index);
      const places = this.places(order);
      summed.inputs.forEach((axis, k) => {
        const { shape, dtype } = inputs[k] as TensorType;
        if (axis !== null) operands[k] = this.take({ shape, dtype, site }, operands[k] as Place, axis, places);
      });
      if (summed.output !== undefined) unmoved.push({ axis: summed.output, order: inverseOf(order) });
    });
    let place = this.recorder.add({ ...step, operands });
    for (const { axis, order } of unmoved) place = this.take(step, place, axis, this.places(order));
    return place;
  }

  places(order: Int32Array): Place {
    return this.recorder.constant(new DenseTensor([order.length], "i32", order));
  }

  /** The slices along an axis in another order. */
  take(like: TensorType & Pick<Step, "site">, from: Place, axis: number, places: Place): Place {
    const { shape, dtype, site } = like;
    return this.recorder.add({
      ...{ primitive: gatherPrimitive as Step["primitive"], params: axis, operands: [from, places] },
      ...{ shape, dtype, site },
    });
  }
}

/** How long an index is: as long as each axis that it is. */
function sizeOf(step: Step, types: readonly TensorType[], { inputs, output }: SummedIndex): number {
  const sizes = inputs.flatMap((axis, k) => (axis === null ? [] : [types[k]?.shape[axis]]));
  const [size] = sizes;
  if (output !== undefined) sizes.push(step.shape[output]);
  if (size !== undefined && sizes.every((other) => other === size)) return size;
  const shapes = [...types.map(({ shape }) => shape), step.shape];
  const remedy = "correct `sums` in its record";
  throw shapeError(step.primitive.name, "it sums over axes that differ", "axes of one size", shapes, remedy);
}

/** {@link shuffled}, for machines: their programs have no types of arguments. */
export function shuffleSums(program: ProgramData, seed: number): ProgramData {
  const { inputTypes, constants, guards, outputs, argumentsForm, outputForm } = program;
  const shuffling = new Shuffling(inputTypes, seed);
  const { recorder } = shuffling;
  const moved: Place[] = inputTypes.map((_, i) => i);
  const placeOf = (place: Place): Place =>
    place < 0 ? recorder.constant(constants[-1 - place] as DenseTensor) : (moved[place] as Place);
  const recordGuards = guardsInOrder(guards, ({ condition, expected }) => recorder.guard(placeOf(condition), expected));
  for (let i = 0; i <= lengthOf(program); i++) {
    recordGuards(i);
    if (i === lengthOf(program)) break;
    const step = stepAt(program, i);
    const types = step.operands.map((place) => typeAt(program, place));
    moved.push(shuffling.add({ ...step, operands: step.operands.map(placeOf) }, types, i));
  }
  return { ...recorder.finish(Array.from(outputs, placeOf)), argumentsForm, outputForm };
}

/**
 * The same program with its sums in another order: what hardware does that adds in no fixed order, and reproducible.
 *
 * Where an operation sums over whole axes, as its record says in `sums`, the inputs are permuted along them by `gather` with
 * indices that are constants of the program. The order is a function of the seed, the number of the instruction and the
 * axis. In exact arithmetic nothing changes; in floating point results move by rounding. Sums of integers stay as they
 * are, and so do those that run over no axis: taps of convolutions and windows, running sums.
 *
 * Guards, sites, selections and draws at kinks that are in the program stay as they are; a sum that decides a branch may
 * decide another way, and then the guard says so. Take derivatives and simplify first: both see instructions, and `gather`
 * is one. In a derivative of the shuffled program `atZero` with a vector of one's own would be shuffled with its norm.
 * Cost: no arithmetic; a move of each input of each sum.
 *
 * @param program - any program
 * @param seed - a whole number from 0 to 2^53 - 1; the same seed, the same program
 * @returns a program of the same function
 * @throws AdError "domain" when `seed` is not such a number; "shape" when the record of an operation of one's own names
 *   axes that differ; "unsupported" when a setting of an operation cannot be written down
 * @example
 * const x = tensor([1, 1e16, -1e16, 1]);
 * const total = trace((v) => sum(v), [x]);
 * total(x) // 0
 * shuffled(total, 4)(x) // 2
 */
export function shuffled<Args extends readonly unknown[], Out>(
  program: Program<Args, Out>,
  seed: number,
): Program<Args, Out> {
  checkSeed("shuffled", "seed", seed);
  return makeProgram(shuffleSums(program, seed));
}
