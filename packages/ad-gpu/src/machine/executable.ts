// A program that was prepared for a device.
import {
  AdError,
  apply,
  type CompileOptions,
  type Data,
  type Executable,
  type ExecutableDescription,
  type Guard,
  type Place,
  type ProgramData,
  reference,
  type Tensor,
  type TensorType,
} from "@nonsmooth/ad-core";
import { CarriedState, DenseTensor, guardError, pack } from "@nonsmooth/ad-core/machines";
import type { Device, Session } from "../devices/device.ts";
import { type Lowered, lower } from "../lowering/lower.ts";
import type { Cell } from "../lowering/plan.ts";
import { beyondWhole, disposed } from "./errors.ts";
import { keyNumbers } from "./keys.ts";
import { preparePlan } from "./loops.ts";

/** What a program on this machine says about itself. */
export interface GpuDescription extends ExecutableDescription {
  /** Kernels that one run starts. */
  readonly dispatches: number;
  /** Distinct kernels among them. */
  readonly kernels: number;
  /** Bytes of memory on the device; 0 before the first run. */
  readonly bytes: number;
}

/** A program with memory of its own on a device. Made by the machine. */
export class GpuExecutable implements Executable {
  private readonly program: ProgramData;
  private readonly state: CarriedState;
  private readonly lowered: Lowered;
  /** Null when it was disposed of. */
  private session: Promise<Session> | null;
  private prepared: Session | null = null;
  /** Whatever happens on the device happens after this. */
  private turn: Promise<unknown> = Promise.resolve();
  /** Inputs that never leave the machine, and what is carried into them. */
  private readonly carried: ReadonlyMap<Place, Place>;
  /** Numbers of results that nobody is given. */
  private readonly staying: ReadonlySet<number>;
  /** Values of keys, and of what they are made of. */
  private readonly known = new Map<Place, Tensor>();

  constructor(program: ProgramData, device: Device, { carry = {} }: CompileOptions) {
    this.program = program;
    this.state = new CarriedState(program, carry);
    const { slots } = this.state;
    this.carried = new Map(
      slots.flatMap(({ inputs, outputs }) =>
        inputs.map((input, i) => [input, program.outputs[outputs[i] as number] as Place] as const),
      ),
    );
    this.staying = new Set(slots.flatMap(({ outputs }) => outputs));
    const guards = program.guards.map(({ condition }) => condition);
    this.lowered = lower(program, [...program.outputs, ...guards], this.carried);
    this.session = preparePlan(device, this.lowered.plan);
    // Who runs the program is told; until then nobody is to blame.
    this.session.catch(() => {});
  }

  /**
   * Runs with the arguments that are not carried.
   *
   * @throws AdError, in the promise, for wrong arguments, for what an instruction refuses, and for what the device refuses
   */
  run(args: readonly unknown[]): Promise<unknown> {
    return this.inTurn((session) => this.runNow(session, args));
  }

  /** The present value of something carried, as a promise. */
  read(name: string): Promise<unknown> {
    return this.inTurn(async (session) => {
      this.state.read(name);
      const { form, inputs } = this.state.find(name);
      const leaves: Tensor[] = [];
      for (const input of inputs) leaves.push(await this.valueOf(session, input));
      return form.build(leaves);
    });
  }

  write(name: string, tree: unknown): void {
    if (this.session === null) throw disposed();
    this.state.write(name, tree);
    const slot = this.state.find(name);
    const held = slot.held as readonly Tensor[];
    slot.held = slot.inputs.map((input) => placeholder(this.typeOf(input)));
    const written = this.inTurn(async (session) => {
      held.forEach((leaf, i) => {
        this.put(session, slot.inputs[i] as Place, leaf);
      });
    });
    // The next run or read fails for the same reason, and says it.
    written.catch(() => {});
  }

  describe(): GpuDescription {
    const { dispatches } = this.lowered.plan;
    return {
      ...{ machine: "gpu", instructions: this.program.code.primitive.length, carried: this.state.names },
      ...{ dispatches: dispatches.length, kernels: new Set(dispatches.map(({ stage }) => stage.source)).size },
      bytes: this.prepared?.bytes ?? 0,
    };
  }

  dispose(): void {
    this.session?.then(
      (session) => this.turn.finally(() => session.dispose()),
      () => {},
    );
    this.session = null;
    this.prepared = null;
    this.state.forget();
  }

  /** Does something when everything before it is done. */
  private inTurn<T>(what: (session: Session) => Promise<T>): Promise<T> {
    const { session } = this;
    if (session === null) return Promise.reject(disposed());
    const result = this.turn.then(async () => {
      this.prepared = await session;
      return what(this.prepared);
    });
    this.turn = result.catch(() => {});
    return result;
  }

  private async runNow(session: Session, args: readonly unknown[]): Promise<unknown> {
    this.state.inputs(args).forEach((leaf, input) => {
      if (!this.carried.has(input)) this.put(session, input, leaf);
    });
    this.computeOnHost(session);
    const { faults } = this.lowered;
    const guards = this.program.guards.map(({ condition }) => condition);
    const shown = Array.from(this.program.outputs).filter((_, i) => !this.staying.has(i));
    const places = [...new Set([...shown, ...guards].map((place) => this.root(place)))].filter(
      (place) => !this.lowered.hostPlaces.has(place),
    );
    const cells = places.map((place) => this.cellOf(place));
    const numbers = await session.run([...cells, ...faults]);
    if (numbers.slice(cells.length).some(([count]) => count !== 0)) throw await this.failure(session, args);
    const found = new Map(places.map((place, i) => [place, numbers[i] as Float32Array]));
    const valueAt = (place: Place): Tensor => this.tensorOf(place, found.get(this.root(place)));
    const broken = this.program.guards.findIndex(
      ({ condition, expected }: Guard) => (valueAt(condition).data[0] !== 0) !== expected,
    );
    if (broken >= 0) throw guardError(this.program, broken);
    const results = Array.from(this.program.outputs, (place, i) =>
      this.staying.has(i) ? placeholder(this.typeOf(place)) : valueAt(place),
    );
    this.carry(session);
    return this.state.keep(results);
  }

  /** Keys are computed here, from arguments and from what is carried. */
  private computeOnHost(session: Session): void {
    const { hostSteps, hostPlaces, keys, cells } = this.lowered;
    for (const { place, primitive, operands, types, params, site } of hostSteps) {
      const inputs = operands.map((operand, i) => seen(this.hostValue(operand), types[i] as TensorType));
      this.known.set(place, apply(primitive, inputs, params, site));
    }
    for (const [place, cell] of keys) session.write(cell, keyNumbers(this.hostValue(place)));
    for (const { place } of hostSteps) {
      const cell = cells.get(place);
      if (cell !== undefined && hostPlaces.has(place)) session.write(cell, cellNumbers(this.hostValue(place)));
    }
  }

  /** A value that the host has: what is shown of it may have another shape. */
  private hostValue(place: Place): Tensor {
    const known = place < 0 ? this.program.constants[-1 - place] : this.known.get(place);
    if (known === undefined) throw new Error(`the host has no value at ${place}`);
    return known;
  }

  private carry(session: Session): void {
    const { hostPlaces, cells } = this.lowered;
    const moves: [Cell, Cell][] = [];
    const later: [Place, Tensor][] = [];
    for (const [input, output] of this.carried) {
      const from = this.root(output);
      if (hostPlaces.has(from) || hostPlaces.has(input)) later.push([input, this.hostValue(from)]);
      else moves.push([cells.get(input) as Cell, this.cellOf(from)]);
    }
    session.copy(moves.filter(([to, from]) => to !== from));
    for (const [input, value] of later) this.put(session, input, value);
  }

  /** Gives an input its numbers: to the device, to the host, or to both. */
  private put(session: Session, input: Place, leaf: Tensor): void {
    if (this.lowered.hostPlaces.has(input)) this.known.set(input, leaf);
    const cell = this.lowered.cells.get(input);
    if (cell !== undefined) session.write(cell, cellNumbers(leaf));
  }

  private async valueOf(session: Session, input: Place): Promise<Tensor> {
    const known = this.known.get(input);
    if (known) return known;
    return this.tensorOf(input, await session.read(this.cellOf(input)));
  }

  private tensorOf(place: Place, numbers: Float32Array | undefined): Tensor {
    const { shape, dtype } = this.typeOf(place);
    if (numbers === undefined) return seen(this.hostValue(this.root(place)), { shape, dtype });
    if (dtype === "i32") checkWhole(numbers);
    return new DenseTensor(shape, dtype, pack(dtype, numbers) as Data);
  }

  private typeOf(place: Place): TensorType {
    return this.lowered.values.type(place);
  }

  private root(place: Place): Place {
    return this.lowered.values.root(place);
  }

  private cellOf(place: Place): Cell {
    return this.lowered.cells.get(this.root(place)) as Cell;
  }

  /** The error of the instruction that failed: the reference says it, on the same numbers. */
  private async failure(session: Session, args: readonly unknown[]): Promise<unknown> {
    const inputs = [...this.state.inputs(args)];
    for (const input of this.carried.keys()) inputs[input] = await this.valueOf(session, input);
    try {
      reference()
        .compile(this.program)
        .run(this.program.argumentsForm.build(inputs) as readonly unknown[]);
    } catch (error) {
      return error;
    }
    return new AdError({
      ...{ code: "backend", where: "gpu", problem: "an instruction failed here and not on the reference machine" },
      ...{ expected: "indices in their range", got: "others", remedy: "report this with the program" },
    });
  }
}

/** What stands for a tensor that stays on the machine. */
const placeholder = ({ shape, dtype }: TensorType): Tensor => new DenseTensor(shape, dtype, pack(dtype, []));

/** A copy in another shape. */
const seen = (x: Tensor, { shape, dtype }: TensorType): Tensor => new DenseTensor(shape, dtype, x.data);

/** Numbers as a device holds them. */
function cellNumbers({ data, dtype }: Tensor): Float32Array {
  if (dtype === "i32") checkWhole(data);
  return data instanceof Float32Array ? data : Float32Array.from(data);
}

/** Whole numbers have 24 bits on the device. */
function checkWhole(numbers: ArrayLike<number>): void {
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i] as number;
    if (Math.abs(value) > 2 ** 24) throw beyondWhole(value);
  }
}
