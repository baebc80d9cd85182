// The reference machine: the definition of every operation in every format.
import type { Accumulate } from "../arithmetic/formats.ts";
import { eagerly, within } from "../door/interpreter.ts";
import { dtypes } from "../dtypes/dtype.ts";
import { AdError } from "../errors/adError.ts";
import { checkSettings, domainError } from "../errors/messages.ts";
import { CarriedState } from "../programs/carry.ts";
import type { CompileOptions, Executable, ExecutableDescription, Machine } from "../programs/machine.ts";
import { lengthOf, type ProgramData, replay } from "../programs/program.ts";

/** Settings of {@link reference}. */
export interface ReferenceOptions {
  /** The format that sums of `f16` and `bf16` are kept in: `f32` (the default), or the `storage` format itself. */
  readonly accumulate?: Accumulate;
}

/** The machine that defines what results are. */
export interface ReferenceMachine extends Machine {
  readonly name: "reference";
  readonly accumulate: Accumulate;
  /** Runs `body` at once with this machine's settings, at the bottom of whatever transforms it contains. */
  eager<T>(body: () => T): T;
}

/** A recorded program that replays on the reference machine; carried values are kept between runs. */
class ReferenceExecutable implements Executable {
  readonly program: ProgramData;
  readonly machine: ReferenceMachine;
  readonly state: CarriedState;
  isDisposed = false;

  constructor(program: ProgramData, machine: ReferenceMachine, options: CompileOptions) {
    this.program = program;
    this.machine = machine;
    this.state = new CarriedState(program, options.carry ?? {});
  }

  run(args: readonly unknown[]): unknown {
    this.checkAlive();
    const inputs = this.state.inputs(args);
    const outputs = this.machine.eager(() => replay(this.program, inputs));
    return this.state.keep(outputs);
  }

  read(name: string): unknown {
    this.checkAlive();
    return this.state.read(name);
  }

  write(name: string, tree: unknown): void {
    this.checkAlive();
    this.state.write(name, tree);
  }

  describe(): ExecutableDescription {
    return { machine: "reference", instructions: lengthOf(this.program), carried: this.state.names };
  }

  dispose(): void {
    this.isDisposed = true;
    this.state.forget();
  }

  checkAlive(): void {
    if (!this.isDisposed) return;
    const [expected, got] = ["a program that is still in use", "one that was disposed of"];
    const remedy = "compile the program again";
    throw new AdError({ code: "backend", where: "Executable", problem: "it was disposed of", expected, got, remedy });
  }
}

/**
 * The reference machine. Operations that are called outside of it run on one with default settings.
 *
 * `+ - * / √`, comparisons, casts and moves are correctly rounded in each format. `exp log sin cos tanh pow erf` and
 * their kin are the engine's own, at most 1 ulp off in `f64`, rounded once to narrower formats, the same on every host.
 * Sums run in the order that their operation states.
 *
 * @param options - `accumulate`
 * @returns the machine
 * @throws AdError "domain" for an unknown `accumulate`
 * @example
 * const x = full([40000], 0.1, { dtype: "f16" });
 * sum(x) // 4000
 * reference({ accumulate: "storage" }).eager(() => sum(x)) // 3932
 */
export function reference(options: ReferenceOptions = {}): ReferenceMachine {
  checkSettings("reference", options, ["accumulate"]);
  const { accumulate = "f32" } = options;
  if (accumulate !== "f32" && accumulate !== "storage") {
    throw domainError("reference", "accumulate", '"f32" or "storage"', accumulate, "name one of them");
  }
  const interpreter = eagerly(accumulate);
  const machine: ReferenceMachine = {
    name: "reference",
    dtypes,
    accumulate,
    eager: (body) => within(interpreter, body),
    compile: (program, settings = {}) => new ReferenceExecutable(program, machine, settings),
  };
  return machine;
}
