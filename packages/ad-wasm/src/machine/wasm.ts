// The machine: programs compiled to WebAssembly.
import { AdError, type CompileOptions, type DType, dtypes, type Machine, type ProgramData } from "@nonsmooth/ad-core";
import { checkSeed, shuffleSums } from "@nonsmooth/ad-core/machines";
import { kernels } from "../kernels/index.ts";
import { WasmExecutable } from "./executable.ts";
import { requireFused } from "./fused.ts";
import { presentHost } from "./hosts.ts";
import { Pool } from "./pool.ts";
import { turnOnWide } from "./wide.ts";

/** Settings of {@link wasm}. */
export interface WasmOptions {
  /** Threads that a run may use, the calling one included; 1 when absent. */
  readonly threads?: number;
  /** Whether the engine shall join pairs of vectors to ones of 256 bits, where it can; false when absent. */
  readonly wide?: boolean;
  /** Whether products are added in one rounding: results may differ from the reference, and between hosts; false when absent. */
  readonly fma?: boolean;
  /** A seed: programs are compiled with their sums in an order that it draws, as `shuffled` of ad-core does. */
  readonly shuffled?: number;
}

/** The settings with what stands for those that are absent. */
interface Checked extends Required<Omit<WasmOptions, "shuffled">> {
  readonly shuffled: number | null;
}

/** The machine that compiles programs to WebAssembly. */
export interface WasmMachine extends Machine {
  readonly name: "wasm";
  readonly dtypes: readonly DType[];
  /** How many threads a run may have: 1 where the host has none to give. */
  readonly threads: number;
  /** Whether vectors have 256 bits. */
  readonly wide: boolean;
  /** Why they have not; null when they have. */
  readonly wideReason: string | null;
  /** Whether products are fused with additions. */
  readonly fma: boolean;
  /** The seed of the order of sums; null when they run as their operations state. */
  readonly shuffled: number | null;
  compile(program: ProgramData, options?: CompileOptions): WasmExecutable;
  /** Ends the threads: runs have one from then on. */
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
 * has none to give, as a page that is not isolated from other origins, a run has one. In the main thread of a browser, which must
 * not sleep, a run waits for the others awake. When a thread ends, the machine goes on with one.
 *
 * With `wide` products use vectors of 256 bits where the engine can join pairs of those that WebAssembly has, which is V8 of Node
 * 24 or newer on x64, with a flag that is on only while such code is compiled. The bits stay the same: that is tried in each
 * process first. Elsewhere, and where the trial fails, the machine works as ever, `wide` is false and `wideReason` says why. With
 * `fma` a product and the addition behind it are rounded once, in products of matrices and convolutions: faster where it
 * helps, close to the reference (a sum of n products within n roundings of the sum of their sizes) and not equal to it; results
 * may differ between processors.
 *
 * With `shuffled` the terms of sums are taken in an order that a seed draws; the bits are those of the reference machine with
 * the same seed.
 * Cost: compiling takes milliseconds for hundreds of instructions; a program has a memory of its own, of at most 4 GiB. Memory that
 * threads share serves later programs of the machine when a program is disposed of.
 *
 * @param options - `threads` (1), `wide` (false), `fma` (false), `shuffled`
 * @returns the machine
 * @throws AdError "domain" for threads that are not whole or not from 1 to 64, or a `shuffled` that is no whole number from 0
 *   to 2^53 - 1, or a `wide` or `fma` that is neither true nor false; "unsupported" for `fma` where the host has none; when compiling, "backend" for a program that is too large or that the host has no memory for
 * @example
 * const step = trace((w, x) => ({ w: add(w, x), twice: mul(x, 2) }), [tensor(0), tensor(0)]);
 * const running = compile(step, wasm(), { carry: { w: 0 } });
 * running.write("w", tensor(10));
 * running.run([tensor(3)]) // { twice: 6 }
 * running.read("w") // 13
 * const { wide, wideReason } = wasm({ wide: true });
 * wide === (wideReason === null) // true
 */
export function wasm(options: WasmOptions = {}): WasmMachine {
  const { threads: asked, wide, fma, shuffled } = checked(options);
  if (fma) requireFused();
  const wideReason = wide ? turnOnWide(fma) : "it was not asked for";
  const vectors = { isWide: wideReason === null, isFused: fma };
  const host = asked > 1 ? presentHost() : null;
  const threads = host === null ? 1 : asked;
  const pool = host === null ? null : new Pool(host, threads - 1);
  const machine: WasmMachine = {
    ...{ name: "wasm", dtypes, threads, wide: vectors.isWide, wideReason, fma, shuffled },
    compile(program, settings = {}) {
      const ordered = shuffled === null ? program : shuffleSums(program, shuffled);
      return new WasmExecutable(ordered, { kernels, threads, vectors, pool, owner: machine }, settings);
    },
    dispose: () => pool?.dispose(),
  };
  if (pool) forgotten.register(machine, pool);
  return machine;
}

function checked({ threads = 1, wide = false, fma = false, shuffled, ...others }: WasmOptions): Checked {
  const odd = Object.keys(others).join(", ");
  if (odd !== "") throw refused("an unknown setting", "threads, wide, fma, shuffled", odd, "check the spelling");
  if (!(Number.isSafeInteger(threads) && threads >= 1 && threads <= 64)) {
    const [expected, remedy] = ["a whole number from 1 to 64", "2 to the number of cores is usual"];
    throw refused("threads out of range", expected, String(threads), remedy);
  }
  for (const [name, value] of Object.entries({ wide, fma }))
    if (typeof value !== "boolean")
      throw refused(`${name} is no condition`, "true or false", String(value), "say which");
  if (shuffled !== undefined) checkSeed("wasm", "shuffled", shuffled);
  return { threads, wide, fma, shuffled: shuffled ?? null };
}

const refused = (problem: string, expected: string, got: string, remedy: string): AdError =>
  new AdError({ code: "domain", where: "wasm", problem, expected, got, remedy });
