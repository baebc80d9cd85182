/** What a program and its derivatives cost: counted by the model and by the engine, and timed. */
import {
  type CostReport,
  type CostRow,
  costReport,
  type EngineReport,
  type Machine,
  type ModelReport,
  type Prices,
  reference,
  type Select,
} from "@nonsmooth/ad-core";
import type { Loss } from "../programs/moved.ts";
import type { BuiltProgram } from "../programs/types.ts";
import { type ElementCost, elementCost } from "./clarkeCost.ts";
import { type TimeReport, timesOf } from "./costTimes.ts";

/** Settings of {@link costStudy}. */
export interface CostSettings {
  readonly prices?: Partial<Prices>;
  readonly select?: Select;
  /** Rounds of timing; 0 counts only; as many as fit into two seconds when absent. */
  readonly repeats?: number;
  /** Where it is timed; on the reference machine when absent. */
  readonly machine?: Machine;
  /** Whether an element of the Clarke subdifferential is counted too. */
  readonly clarke?: boolean;
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
  /** There when it was asked for. */
  readonly clarke?: ElementCost;
}

/** Counts and times a program. */
export async function costStudy(program: BuiltProgram, settings: CostSettings = {}): Promise<CostStudy> {
  const { name, description, parameters, wrt } = program;
  const f = program.f as unknown as Loss;
  const { prices, select, repeats, machine = reference() } = settings;
  const options = { wrt, ...(select && { select }) };
  const report: CostReport = costReport(f, program.args, { ...options, ...(prices && { prices }) });
  const { directions, model, engine, rows } = report;
  const time = repeats === 0 ? null : await timesOf(program, options, { machine, repeats });
  const clarke = settings.clarke ? { clarke: elementCost(program, report.prices, model.evaluate) } : {};
  const counted = { prices: report.prices, directions, model, engine, time, rows };
  return { program: name, description, parameters, ...counted, ...clarke };
}
