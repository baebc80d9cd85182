// Random programs over the dictionary of operations.
import { mul, sum, type Tensor, tensor } from "@nonsmooth/ad-core";
import fc from "fast-check";
import { jumpingSteps, kinkedSteps, type Step, smoothSteps } from "./steps.ts";
import { kinkyTensor, smoothTensors } from "./tensors.ts";

/** A straight-line program of operations on matrices of shape [3, 3], with bounded values. */
export interface RandomProgram {
  /** Number of inputs. */
  readonly inputs: number;
  /** The last value, [3, 3]. */
  readonly run: (...inputs: Tensor[]) => Tensor;
  /** A weighted sum of the last value: a scalar function to differentiate. */
  readonly loss: (...inputs: Tensor[]) => Tensor;
  /** The least distance from a kink or a jump that the program meets in a run on these inputs. */
  readonly gap: (...inputs: Tensor[]) => number;
  /** Inputs that land on kinks. */
  readonly kinky: fc.Arbitrary<Tensor[]>;
  /** Inputs that stay clear of kinks; values in the middle of the program may still land on one, which `gap` tells. */
  readonly smooth: fc.Arbitrary<Tensor[]>;
  /** The program as code. */
  readonly toString: () => string;
}

/** Settings of {@link randomProgram}. */
export interface ProgramOptions {
  /** Number of inputs; 2 when absent. */
  readonly inputs?: number;
  /** Number of steps; 5 when absent. */
  readonly steps?: number;
  /** Whether there are operations with kinks; true when absent. */
  readonly kinked?: boolean;
  /** Whether there are operations that jump; false when absent. */
  readonly jumps?: boolean;
}

/** One step, and the numbers of the values that it takes. */
interface Line {
  readonly step: Step;
  readonly operands: readonly [number, number, number];
}

const shape = [3, 3];
const weightsOfLoss = tensor([
  [1, -2, 3],
  [0.5, 1, -1],
  [2, 0.25, -0.5],
]);

/** All values of a run, inputs first, and what `see` is told of each step. */
function runLines(
  lines: readonly Line[],
  inputs: readonly Tensor[],
  see?: (line: Line, values: Tensor[]) => void,
): Tensor {
  const values = [...inputs];
  for (const line of lines) {
    const operands = line.operands.map((i) => values[i] as Tensor) as [Tensor, Tensor, Tensor];
    see?.(line, operands);
    values.push(line.step.run(...operands));
  }
  return values.at(-1) as Tensor;
}

function gapOf(lines: readonly Line[], inputs: readonly Tensor[]): number {
  let gap = Infinity;
  runLines(lines, inputs, ({ step }, [a, b]) => {
    if (step.gap) gap = Math.min(gap, step.gap(a as Tensor, b as Tensor));
  });
  return gap;
}

function printLines(lines: readonly Line[], inputs: number): string {
  const name = (i: number): string => (i < inputs ? `x${i}` : `v${i}`);
  const body = lines.map(({ step, operands: [a, b, c] }, i) => {
    const names: Record<string, string> = { a: name(a), b: name(b), c: name(c) };
    return `  const v${inputs + i} = ${step.text.replace(/\b[abc]\b/g, (letter) => names[letter] as string)};`;
  });
  const parameters = Array.from({ length: inputs }, (_, i) => name(i)).join(", ");
  return [`(${parameters}) => {`, ...body, `  return ${name(inputs + lines.length - 1)};`, "}"].join("\n");
}

function programOf(lines: readonly Line[], inputs: number): RandomProgram {
  const run = (...values: Tensor[]): Tensor => runLines(lines, values);
  const kinky = kinkyTensor({ shape });
  return {
    inputs,
    run,
    loss: (...values) => sum(mul(run(...values), weightsOfLoss)),
    gap: (...values) => gapOf(lines, values),
    kinky: fc.array(kinky, { minLength: inputs, maxLength: inputs }),
    smooth: smoothTensors(Array<number[]>(inputs).fill(shape)),
    toString: () => printLines(lines, inputs),
  };
}

/**
 * Random programs over the dictionary of operations: element-wise ones, reductions, structure, matrix products,
 * convolution and pooling. Each step takes the value before it and others drawn from all before, so no step is idle.
 *
 * @param options - `inputs` (2), `steps` (5), `kinked` (true), `jumps` (false)
 * @returns the source of programs, which print as code and bring sources of their own inputs
 * @example
 * const [program] = fc.sample(randomProgram({ inputs: 1, steps: 2 }), 1);
 * program.run(fc.sample(program.kinky, 1)[0][0]).shape // [3, 3]
 */
export function randomProgram(options: ProgramOptions = {}): fc.Arbitrary<RandomProgram> {
  const { inputs = 2, steps = 5, kinked = true, jumps = false } = options;
  const dictionary = fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...smoothSteps) },
    ...(kinked ? [{ weight: 2, arbitrary: fc.constantFrom(...kinkedSteps) }] : []),
    ...(jumps ? [{ weight: 1, arbitrary: fc.constantFrom(...jumpingSteps) }] : []),
  );
  const line = (i: number): fc.Arbitrary<Line> => {
    const before = fc.nat(inputs + i - 1);
    return fc
      .tuple(dictionary, before, before)
      .map(([step, b, c]): Line => ({ step, operands: [inputs + i - 1, b, c] }));
  };
  const lines = fc.tuple(...Array.from({ length: steps }, (_, i) => line(i)));
  return lines.map((list) => programOf(list, inputs));
}
