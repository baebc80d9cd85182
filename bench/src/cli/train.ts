/** `nonsmooth train`: trains a model, writing a log and checkpoints, and goes on where a run stopped. */
import { Command, InvalidArgumentError, Option } from "commander";
import { type ImageDataName, imageDataNames } from "../data/catalogue.ts";
import { dataFolder } from "../data/find.ts";
import { modelNames, optimizerNames, type TrainingPlan } from "../training/plan.ts";
import { type Progress, runTraining, type TrainingResult } from "../training/run.ts";
import { RunFolder } from "../training/runFolder.ts";
import { type CommonOptions, commonOptions, parseSelect, wholeNumber } from "./options.ts";
import { CheckFailed, Interrupted, type Output } from "./output.ts";
import { table } from "./table.ts";

interface TrainOptions extends CommonOptions {
  readonly data: ImageDataName;
  readonly dataFolder?: string;
  readonly limit?: number;
  readonly batchNorm?: true;
  readonly optimizer: string;
  readonly set: Readonly<Record<string, number>>;
  readonly epochs: number;
  readonly batch: number;
  readonly checkpointEvery: number;
  readonly out: string;
  readonly resume?: true;
}

/** The command. */
export function build(output: Output): Command {
  const command = new Command("train")
    .description("Trains a model on images; Ctrl-C stops it without loss, --resume goes on bit for bit.")
    .argument("<model>", modelNames.join(", "))
    .addOption(new Option("--data <name>", "data set").choices(imageDataNames).default("digits"))
    .option("--data-folder <dir>", "folder of data sets; else NONSMOOTH_DATA")
    .addOption(new Option("--limit <n>", "train and test with at most n images").argParser(positiveWhole))
    .option("--batch-norm", "the model with batch norm")
    .addOption(new Option("--optimizer <name>", "optimizer").choices(optimizerNames).default("adamw"))
    .addOption(
      new Option("--set <name=number>", "setting of the optimizer, such as rate=0.001 or beta=0.9; may be repeated")
        .argParser(setting)
        .default({}, "the optimizer's own"),
    )
    .addOption(new Option("--epochs <n>", "passes over the data").argParser(positiveWhole).default(3))
    .addOption(new Option("--batch <n>", "images in a step").argParser(positiveWhole).default(32))
    .addOption(new Option("--checkpoint-every <n>", "steps between checkpoints").argParser(positiveWhole).default(100))
    .requiredOption("--out <dir>", "folder of the run: plan, log, checkpoint, result")
    .option("--resume", "go on with the run in that folder");
  return commonOptions(command).action((model: string, options: TrainOptions) => run(output, model, options));
}

function positiveWhole(text: string): number {
  const value = wholeNumber(text);
  if (value >= 1) return value;
  throw new InvalidArgumentError("Expected a whole number of at least 1.");
}

function setting(text: string, earlier: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const [, name, number] = /^([A-Za-z]\w*)=(.+)$/.exec(text) ?? [];
  const value = Number(number);
  if (name === undefined || number?.trim() === "" || !Number.isFinite(value))
    throw new InvalidArgumentError("Expected NAME=NUMBER.");
  return { ...earlier, [name]: value };
}

async function run(output: Output, model: string, options: TrainOptions): Promise<void> {
  const { data, limit, optimizer, set, epochs, batch, seed, dtype, checkpointEvery, out, json } = options;
  const plan: TrainingPlan = {
    ...{ model, batchNorm: options.batchNorm === true, data, limit: limit ?? null, optimizer, settings: set },
    ...{ epochs, batch, seed, dtype, select: options.select, checkpointEvery },
  };
  const stop = stopper();
  try {
    const result = await runTraining(plan, {
      folder: new RunFolder(out),
      dataFolder: dataFolder(options.dataFolder),
      select: parseSelect(options.select),
      resume: options.resume === true,
      listener: { tell: teller(output), isStopped: stop.isStopped },
    });
    output.warn("\n");
    output.write(
      json ? `${JSON.stringify({ schema: "nonsmooth.train/1", plan, ...result })}\n` : resultText(plan, result),
    );
    if (result.status === "stopped") throw new Interrupted(`train: stopped; go on with --resume --out ${out}`);
    if (result.status === "diverged") throw new CheckFailed(divergenceText(result));
  } finally {
    stop.release();
  }
}

/** Listens for Ctrl-C: the first one stops between two steps. */
function stopper(): { isStopped: () => boolean; release: () => void } {
  let isAsked = false;
  const ask = (): void => {
    isAsked = true;
  };
  process.once("SIGINT", ask);
  return { isStopped: () => isAsked, release: () => void process.removeListener("SIGINT", ask) };
}

/** One line that is written again and again: loss, images a second, time left. */
function teller(output: Output): (progress: Progress) => void {
  const [start, first] = [Date.now(), { step: -1 }];
  let told = 0;
  return ({ step, steps, epoch, loss }) => {
    if (first.step < 0) first.step = step - 1;
    if (Date.now() - told < 500 && step < steps) return;
    told = Date.now();
    const perStep = (told - start) / (step - first.step);
    const left = Math.round((perStep * (steps - step)) / 1000);
    output.warn(
      `\rtrain: step ${step} of ${steps}, epoch ${epoch + 1}, loss ${loss.toFixed(4)}, ${perStep.toFixed(0)} ms a step, ${left} s left  `,
    );
  };
}

function resultText(
  { model, data, optimizer, dtype, select }: TrainingPlan,
  { status, steps, epochs }: TrainingResult,
): string {
  const rows = epochs.map(({ epoch, trainLoss, loss, accuracy, count }) => [
    `${epoch + 1}`,
    trainLoss.toFixed(4),
    loss.toFixed(4),
    `${(100 * accuracy).toFixed(2)} %`,
    `${count}`,
  ]);
  const choices = select.length === 0 ? "" : `, ${select.join(" ")}`;
  return [
    `${model} on ${data}, ${optimizer}, ${dtype}${choices}: ${status} after ${steps} steps`,
    "",
    ...table([["epoch", "train loss", "test loss", "test accuracy", "of"], ...rows]).map((line) => `  ${line}`),
    "",
  ].join("\n");
}

function divergenceText({ culprit }: TrainingResult): string {
  if (culprit === null) return "train: diverged";
  const where = culprit.site === "" ? "" : ` at ${culprit.site}`;
  return `train: diverged in step ${culprit.step}: ${culprit.operation}${where} is the first that is not finite`;
}
