// A program that runs in WebAssembly: one call replays it.
import {
  type AdError,
  apply,
  type CompileOptions,
  type Executable,
  type ExecutableDescription,
  type Guard,
  type Place,
  type ProgramData,
  reference,
  type Tensor,
  type TensorType,
} from "@nonsmooth/ad-core";
import { CarriedState, guardError } from "@nonsmooth/ad-core/machines";
import { faultCells } from "../kernels/kernel.ts";
import { statuses } from "../lowering/barrier.ts";
import { type Carried, itemCell } from "../lowering/driver.ts";
import { type Lowered, lower, type Means } from "../lowering/lower.ts";
import { deserted, disposed } from "./errors.ts";
import { type Instance, instantiate, moduleOf } from "./instance.ts";
import { placeholder, readTensor, writeTensor } from "./memory.ts";
import type { Pool, ProgramNumber } from "./pool.ts";

/** What a machine brings to its programs. */
export interface Equipment extends Means {
  /** Null with one thread. */
  readonly pool: Pool | null;
  /** The machine, which must live as long as its programs: its threads end with it. */
  readonly owner: object;
}

/** What a program on this machine says about itself. */
export interface WasmDescription extends ExecutableDescription {
  /** Loops and kernels that the instructions have become. */
  readonly items: number;
  /** Bytes of WebAssembly. */
  readonly codeBytes: number;
  /** Bytes of all buffers, scratch memory aside. */
  readonly bufferBytes: number;
  /** The most bytes of values that live at one time: no layout needs less. */
  readonly leastBytes: number;
}

/** A result, as a run reads it. */
interface Result {
  readonly place: Place;
  /** Whether it is an input, over which what is carried may be written. */
  readonly isInput: boolean;
  /** What stands for it when it stays in memory; null when it is copied. */
  readonly stays: Tensor | null;
}

/** A program with a memory of its own. Made by the machine. */
export class WasmExecutable implements Executable {
  private readonly program: ProgramData;
  private readonly state: CarriedState;
  private readonly lowered: Lowered;
  readonly owner: object;
  private readonly pool: Pool | null;
  private readonly module: WebAssembly.Module;
  /** Null when it was disposed of. */
  private instance: Instance | null;
  /** Numbers of the inputs that never leave the machine. */
  private readonly carriedInputs: ReadonlySet<number>;
  private readonly results: readonly Result[];

  constructor(program: ProgramData, equipment: Equipment, { carry = {} }: CompileOptions) {
    const { pool } = equipment;
    this.program = program;
    this.owner = equipment.owner;
    this.state = new CarriedState(program, carry);
    const { slots } = this.state;
    this.carriedInputs = new Set(slots.flatMap(({ inputs }) => inputs));
    const carried: Carried[] = slots.flatMap(({ inputs, outputs }) =>
      inputs.map((input, i) => ({ input, output: program.outputs[outputs[i] as number] as number })),
    );
    this.lowered = lower(program, carried, equipment);
    this.pool = pool;
    this.module = moduleOf(this.lowered, pool);
    const staying = new Set(slots.flatMap(({ outputs }) => outputs));
    this.results = Array.from(program.outputs, (place, i) => ({
      ...{ place, isInput: this.isInput(place) },
      stays: staying.has(i) ? placeholder(this.typeOf(place)) : null,
    }));
    this.instance = this.begin();
  }

  run(args: readonly unknown[]): unknown {
    const { memory, start, number } = this.alive();
    this.state.inputs(args).forEach((leaf, i) => {
      if (!this.carriedInputs.has(i)) this.put(memory, i, leaf);
    });
    // A result that is an input is read now: what is carried into that input may be written over it.
    const early = this.results.map((result) => (result.isInput ? this.resultOf(memory, result) : null));
    const status = start(0, this.pool?.begin(number) ?? 1);
    if (status === statuses.deserted) throw this.deserted(number);
    if (status === statuses.failed) throw this.failure(memory);
    if (status === statuses.guarded) throw this.broken(memory);
    return this.state.keep(this.results.map((result, i) => early[i] ?? this.resultOf(memory, result)));
  }

  read(name: string): unknown {
    const { memory } = this.alive();
    this.state.read(name);
    const { form, inputs } = this.state.find(name);
    return form.build(inputs.map((input) => this.get(memory, input)));
  }

  write(name: string, tree: unknown): void {
    const { memory } = this.alive();
    this.state.write(name, tree);
    const slot = this.state.find(name);
    slot.held?.forEach((leaf, i) => {
      this.put(memory, slot.inputs[i] as number, leaf);
    });
    slot.held = slot.inputs.map((input) => placeholder(this.typeOf(input)));
  }

  describe(): WasmDescription {
    const { layout, bytes, items } = this.lowered;
    return {
      ...{ machine: "wasm", instructions: this.program.code.primitive.length, carried: this.state.names },
      ...{ items, codeBytes: bytes.length, bufferBytes: layout.end, leastBytes: layout.leastBytes },
    };
  }

  dispose(): void {
    if (this.instance !== null) {
      this.pool?.remove(this.instance.number);
      this.pool?.memories.giveBack(this.instance.memory);
    }
    this.instance = null;
    this.state.forget();
  }

  private alive(): Instance {
    if (this.instance === null) throw disposed();
    return this.instance;
  }

  /** A memory of its own that holds the constants. */
  private begin(): Instance {
    const instance = instantiate(this.module, this.lowered, this.pool);
    this.writeConstants(instance.memory);
    return instance;
  }

  private typeOf(place: number): TensorType {
    return this.lowered.values.type(place);
  }

  private addressOf(place: number): number | undefined {
    return this.lowered.layout.addresses.get(this.lowered.values.root(place));
  }

  /** Inputs that no item reads and no result is have an address too; what is written there does no harm. */
  private put(memory: WebAssembly.Memory, input: number, { data }: Tensor): void {
    writeTensor(memory, this.addressOf(input) as number, this.typeOf(input), data);
  }

  private get(memory: WebAssembly.Memory, place: number): Tensor {
    return readTensor(memory, this.addressOf(place) as number, this.typeOf(place));
  }

  private writeConstants(memory: WebAssembly.Memory): void {
    this.program.constants.forEach(({ data }, c) => {
      const [place, address] = [-1 - c, this.lowered.layout.addresses.get(-1 - c)];
      if (address !== undefined) writeTensor(memory, address, this.typeOf(place), data);
    });
  }

  private isInput(place: number): boolean {
    const root = this.lowered.values.root(place);
    return root >= 0 && root < this.program.inputTypes.length;
  }

  private resultOf(memory: WebAssembly.Memory, { place, stays }: Result): Tensor {
    return stays ?? this.get(memory, place);
  }

  /** The error of the first guard that does not hold. */
  private broken(memory: WebAssembly.Memory): AdError {
    const holds = ({ condition, expected }: Guard): boolean => (this.get(memory, condition).data[0] !== 0) === expected;
    return guardError(
      this.program,
      this.program.guards.findIndex((guard) => !holds(guard)),
    );
  }

  /**
   * A thread has ended in the middle of a run. It may still write to the memory, and what is carried may be half written: so
   * both are given up.
   */
  private deserted(number: ProgramNumber): AdError {
    this.pool?.remove(number);
    this.pool?.dispose();
    this.state.forget();
    this.instance = null;
    this.instance = this.begin();
    return deserted();
  }

  /** The error of the instruction that failed: the reference says it, on the same numbers. */
  private failure(memory: WebAssembly.Memory): unknown {
    const cells = new Int32Array(memory.buffer);
    const step = this.lowered.stepOf[cells[itemCell / 4] as number];
    cells[faultCells.flag / 4] = 0;
    if (!step) return new Error("an item failed that cannot fail");
    const { primitive, operands, types, params, site, index } = step;
    const read = (place: number, i: number): Tensor =>
      readTensor(memory, this.addressOf(place) as number, types[i] as TensorType);
    const isGuarded = this.program.guards.some(({ after }) => after <= index);
    try {
      if (isGuarded) this.replay(memory);
      else apply(primitive, operands.map(read), params, site);
    } catch (error) {
      return error;
    }
    return new Error(`${primitive.name} failed here and not on the reference machine`);
  }

  /** The whole run on the reference machine, which knows whether a guard or an instruction comes first. */
  private replay(memory: WebAssembly.Memory): void {
    const { argumentsForm, inputTypes } = this.program;
    const inputs = argumentsForm.build(inputTypes.map((_type, input) => this.get(memory, input)));
    reference()
      .compile(this.program)
      .run(inputs as readonly unknown[]);
  }
}
