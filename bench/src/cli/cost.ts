/** `nonsmooth cost`: what a program and its derivatives cost, counted and timed, beside the bounds of the theory. */
import { AdError } from "@nonsmooth/ad-core";
import { Command, InvalidArgumentError, Option } from "commander";
import { writeWhole } from "../files/writeWhole.ts";
import { findProgram } from "../programs/index.ts";
import type { ProgramOptions, ProgramSource } from "../programs/types.ts";
import { type CostSettings, type CostStudy, costStudy } from "../studies/cost.ts";
import { type CostSweep, costSweep } from "../studies/sweep.ts";
import { checkGpuFormat } from "../training/gpuMachine.ts";
import {
  type MachineWord,
  machineNamed,
  machineOf,
  machineWords,
  type OpenMachine,
  usualThreads,
} from "../training/machines.ts";
import { parseSelect } from "../training/selections.ts";
import { sweepHtml, sweepSvg } from "./costPlot.ts";
import { costText, type Grouping, sharesBy, sharesText, sweepText } from "./costText.ts";
import { type CommonOptions, commonOptions, wholeNumber, wholeNumbers } from "./options.ts";
import type { Output } from "./output.ts";

interface CostCommandOptions extends CommonOptions {
  readonly inputs?: readonly number[];
  readonly batch?: number;
  readonly by?: Grouping;
  readonly price?: number;
  readonly repeats?: number;
  readonly machine: MachineWord;
  readonly threads: number;
  readonly svg?: string;
  readonly html?: string;
  readonly clarke?: true;
}

/** The command. */
export function build(output: Output): Command {
  const command = new Command("cost")
    .description("What a program and its derivatives cost: model of the theory, operations of the engine, time.")
    .argument("<program>", "lenet5, mlp, random, speelpenning, rosenbrock, matmul, or the path of a .ts or .js file")
    .addOption(new Option("--inputs <n,...>", "size of the program, or several of them").argParser(wholeNumbers))
    .addOption(new Option("--batch <n>", "number of images").argParser(wholeNumber))
    .addOption(new Option("--by <what>", "tables by operation or by site").choices(["op", "site"]))
    .addOption(new Option("--price <c>", "price of a nonlinear operation or sign test (1)").argParser(positive))
    .addOption(new Option("--repeats <n>", "rounds of timing; 0 counts only").argParser(wholeNumber))
    .addOption(new Option("--machine <name>", "where it is timed").choices(machineWords).default("wasm"))
    .addOption(
      new Option("--threads <n>", "threads of the machine wasm").argParser(wholeNumber).default(usualThreads()),
    )
    .option("--clarke", "count an element of the Clarke subdifferential too")
    .option("--svg <file>", "draw a sweep over several --inputs")
    .option("--html <file>", "the same as a page with the numbers");
  return commonOptions(command).action((name: string, options: CostCommandOptions) => run(output, name, options));
}

function positive(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value < Infinity) return value;
  throw new InvalidArgumentError("Expected a positive number.");
}

async function run(output: Output, name: string, options: CostCommandOptions): Promise<void> {
  const source = await findProgram(name);
  const machine = await openMachine(options);
  try {
    await runOn(output, source, options, settingsOf(options, machine));
  } finally {
    machine?.dispose?.();
  }
}

/** What times are taken on; null when nothing is timed. */
async function openMachine({ machine, threads, repeats, dtype }: CostCommandOptions): Promise<OpenMachine | null> {
  if (repeats === 0) return null;
  if (machine === "gpu") checkGpuFormat("cost", "--dtype", dtype);
  return machineOf(machineNamed(machine), threads);
}

function settingsOf({ select, price, repeats, clarke }: CostCommandOptions, machine: OpenMachine | null): CostSettings {
  return {
    select: parseSelect(select),
    ...(price === undefined ? {} : { prices: { nonlinear: price } }),
    ...(repeats === undefined ? {} : { repeats }),
    ...(machine === null ? {} : { machine }),
    clarke: clarke === true,
  };
}

async function runOn(
  output: Output,
  source: ProgramSource,
  options: CostCommandOptions,
  settings: CostSettings,
): Promise<void> {
  const { inputs, batch, seed, dtype } = options;
  const built: ProgramOptions = { seed, dtype, ...(batch === undefined ? {} : { batch }) };
  if (inputs === undefined || inputs.length === 1) {
    const [only] = inputs ?? [];
    refuseSweepOptions(options);
    const study = await costStudy(
      await source.build({ ...built, ...(only === undefined ? {} : { inputs: only }) }),
      settings,
    );
    output.write(options.json ? `${JSON.stringify(studyJson(study, options.by))}\n` : studyText(study, options.by));
    return;
  }
  const tell = (size: number, index: number): void =>
    output.warn(`cost ${source.name}: ${index + 1} of ${inputs.length}, ${size} inputs\n`);
  const sweep = await costSweep(sweepable(source), inputs, built, settings, tell);
  if (options.svg !== undefined) writeWhole(options.svg, sweepSvg(sweep));
  if (options.html !== undefined) writeWhole(options.html, sweepHtml(sweep, sweepText(sweep)));
  output.write(options.json ? `${JSON.stringify(sweepJson(sweep))}\n` : sweepText(sweep));
}

const studyText = (study: CostStudy, by: Grouping | undefined): string =>
  `${costText(study)}${by ? `\n${sharesText(study, by)}` : ""}`;

function refuseSweepOptions({ svg, html }: CostCommandOptions): void {
  if (svg === undefined && html === undefined) return;
  throw new AdError({
    code: "missing",
    where: "cost",
    problem: "nothing to draw",
    expected: "several sizes for --svg and --html",
    got: "one",
    remedy: "add for instance --inputs 10,100,1000",
  });
}

function sweepable(source: ProgramSource): ProgramSource & { readonly sweeps: string } {
  const { name, sweeps } = source;
  if (sweeps !== null) return { ...source, sweeps };
  throw new AdError({
    code: "unsupported",
    where: "cost",
    problem: `${name} has one size`,
    expected: "a program whose size can be chosen",
    got: "several --inputs",
    remedy: "leave --inputs out, or sweep random, mlp, speelpenning, rosenbrock or matmul",
  });
}

/** One object, in this order of fields. Rows are summed by operation or site when asked for. */
function studyJson(study: CostStudy, by: Grouping | undefined): object {
  const { rows, ...rest } = study;
  return { schema: "nonsmooth.cost/1", ...rest, ...(by ? { by, shares: sharesBy(rows, by) } : {}) };
}

function sweepJson({ points, ...rest }: CostSweep): object {
  const found = points.map(({ inputs, study: { program, description, rows, ...counted } }) => ({ inputs, ...counted }));
  return { schema: "nonsmooth.costSweep/1", ...rest, points: found };
}
