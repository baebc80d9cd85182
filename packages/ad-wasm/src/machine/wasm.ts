// The machine: programs compiled to WebAssembly.
import { AdError, type CompileOptions, type DType, dtypes, type Machine, type ProgramData } from "@nonsmooth/ad-core";
import { kernels } from "../kernels/index.ts";
import { WasmExecutable } from "./executable.ts";
import { Pool, workerThreads } from "./pool.ts";

/** Settings of {@link wasm}. */
export interface WasmOptions {
  /** Threads that a run may use, the calling one included; 1 when absent. */
  readonly threads?: number;
}

/** The machine that compiles programs to WebAssembly. */
export interface WasmMachine extends Machine {
  readonly name: "wasm";
  readonly dtypes: readonly DType[];
  /** How many threads a run may have: 1 where the host has none to give. */
  readonly threads: number;
  compile(program: ProgramData, options?: CompileOptions): WasmExecutable;
  /** Ends the threads; programs of this machine must not run any more. */
  dispose(): void;
}

/** Ends the threads of machines that nobody holds any more. */
const forgotten = new FinalizationRegistry<Pool>((pool) => pool.dispose());

/**
 * The fast machine on the CPU: a program becomes one WebAssembly module with vector instructions, and a run is one call.
 *
 * Its results have the bits of the reference machine, in every format, on every host and with any number of threads: sums
 * run in the order that their operation states, and `exp`, `log` and their kin are the engine's own code. Operations that
 * an `elementary` statement defines run here too. Sums of `f16` and `bf16` are kept in 32 bits.
 *
 * Threads start in the background and take part as soon as they are there; they never keep a process alive. Where a host
 * has none to give, as a browser, a run has one.
 * Cost: compiling takes milliseconds for hundreds of instructions; a program has a memory of its own, of at most 4 GiB.
 *
 * @param options - `threads` (1)
 * @returns the machine
 * @throws AdError "domain" for threads that are not whole or not from 1 to 64
 * @example
 * const step = trace((w, x) => ({ w: add(w, x), twice: mul(x, 2) }), [tensor(0), tensor(0)]);
 * const running = compile(step, wasm(), { carry: { w: 0 } });
 * running.write("w", tensor(10));
 * running.run([tensor(3)]) // { twice: 6 }
 * running.read("w") // 13
 */
export function wasm(options: WasmOptions = {}): WasmMachine {
  const asked = checkThreads(options);
  const host = asked > 1 ? workerThreads() : null;
  const threads = host === null ? 1 : asked;
  const pool = host === null ? null : new Pool(host, threads - 1);
  const machine: WasmMachine = {
    ...{ name: "wasm", dtypes, threads },
    compile: (program, settings = {}) =>
      new WasmExecutable(program, { kernels, threads, pool, owner: machine }, settings),
    dispose: () => pool?.dispose(),
  };
  if (pool) forgotten.register(machine, pool);
  return machine;
}

function checkThreads({ threads = 1, ...others }: WasmOptions): number {
  const odd = Object.keys(others);
  const [where, remedy] = ["wasm", "check the spelling"];
  if (odd.length > 0) {
    const [problem, expected, got] = ["an unknown setting", "threads", odd.join(", ")];
    throw new AdError({ code: "domain", where, problem, expected, got, remedy });
  }
  if (Number.isSafeInteger(threads) && threads >= 1 && threads <= 64) return threads;
  const [problem, expected, got] = ["threads out of range", "a whole number from 1 to 64", String(threads)];
  throw new AdError({ code: "domain", where, problem, expected, got, remedy: "2 to the number of cores is usual" });
}
