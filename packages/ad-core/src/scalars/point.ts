// A scalar program at one point, where both modes start.
import { AdError } from "../errors/adError.ts";
import { checkSettings } from "../errors/messages.ts";
import type { TransformOptions } from "../transforms/options.ts";
import { checkNumbers } from "./checks.ts";
import { Choices } from "./choices.ts";
import { Pushforward } from "./forward.ts";
import type { ScalarProgram } from "./program.ts";
import { Pullback } from "./reverse.ts";

/** The values of all cells of a program, and its derivative there. */
export class ScalarPoint {
  readonly program: ScalarProgram;
  readonly numbers: Float64Array;
  /** The points at which called programs ran, in the order of the calls. */
  readonly called: readonly ScalarPoint[];

  constructor(program: ScalarProgram, values: Float64Array, called: readonly ScalarPoint[]) {
    this.program = program;
    this.numbers = values;
    this.called = called;
  }

  /** One number for each cell. */
  get values(): Float64Array {
    this.program.memory.checkOwn();
    return this.numbers;
  }

  /** One number for each output. */
  get outputs(): Float64Array {
    const { values } = this;
    return Float64Array.from(this.program.outputs, (cell) => values[cell] as number);
  }

  /**
   * Reverse mode: the sum of the gradients of the outputs, weighted with their cotangents.
   *
   * At kinks it takes what the selection says. A cotangent or a partial that is exactly 0 gives 0, whatever it is
   * multiplied with, so that NaN stays out of branches not taken. Cost: at most two products and two additions for each
   * instruction, and its partials; called programs cost what they would cost written out.
   *
   * @param cotangents - one number for each output; 1 when absent, for a program of one output
   * @param options - `select`
   * @returns one number for each input
   * @throws AdError "missing" without cotangents for several outputs; "shape" for another number of them; "selection" for
   *   a choice that fits no kink
   */
  reverse(cotangents?: ArrayLike<number>, options: TransformOptions = {}): Float64Array {
    const { pullback, seeds } = reverseRun(this.program, cotangents, options);
    return pullback.gradient(this, seeds);
  }

  /**
   * Forward mode: how the outputs move when the inputs move in each of several directions.
   *
   * At kinks it takes what the selection says, as {@link reverse} does; so it is the directional derivative off kinks only.
   * Cost: for each instruction its partials, and two products and one addition for each direction.
   *
   * @param tangents - a list of directions, each of one number for each input
   * @param options - `select`
   * @returns for each direction one number for each output
   * @throws AdError "shape" for a direction of another length; "selection" for a choice that fits no kink
   */
  forward(tangents: readonly ArrayLike<number>[], options: TransformOptions = {}): Float64Array[] {
    const where = "ScalarPoint.forward";
    checkSettings(where, options, ["select"]);
    for (const direction of tangents) checkNumbers(where, "tangents", direction, this.program.inputs.length);
    return new Pushforward(new Choices(where, options.select, this.program), tangents.length).push(this, tangents);
  }
}

/** What a reverse run of a program needs, once its arguments are checked. */
export function reverseRun(
  program: ScalarProgram,
  cotangents: ArrayLike<number> | undefined,
  options: TransformOptions,
): { readonly pullback: Pullback; readonly seeds: ArrayLike<number> } {
  const where = "ScalarPoint.reverse";
  checkSettings(where, options, ["select"]);
  const { outputs } = program;
  const seeds = cotangents ?? [1];
  if (cotangents === undefined && outputs.length !== 1) throw missing(outputs.length);
  checkNumbers(where, "cotangents", seeds, outputs.length);
  return { pullback: new Pullback(new Choices(where, options.select, program)), seeds };
}

function missing(outputs: number): AdError {
  const remedy = "pass one number for each output";
  const [expected, got] = ["one output", `${outputs} outputs`];
  return new AdError({
    code: "missing",
    where: "ScalarPoint.reverse",
    problem: "no cotangents",
    expected,
    got,
    remedy,
  });
}
