// The values of a program: which of them are the same numbers, which are numbers that are known, which are seen repeated.
import type { Primitive } from "../door/primitive.ts";
import type { Data } from "../dtypes/dtype.ts";
import { AdError } from "../errors/adError.ts";
import { lengthOf, type Place, type ProgramData, stepAt, typeAt } from "../programs/program.ts";
import { type Shape, sizeOf } from "../tensors/shape.ts";
import type { TensorType } from "../tensors/tensor.ts";

/** One instruction of a program, as a machine sees it. */
export interface PlacedStep {
  /** Counted from 0. */
  readonly index: number;
  readonly place: Place;
  readonly primitive: Primitive;
  readonly params: unknown;
  readonly site: string;
  /** Places of the numbers that it takes: never those of a copy. */
  readonly operands: readonly Place[];
  /** Their types as the instruction sees them: a copy may have another shape. */
  readonly types: readonly TensorType[];
  readonly type: TensorType;
}

/** Records whose result is their first operand, number by number. */
const copies: ReadonlySet<string> = new Set(["reshape", "stopGradient", "barrier", "customValue"]);

/** A value that repeats the elements of another. */
export interface Repeated<V> {
  readonly source: Place;
  readonly view: V;
}

/** A value that is another with its last two axes exchanged. */
export interface Exchanged {
  readonly source: Place;
  /** Its type as the exchange sees it. */
  readonly type: TensorType;
}

/** Whether an order of axes exchanges the last two, and leaves the others. */
const exchangesLast = (order: readonly number[]): boolean =>
  order.length > 1 && order.every((axis, i) => axis === (i < order.length - 2 ? i : 2 * order.length - 3 - i));

/** What is known of the values of a program before it runs. */
export class Values<V> {
  readonly program: ProgramData;
  readonly steps: readonly PlacedStep[];
  /** Values that are written nowhere unless someone needs them in memory. */
  readonly repeated: ReadonlyMap<Place, Repeated<V>>;
  /** Values that kernels which can read either way need not have in memory. */
  readonly exchanged: ReadonlyMap<Place, Exchanged>;
  private readonly roots: ReadonlyMap<Place, Place>;
  private readonly byPlace: ReadonlyMap<Place, PlacedStep>;
  private readonly numbers = new Map<Place, number | null>();

  /** `viewOf` says how a machine sees a tensor repeated, or null where it needs the repeated elements in memory. */
  constructor(program: ProgramData, viewOf: (from: Shape, to: Shape) => V | null) {
    this.program = program;
    const [roots, repeated, steps] = [new Map<Place, Place>(), new Map<Place, Repeated<V>>(), [] as PlacedStep[]];
    this.roots = roots;
    this.repeated = repeated;
    const exchanged = new Map<Place, Exchanged>();
    this.exchanged = exchanged;
    this.steps = steps;
    for (let index = 0; index < lengthOf(program); index++) {
      const { primitive, params, site, operands, shape, dtype } = stepAt(program, index);
      const place = program.inputTypes.length + index;
      const [source = place, ...rest] = operands.map((operand) => this.root(operand));
      const isBroadcast = primitive.name === "broadcastTo";
      // A broadcast that adds axes of size 1 repeats nothing.
      const isCopy = isBroadcast && this.size(operands[0] as Place) === sizeOf(shape);
      if (isCopy || copies.has(primitive.name)) {
        roots.set(place, source);
        continue;
      }
      const view = isBroadcast ? viewOf(this.type(operands[0] as Place).shape, shape) : null;
      if (view) repeated.set(place, { source, view });
      if (primitive.name === "transpose" && exchangesLast(params as readonly number[]))
        exchanged.set(place, { source, type: this.type(operands[0] as Place) });
      const all = operands.length === 0 ? [] : [source, ...rest];
      const types = operands.map((operand) => this.type(operand));
      steps.push({ index, place, primitive, params, site, operands: all, types, type: { shape, dtype } });
    }
    this.byPlace = new Map(steps.map((step) => [step.place, step]));
  }

  /** The instruction whose result stands at a place. */
  stepAt(place: Place): PlacedStep {
    return this.byPlace.get(place) as PlacedStep;
  }

  /** Whether an instruction computes the value at a place, and not an argument, a constant or a copy. */
  hasStep(place: Place): boolean {
    return this.byPlace.has(place);
  }

  /** Where the numbers of a value come from. */
  root(place: Place): Place {
    return this.roots.get(place) ?? place;
  }

  type(place: Place): TensorType {
    return typeAt(this.program, place);
  }

  size(place: Place): number {
    return sizeOf(this.type(place).shape);
  }

  /** The number of a constant all of whose elements are the same, bit by bit; null for other values. */
  number(place: Place): number | null {
    if (place >= 0) return null;
    const known = this.numbers.get(place);
    if (known !== undefined) return known;
    const found = onlyNumber(this.program.constants[-1 - place]?.data as Data);
    this.numbers.set(place, found);
    return found;
  }
}

function onlyNumber(data: Data): number | null {
  const first = data[0];
  if (first === undefined) return null;
  for (let i = 1; i < data.length; i++) if (!Object.is(data[i], first)) return null;
  return first;
}

/** An instruction that this machine has no code for. */
export function withoutKernel(machine: string, { primitive, site }: PlacedStep): AdError {
  const got = `${primitive.name}${site === "" ? "" : `@${site}`}`;
  const [problem, expected] = ["an instruction has no kernel", "the operations of ad-core and elementary ones"];
  const remedy = "run the program on the reference machine, or state the operation with elementary";
  return new AdError({ code: "unsupported", where: machine, problem, expected, got, remedy });
}
