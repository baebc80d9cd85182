/** What a program and its derivatives cost: counted by the model and by the engine, and timed. */
import {
  type CostReport,
  type CostRow,
  compile,
  costReport,
  type EngineReport,
  jacobianForward,
  jvp,
  type ModelReport,
  type Prices,
  reference,
  type Select,
  simplify,
  type Tensor,
  trace,
  valueAndGrad,
} from "@nonsmooth/ad-core";
import type { BuiltProgram } from "../programs/types.ts";
import { timed } from "./timing.ts";

/** Settings of {@link costStudy}. */
export interface CostSettings {
  readonly prices?: Partial<Prices>;
  readonly select?: Select;
  /** Rounds of timing; 0 counts only; as many as fit into two seconds when absent. */
  readonly repeats?: number;
}

/** Medians on the reference machine, the interpreter that defines results; ratios are to one evaluation. */
export interface TimeReport {
  readonly evaluateMs: number;
  readonly backwardMs: number;
  readonly forwardMs: number;
  readonly backwardRatio: number;
  readonly forwardRatio: number;
  /** The gradient by forward mode, where it takes few seconds; null where only counted. */
  readonly forwardFullMs: number | null;
  readonly repeats: number;
}

/** What the study found. */
export interface CostStudy {
  readonly program: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly prices: Prices;
  /** Entries of the gradient. */
  readonly directions: number;
  readonly model: ModelReport;
  readonly engine: EngineReport;
  /** Null when nothing was timed. */
  readonly time: TimeReport | null;
  readonly rows: readonly CostRow[];
}

/** A gradient by forward mode is timed when it is expected to take no longer. */
const longestMs = 3000;

type Loss = (...args: unknown[]) => Tensor;

/** Counts and times a program. */
export function costStudy(program: BuiltProgram, settings: CostSettings = {}): CostStudy {
  const { name, description, parameters, wrt } = program;
  const f = program.f as unknown as Loss;
  const { prices, select } = settings;
  const options = { wrt, ...(select && { select }) };
  const report: CostReport = costReport(f, program.args, { ...options, ...(prices && { prices }) });
  const { directions, model, engine, rows } = report;
  const time = settings.repeats === 0 ? null : timesOf(program, options, directions, settings.repeats);
  return { program: name, description, parameters, prices: report.prices, directions, model, engine, time, rows };
}

interface Options {
  readonly wrt: number | readonly number[];
  readonly select?: Select;
}

function timesOf(program: BuiltProgram, options: Options, directions: number, repeats?: number): TimeReport {
  const { args } = program;
  const f = program.f as unknown as Loss;
  const machine = reference();
  const evaluate = compile(simplify(trace(f, args)), machine);
  const backward = compile(simplify(trace((...inputs) => valueAndGrad(f, options)(...inputs), args)), machine);
  const forward = compile(simplify(traceForward(f, args, options)), machine);
  const { medianMs, repeats: rounds } = timed(
    {
      evaluate: () => evaluate.run(args),
      backward: () => backward.run(args),
      forward: () => forward.run([args, pick(args, options.wrt)]),
    },
    { repeats },
  );
  const isShort = directions * medianMs.forward <= longestMs;
  return {
    evaluateMs: medianMs.evaluate,
    backwardMs: medianMs.backward,
    forwardMs: medianMs.forward,
    backwardRatio: medianMs.backward / medianMs.evaluate,
    forwardRatio: medianMs.forward / medianMs.evaluate,
    forwardFullMs: isShort ? timeFull(f, args, options) : null,
    repeats: rounds,
  };
}

const pick = (args: readonly unknown[], wrt: number | readonly number[]): unknown[] =>
  [wrt].flat().map((i) => args[i as number]);

/** Value and one tangent: the arguments asked for move, the others stay. */
function traceForward(f: Loss, args: readonly unknown[], { wrt, select }: Options) {
  const moving = [wrt].flat() as number[];
  const replaced = (inputs: readonly unknown[], moved: readonly unknown[]): unknown[] =>
    inputs.map((input, i) => (moving.includes(i) ? moved[moving.indexOf(i)] : input));
  return trace(
    (inputs: readonly unknown[], tangents: readonly unknown[]) =>
      jvp((...moved: unknown[]) => f(...replaced(inputs, moved)), pick(inputs, wrt), tangents as never, {
        ...(select && { select }),
      }),
    [args, pick(args, wrt)],
  );
}

const timeFull = (f: Loss, args: readonly unknown[], options: Options): number =>
  timed({ full: () => jacobianForward(f as never, args as never, options) }, { repeats: 1 }).medianMs.full;
