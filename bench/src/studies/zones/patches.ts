/** Which cells of an image inside a network are the same function of the network's parameters. */
import type { ProgramData, Shape } from "@nonsmooth/ad-core";
import { lengthOf, stepAt, typeAt } from "@nonsmooth/ad-core/machines";
import { type Look, type Origin, placesOf, type SamePlaces, type Window } from "./cells.ts";

type Pair = readonly [number, number];
type Looking = { readonly size: Shape; readonly stride: Shape; readonly padding: Shape };

/** The instructions that look at cells through a window, with the settings of the window. */
const windowed: Readonly<Record<string, (params: never) => Looking>> = {
  conv2d: ({ filter, stride, padding }: Looking & { filter: Shape }) => ({ size: filter.slice(2), stride, padding }),
  maxPool2d: ({ window: size, stride, padding }: Looking & { window: Shape }) => ({ size, stride, padding }),
};

/** What each value of a program is made of, as far as it is an image. */
class Origins {
  readonly #program: ProgramData;
  readonly #known = new Map<number, Origin | null>();
  readonly #moving: Uint8Array;

  constructor(program: ProgramData, x: number) {
    this.#program = program;
    this.#known.set(x, { kind: "pixels", ...this.#size(x) });
    this.#moving = dependents(program, x);
  }

  /** The origin of the value at a place. */
  at(place: number): Origin | null {
    const known = this.#known.get(place);
    if (known !== undefined) return known;
    const found = place < this.#program.inputTypes.length ? null : this.#made(place);
    this.#known.set(place, found);
    return found;
  }

  #made(place: number): Origin | null {
    const { primitive, params, operands } = stepAt(this.#program, place - this.#program.inputTypes.length);
    const [first = 0, second] = operands;
    const look = windowed[primitive.name];
    if (look !== undefined) return this.#throughWindow(place, first, second, look(params as never));
    if (primitive.name === "relu")
      return this.#from(first, (of) => ({ kind: "relu", of, number: this.#numberOf(place) }));
    if (primitive.name === "normalize") return isOfChannels(params) ? this.at(first) : null;
    if (primitive.statement === undefined && primitive.name !== "cast") return null;
    return this.#together(place, operands);
  }

  #size(place: number): { channels: number; cells: number } {
    const [, channels = 1, rows = 1, columns = 1] = typeAt(this.#program, place).shape;
    return { channels, cells: rows * columns };
  }

  #from(x: number, make: (of: Origin) => object): Origin | null {
    const of = this.at(x);
    return of && ({ ...make(of), channels: of.channels, cells: of.cells } as Origin);
  }

  #throughWindow(place: number, x: number, filter: number | undefined, looking: Looking): Origin | null {
    const of = this.#isFixed(filter) ? this.at(x) : null;
    if (of === null) return null;
    const about = { of, window: this.#window(x, place, looking), ...this.#size(place) };
    return filter === undefined
      ? { kind: "pool", number: this.#numberOf(place), ...about }
      : { kind: "convolution", ...about };
  }

  /** Which of the instructions of its name it is. */
  #numberOf(place: number): number {
    const index = place - this.#program.inputTypes.length;
    return stepsCalled(this.#program, stepAt(this.#program, index).primitive.name).indexOf(index);
  }

  #window(from: number, to: number, { size, stride, padding }: Looking): Window {
    const [[, , rows = 0, width = 0], made] = [typeAt(this.#program, from).shape, typeAt(this.#program, to).shape];
    const pairs = { size: size as Pair, stride: stride as Pair, padding: padding as Pair };
    return { ...pairs, from: [rows, width], columns: made[3] as number };
  }

  /** Cell by cell of several images, and of numbers that each channel has one of. */
  #together(place: number, operands: readonly number[]): Origin | null {
    const images = operands.filter((operand) => !this.#isPerChannel(operand)).map((operand) => this.at(operand));
    if (images.length === 0 || images.includes(null)) return null;
    return images.length === 1 ? (images[0] as Origin) : { kind: "all", of: images as Origin[], ...this.#size(place) };
  }

  #isFixed(place: number | undefined): boolean {
    return place === undefined || place < 0 || this.#moving[place] === 0;
  }

  /** The same for all samples and cells: spread from one number for each channel. */
  #isPerChannel(place: number): boolean {
    if (!this.#isFixed(place) || place < this.#program.inputTypes.length) return false;
    const { primitive, operands } = stepAt(this.#program, place - this.#program.inputTypes.length);
    if (primitive.name !== "broadcastTo") return false;
    const shape = typeAt(this.#program, operands[0] as number).shape;
    const [samples, , rows, columns] = [...new Array<number>(4 - shape.length).fill(1), ...shape];
    return samples === 1 && rows === 1 && columns === 1;
  }
}

/** Statistics of whole channels are the same for all cells. */
function isOfChannels(params: unknown): boolean {
  const { axes } = params as { readonly axes: readonly number[] };
  return axes.join() === "0,2,3";
}

/** The instructions of one name, such as all relus of a program. */
export const stepsCalled = (program: ProgramData, name: string): number[] =>
  Array.from({ length: lengthOf(program) }, (_, i) => i).filter((i) => stepAt(program, i).primitive.name === name);

/** For each value whether it depends on an input. */
function dependents(program: ProgramData, x: number): Uint8Array {
  const inputs = program.inputTypes.length;
  const moving = new Uint8Array(inputs + lengthOf(program));
  moving[x] = 1;
  for (let i = 0; i < lengthOf(program); i++) {
    const { operands } = stepAt(program, i);
    if (operands.some((place) => place >= 0 && moving[place] === 1)) moving[inputs + i] = 1;
  }
  return moving;
}

/**
 * Compares cells by what they are made of: a convolution of equal cells in equal places is equal, a pooling of equal
 * largest cells, and so is what happens to each cell alone, also with one number for each channel, such as a bias or a
 * batch norm. Anything else is not understood. What is said to be the same is the same over the reals.
 *
 * @param program - of one argument that is images, `[batch, channels, height, width]`, and of parameters
 * @param x - the place of the images among its inputs
 * @returns for an instruction that is a max-pooling, and a mini-batch, what compares the places of its windows
 */
export function patchesOf(program: ProgramData, x: number): (index: number, look: Look) => SamePlaces {
  const origins = new Origins(program, x);
  return (index, look) => placesOf(origins.at(program.inputTypes.length + index), look);
}
