/** A program from a user's file: it exports a function, its inputs, and perhaps which of them the gradient is for. */
import { basename } from "node:path";
import { AdError, type Tensor } from "@nonsmooth/ad-core";
import { checkSettings, sizeOf } from "./settings.ts";
import type { BuiltProgram, ProgramOptions, ProgramSource } from "./types.ts";
import { argumentsFrom, kindOf } from "./userInputs.ts";
import { type Exports, loadModule } from "./userModule.ts";

type Function = (...args: never[]) => Tensor;

/**
 * Loads a `.ts`, `.mts`, `.js` or `.mjs` file, which exports
 *
 * - `f`, or a default export, or one function alone: what is differentiated;
 * - `inputs`: its arguments in a list, or a function from `n` to that list, which allows sweeps. Numbers and lists of
 *   numbers become tensors of the dtype asked for; tensors stay as they are;
 * - `wrt`, if wanted: the number of the argument that the gradient is for, or several; the first one otherwise.
 *
 * The file runs in this process with all its rights.
 *
 * @throws AdError "missing", "parse" or "data", saying what is wrong with the file
 */
export async function userProgram(path: string): Promise<ProgramSource> {
  const file = basename(path);
  const exports = await loadModule(path);
  const [name, written] = functionOf(file, exports);
  const f: Function = (...args) => called(file, `\`${name}\``, "a scalar", () => written(...args));
  if (exports.inputs === undefined) throw wrongExports(file, exports, "`inputs`", "export const inputs = [x]");
  const sweeps = typeof exports.inputs === "function" ? "the argument of the file's function `inputs`" : null;
  const description = `The function ${name} of ${file}.`;
  return {
    name: file,
    description,
    sweeps,
    build(options): BuiltProgram {
      checkSettings(file, options, sweeps === null ? [] : ["inputs"]);
      const { inputs, seed, dtype } = options;
      const args = argumentsFrom(file, listOf(file, exports.inputs, options), dtype);
      const parameters = { file: path, function: name, ...(inputs === undefined ? {} : { inputs }), seed, dtype };
      return { name: file, description, parameters, f, args, wrt: wrtOf(file, exports.wrt, args.length) };
    },
  };
}

/** The function and what it is called: `f`, the default, or the only one. */
function functionOf(file: string, exports: Exports): [string, Function] {
  const functions = Object.keys(exports).filter((name) => typeof exports[name] === "function");
  const others = functions.filter((name) => name !== "inputs");
  const name =
    ["f", "default"].find((known) => functions.includes(known)) ?? (others.length === 1 ? others[0] : undefined);
  if (name !== undefined) return [name, exports[name] as Function];
  const expected = others.length > 1 ? "one function called `f`" : "a function";
  throw wrongExports(file, exports, expected, "export const f = (x) => ...");
}

function wrongExports(file: string, exports: Exports, expected: string, example: string): AdError {
  const found = Object.keys(exports).map((name) => `${name} (${kindOf(exports[name])})`);
  return new AdError({
    code: "data",
    where: file,
    problem: "the file exports the wrong things",
    expected: `${expected} among its exports`,
    got: found.length === 0 ? "no exports" : found.join(", "),
    remedy: `write \`${example}\``,
    details: { exports: Object.keys(exports) },
  });
}

/** The list of inputs, made for `n` if the file makes it. */
function listOf(file: string, inputs: unknown, options: ProgramOptions): unknown {
  if (typeof inputs !== "function") return inputs;
  if (options.inputs !== undefined)
    return called(file, "`inputs`", "a list of inputs", () => inputs(sizeOf(file, "inputs", options.inputs as number)));
  if (inputs.length === 0) return called(file, "`inputs`", "a list of inputs", () => inputs());
  throw new AdError({
    code: "missing",
    where: file,
    problem: "its inputs are a function of n",
    expected: "n",
    got: "nothing",
    remedy: "pass --inputs, or give the parameter a default",
  });
}

/** Runs a function of the user's; what it throws is told without a stack. */
function called<T>(file: string, name: string, expected: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof AdError) throw error;
    const [problem, remedy] = [`its function ${name} throws`, "mend it"];
    throw new AdError({ code: "data", where: file, problem, expected, got: String(error), remedy });
  }
}

/** The arguments to differentiate for; the first when the file names none. */
function wrtOf(file: string, wrt: unknown, count: number): number | readonly number[] {
  if (wrt === undefined) return 0;
  const isArgument = (i: unknown): boolean => Number.isInteger(i) && (i as number) >= 0 && (i as number) < count;
  if (isArgument(wrt) || (Array.isArray(wrt) && wrt.length > 0 && wrt.every(isArgument)))
    return wrt as number | number[];
  throw new AdError({
    code: "data",
    where: file,
    problem: "`wrt` names no argument",
    expected: `a number from 0 to ${count - 1}, or a list of such numbers`,
    got: JSON.stringify(wrt) ?? kindOf(wrt),
    remedy: "count the arguments from 0",
  });
}
