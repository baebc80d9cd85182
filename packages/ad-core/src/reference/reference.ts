// The reference machine: the definition of every operation in every format.
import type { Accumulate } from "../arithmetic/formats.ts";
import { eagerly, within } from "../door/interpreter.ts";
import type { Interpreter } from "../door/roles.ts";
import { dtypes } from "../dtypes/dtype.ts";
import { AdError } from "../errors/adError.ts";
import { checkSettings, domainError } from "../errors/messages.ts";
import { checkSeed } from "../primitives/random.ts";
import { CarriedState } from "../programs/carry.ts";
import type { CompileOptions, Executable, ExecutableDescription, Machine } from "../programs/machine.ts";
import { lengthOf, type ProgramData, replay } from "../programs/program.ts";
import { shuffleSums } from "../programs/shuffled.ts";

/** Settings of {@link reference}. */
export interface ReferenceOptions {
  /** The format that sums of `f16` and `bf16` are kept in: `f32` (the default), or the `storage` format itself. */
  readonly accumulate?: Accumulate;
  /** A seed: programs are compiled with their sums in an order that it draws, as `shuffled` does. */
  readonly shuffled?: number;
}

/** The machine that defines what results are. */
export interface ReferenceMachine extends Machine {
  readonly name: "reference";
  readonly accumulate: Accumulate;
  /** The seed of the order of sums; null when they run as their operations state. */
  readonly shuffled: number | null;
  /** Runs `body` at once with this machine's settings, at the bottom of whatever transforms it contains. */
  eager<T>(body: () => T): T;
}

/** A recorded program that replays on the reference machine; carried values are kept between runs. */
class ReferenceExecutable implements Executable {
  readonly program: ProgramData;
  readonly interpreter: Interpreter;
  readonly state: CarriedState;
  isDisposed = false;

  constructor(program: ProgramData, interpreter: Interpreter, options: CompileOptions) {
    this.program = program;
    this.interpreter = interpreter;
    this.state = new CarriedState(program, options.carry ?? {});
  }

  run(args: readonly unknown[]): unknown {
    this.checkAlive();
    const inputs = this.state.inputs(args);
    const outputs = within(this.interpreter, () => replay(this.program, inputs));
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

/** What is called at once is no numbered instruction, so no order can be drawn for it. */
function refuseEager(): never {
  const [problem, expected] = ["sums in another order need a program", "a program that trace has recorded"];
  const [got, remedy] = ["operations that are called at once", "compile a program for this machine"];
  throw new AdError({ code: "unsupported", where: "eager", problem, expected, got, remedy });
}

/**
 * The reference machine. Operations that are called outside of it run on one with default settings.
 *
 * `+ - * / √`, comparisons, casts and moves are correctly rounded in each format. `exp log sin cos tanh pow erf` and
 * their kin are the engine's own, at most 1 ulp off in `f64`, rounded once to narrower formats, the same on every host.
 * Sums run in the order that their operation states, or with `shuffled` in one that a seed draws for each of a program.
 *
 * @param options - `accumulate`, `shuffled`
 * @returns the machine; with `shuffled` it compiles programs only, and `eager` throws AdError "unsupported"
 * @throws AdError "domain" for an unknown `accumulate`, or a `shuffled` that is no whole number from 0 to 2^53 - 1
 * @example
 * const x = full([40000], 0.1, { dtype: "f16" });
 * sum(x) // 4000
 * reference({ accumulate: "storage" }).eager(() => sum(x)) // 3932
 * const v = tensor([1, 1e16, -1e16, 1]);
 * compile(trace((u) => sum(u), [v]), reference({ shuffled: 4 })).run([v]) // 2
 */
export function reference(options: ReferenceOptions = {}): ReferenceMachine {
  checkSettings("reference", options, ["accumulate", "shuffled"]);
  const { accumulate = "f32", shuffled } = options;
  if (accumulate !== "f32" && accumulate !== "storage") {
    throw domainError("reference", "accumulate", '"f32" or "storage"', accumulate, "name one of them");
  }
  if (shuffled !== undefined) checkSeed("reference", "shuffled", shuffled);
  const interpreter = eagerly(accumulate);
  return {
    name: "reference",
    dtypes,
    accumulate,
    shuffled: shuffled ?? null,
    eager: (body) => (shuffled === undefined ? within(interpreter, body) : refuseEager()),
    compile(program, settings = {}) {
      const ordered = shuffled === undefined ? program : shuffleSums(program, shuffled);
      return new ReferenceExecutable(ordered, interpreter, settings);
    },
  };
}
