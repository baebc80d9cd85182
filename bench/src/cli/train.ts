/** `nonsmooth train`: trains a model, writing a log and checkpoints, and goes on where a run stopped. */
import { AdError } from "@nonsmooth/ad-core";
import { Command, InvalidArgumentError, Option } from "commander";
import { type DataName, dataNames } from "../data/catalogue.ts";
import { dataFolder } from "../data/find.ts";
import { activationForms, activationOf, poolForms, poolOf } from "../training/choices.ts";
import { isMissingDevice } from "../training/gpuMachine.ts";
import { type MachineWord, machineNamed, machineWords, usualThreads, whyNotWide } from "../training/machines.ts";
import { isOfTexts, modelForms } from "../training/models.ts";
import { optimizerNames, scheduleForms } from "../training/optimizers.ts";
import type { MixedPlan, TrainingPlan } from "../training/plan.ts";
import type { TrainingResult } from "../training/result.ts";
import { type Progress, runTraining } from "../training/run.ts";
import { RunFolder } from "../training/runFolder.ts";
import { parseSelect } from "../training/selections.ts";
import { modelLabel, pinned } from "../training/userNetwork.ts";
import { type CommonOptions, commonOptions, positiveWhole, wholeNumber } from "./options.ts";
import { CheckFailed, Interrupted, type Output } from "./output.ts";
import { stopper } from "./stopper.ts";
import { table } from "./table.ts";

type Numbers = Readonly<Record<string, number>>;

interface TrainOptions extends CommonOptions {
  readonly data?: DataName;
  readonly dataFolder?: string;
  readonly limit?: number;
  readonly crop: number;
  readonly flip?: true;
  readonly batchNorm?: true;
  readonly size: Numbers;
  readonly activation?: string;
  readonly pool?: string;
  readonly optimizer: string;
  readonly set: Numbers;
  readonly rate?: number;
  readonly alpha?: number;
  readonly beta?: number;
  readonly weightDecay?: number;
  readonly schedule: string;
  readonly warmup: number;
  readonly clipNorm?: number;
  readonly clipValue?: number;
  readonly labelSmoothing: number;
  readonly epochs: number;
  readonly batch: number;
  readonly mixed?: MixedPlan["dtype"];
  readonly lossScale?: number;
  readonly machine: MachineWord;
  readonly threads: number;
  readonly shuffled?: number;
  readonly checkpointEvery: number;
  readonly out: string;
  readonly resume?: true;
}

/** The command. */
export function build(output: Output): Command {
  const command = new Command("train")
    .description("Trains a model; Ctrl-C stops it without loss, --resume goes on bit for bit.")
    .argument("<model>", modelForms);
  for (const part of [dataOptions, modelOptions, optimizerOptions, runOptions]) part(command);
  return commonOptions(command).action((model: string, options: TrainOptions) => run(output, model, options));
}

function dataOptions(command: Command): void {
  command
    .addOption(new Option("--data <name>", "data set; digits or text when absent").choices(dataNames))
    .option("--data-folder <dir>", "folder of data sets; else NONSMOOTH_DATA")
    .addOption(new Option("--limit <n>", "train and test with at most n images or tokens").argParser(positiveWhole))
    .addOption(
      new Option("--crop <pixels>", "random crops of images with so much padding").argParser(wholeNumber).default(0),
    )
    .option("--flip", "images mirrored at random");
}

function modelOptions(command: Command): void {
  command
    .option("--batch-norm", "the model with batch norm")
    .addOption(
      named(
        "--size <name=number>",
        "size of the model, such as width=64 or context=32; may be repeated",
        "the model's own",
      ),
    )
    .addOption(layerOption("--activation <name>", `layer of each activation, ${activationForms}`, activationOf))
    .addOption(layerOption("--pool <name>", `layer of each pooling, ${poolForms}`, poolOf));
}

function optimizerOptions(command: Command): void {
  const number = (flags: string, says: string): Option => new Option(flags, says).argParser(realNumber);
  command
    .addOption(new Option("--optimizer <name>", "optimizer").choices(optimizerNames).default("adamw"))
    .addOption(number("--rate <number>", "of the optimizer, like the next three"))
    .addOption(number("--alpha <number>", "viscous damping of inna, innaprop"))
    .addOption(number("--beta <number>", "geometric damping of inna, innaprop"))
    .addOption(number("--weight-decay <number>", "decay of weights"))
    .addOption(
      named("--set <name=number>", "any other setting, such as epsilon=1e-6; may be repeated", "the optimizer's own"),
    )
    .addOption(new Option("--schedule <name>", `rate over steps, ${scheduleForms}`).default("constant"))
    .addOption(number("--warmup <epochs>", "epochs, or part of one, in which the rate rises").default(0))
    .addOption(number("--clip-norm <number>", "largest length of a gradient"))
    .addOption(number("--clip-value <number>", "largest number in a gradient"))
    .addOption(number("--label-smoothing <share>", "share of a label that all classes get").default(0));
}

function runOptions(command: Command): void {
  command
    .addOption(new Option("--epochs <n>", "passes over the data").argParser(positiveWhole).default(3))
    .addOption(new Option("--batch <n>", "images or windows of a text in a step").argParser(positiveWhole).default(32))
    .addOption(new Option("--mixed <name>", "layers in 16 bits, the rest in --dtype").choices(["f16", "bf16"]))
    .addOption(new Option("--loss-scale <number>", "first scale of the loss, with --mixed").argParser(realNumber))
    .addOption(new Option("--machine <name>", "what computes").choices(machineWords).default("wasm"))
    .addOption(new Option("--threads <n>", "threads of the machine").argParser(positiveWhole).default(usualThreads()))
    .addOption(new Option("--shuffled <seed>", "sums in an order that this seed draws").argParser(wholeNumber))
    .addOption(new Option("--checkpoint-every <n>", "steps between checkpoints").argParser(positiveWhole).default(100))
    .requiredOption("--out <dir>", "folder of the run: plan, log, events, checkpoint, result")
    .option("--resume", "go on with the run in that folder");
}

/** A layer by name, which a plan keeps as text once it was understood. */
const layerOption = (flags: string, says: string, understand: (text: string) => unknown): Option =>
  new Option(flags, says).argParser((text: string) => {
    understand(text);
    return text;
  });

const named = (flags: string, says: string, otherwise: string): Option =>
  new Option(flags, says).argParser(setting).default({}, otherwise);

function realNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("Expected a number.");
}

function setting(text: string, earlier: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const [, name, number] = /^([A-Za-z]\w*)=(.+)$/.exec(text) ?? [];
  const value = Number(number);
  if (name === undefined || number?.trim() === "" || !Number.isFinite(value))
    throw new InvalidArgumentError("Expected NAME=NUMBER.");
  return { ...earlier, [name]: value };
}

/** The settings of the optimizer, each said once. */
function settingsOf({ set, rate, alpha, beta, weightDecay }: TrainOptions): Numbers {
  const own = Object.entries({ rate, alpha, beta, weightDecay }).filter(([, value]) => value !== undefined);
  const twice = own.map(([name]) => name).filter((name) => Object.hasOwn(set, name));
  if (twice.length === 0) return { ...set, ...(Object.fromEntries(own) as Numbers) };
  const [problem, expected] = ["a setting comes twice", "one value"];
  const got = `--${twice[0]} and --set ${twice[0]}`;
  throw new AdError({ code: "domain", where: "train", problem, expected, got, remedy: "leave one out" });
}

/** Layers in 16 bits, if they are asked for. */
function mixedOf({ mixed: dtype, lossScale: scale }: TrainOptions): MixedPlan | null {
  if (dtype !== undefined) return { dtype, ...(scale === undefined ? {} : { scale }) };
  if (scale === undefined) return null;
  const [problem, expected, got] = ["no layer in 16 bits", "--mixed f16 with --loss-scale", "--loss-scale alone"];
  throw new AdError({ code: "domain", where: "train", problem, expected, got, remedy: "add --mixed, or leave it out" });
}

function planOf(model: string, options: TrainOptions): TrainingPlan {
  const { optimizer, schedule, warmup, clipNorm = null, clipValue = null, labelSmoothing } = options;
  const { data = isOfTexts(model) ? "text" : "digits", limit = null, crop, flip = false } = options;
  const { batchNorm = false, size: sizes, activation = null, pool = null } = options;
  const { epochs, batch, seed, dtype, machine, shuffled = null, select, checkpointEvery } = options;
  return {
    ...{ model, batchNorm, sizes, activation, pool },
    ...{ data, limit, crop, flip },
    ...{ optimizer, settings: settingsOf(options), schedule, warmup, clipNorm, clipValue, labelSmoothing },
    ...{
      epochs,
      batch,
      seed,
      dtype,
      mixed: mixedOf(options),
      machine: machineNamed(machine),
      shuffled,
      select,
      checkpointEvery,
    },
  };
}

async function run(output: Output, model: string, options: TrainOptions): Promise<void> {
  const { out, json } = options;
  const plan = await pinned(planOf(model, options));
  const notWide = options.machine === "wasm" ? whyNotWide() : null;
  if (notWide !== null) output.warn(`NONSMOOTH_WIDE: off, because ${notWide}\n`);
  const stop = stopper();
  try {
    const result = await runTraining(plan, {
      folder: new RunFolder(out),
      dataFolder: dataFolder(options.dataFolder),
      select: parseSelect(options.select),
      threads: options.threads,
      resume: options.resume === true,
      listener: { tell: teller(output, plan.batch), isStopped: () => stop.signal.aborted },
      now: () => Date.now() / 1000,
    });
    output.warn("\n");
    output.write(
      json ? `${JSON.stringify({ schema: "nonsmooth.train/1", plan, ...result })}\n` : resultText(plan, result),
    );
    if (result.status === "stopped") throw new Interrupted(`train: stopped; go on with --resume --out ${out}`);
    if (result.status === "diverged") throw new CheckFailed(divergenceText(result));
  } catch (error) {
    if (isOfMachine(error)) output.warn(keptText(new RunFolder(out)));
    throw error;
  } finally {
    stop.release();
  }
}

/** Whether a machine failed, or is not there any more. */
const isOfMachine = (error: unknown): boolean =>
  isMissingDevice(error) || (error instanceof AdError && error.code === "backend");

/** What is left of a run whose machine failed; nothing is said of one that had not begun. */
function keptText(folder: RunFolder): string {
  if (!folder.has("plan")) return "";
  const kept = folder.has("checkpoint") ? "the last checkpoint is kept" : "no checkpoint was written yet";
  return `\ntrain: the machine failed; ${kept}, and --resume --out ${folder.path} goes on from there\n`;
}

/** One line that is written again and again: loss, accuracy, samples a second, time left. */
function teller(output: Output, batch: number): (progress: Progress) => void {
  const [start, first] = [Date.now(), { step: -1 }];
  let told = 0;
  return ({ step, steps, epoch, loss, accuracy }) => {
    if (first.step < 0) first.step = step - 1;
    if (Date.now() - told < 500 && step < steps) return;
    told = Date.now();
    const perStep = Math.max(1, told - start) / (step - first.step);
    const tested = accuracy === null ? "" : `, tested ${percent(accuracy)}`;
    const pace = `${((1000 * batch) / perStep).toFixed(0)} a second, ${Math.round((perStep * (steps - step)) / 1000)} s left`;
    output.warn(`\rtrain: step ${step} of ${steps}, epoch ${epoch + 1}, loss ${loss.toFixed(4)}${tested}, ${pace}  `);
  };
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

function resultText(plan: TrainingPlan, { status, steps, epochs }: TrainingResult): string {
  const { model, activation, pool, data, optimizer, schedule, dtype, mixed, shuffled, select } = plan;
  const isText = data === "text";
  const rows = epochs.map(({ epoch, trainLoss, loss, accuracy, count }) => [
    ...[`${epoch + 1}`, trainLoss.toFixed(4), loss.toFixed(4), percent(accuracy)],
    ...(isText ? [Math.exp(loss).toFixed(3)] : []),
    `${count}`,
  ]);
  const head = ["epoch", "train loss", "test loss", "test accuracy", ...(isText ? ["perplexity"] : []), "of"];
  const about = [
    ...[schedule === "constant" ? optimizer : `${optimizer} ${schedule}`],
    ...[mixed === null ? dtype : `${dtype} with layers in ${mixed.dtype}`, ...select],
    ...[activation, pool].flatMap((layer) => layer ?? []),
    ...(shuffled === null ? [] : [`sums shuffled by ${shuffled}`]),
  ];
  return [
    `${modelLabel(model)} on ${data}, ${about.join(", ")}: ${status} after ${steps} steps`,
    "",
    ...table([head, ...rows]).map((line) => `  ${line}`),
    "",
  ].join("\n");
}

function divergenceText({ culprit }: TrainingResult): string {
  if (culprit === null) return "train: diverged";
  const where = culprit.site === "" ? "" : ` at ${culprit.site}`;
  return `train: diverged in step ${culprit.step}: ${culprit.operation}${where} is the first that is not finite`;
}
