/** `nonsmooth study maxpool` and `nonsmooth study relu`: networks are trained under published choices at kinks. */
import { Command, InvalidArgumentError, Option } from "commander";
import { type ImageDataName, imageDataNames } from "../data/catalogue.ts";
import { dataFolder } from "../data/find.ts";
import { trainingStudy } from "../studies/training/plan.ts";
import { type Form, type StudyName, type StudyOptimizer, studyOptimizers } from "../studies/training/request.ts";
import { type Format, formats } from "../training/formats.ts";
import { nameList, namesAmong, numberList, positiveNumber, positiveWhole } from "./options.ts";
import type { Output } from "./output.ts";
import { checkDevice, machineOfPlan, machineOption, type StudyMachine, threadsOption } from "./studyMachine.ts";
import { runStudy, type StudyRun } from "./studyRun.ts";

/** Options as commander gives them. */
interface Given extends StudyRun {
  readonly network: readonly string[];
  readonly data?: ImageDataName;
  readonly beta?: readonly number[];
  readonly alpha?: readonly number[];
  readonly form?: "coded" | "fused" | "both";
  readonly rule?: "multiply" | "assign" | "both";
  readonly format: readonly Format[];
  readonly optimizer: readonly StudyOptimizer[];
  readonly batchNorm: "no" | "yes" | "both";
  readonly epochs: number | "published";
  readonly subset?: number;
  readonly width?: number;
  readonly weights: "default" | "volume";
  readonly rate?: number;
  readonly batch: number;
  readonly seeds: number;
  readonly machine: StudyMachine;
}

/** The study of beta-MaxPool. */
export function buildStudyMaxpool(output: Output): Command {
  const command = new Command("maxpool").description(
    "Test accuracy after training by beta of max-pooling, beside the published numbers. As it stands: LeNet-5 in 48 short runs, five minutes on two cores.",
  );
  command
    .argument("<dir>", "folder of the study; one that holds a part of it is gone on with")
    .addOption(new Option("--beta <list>", "0,1,10,100,1000,10000 when absent").argParser(notNegative))
    .addOption(
      new Option("--form <which>", "as coded by the study, with its rounding, or fused into one exact max-pooling")
        .choices(["coded", "fused", "both"])
        .default("both"),
    );
  return trainingOptions(command, "lenet5").action((dir: string, given: Given) => run(output, "maxpool", dir, given));
}

/** The study of ReLU'(0). */
export function buildStudyRelu(output: Output): Command {
  const command = new Command("relu").description(
    "Test accuracy after training by ReLU'(0), beside the published numbers. As it stands: a perceptron in 56 short runs, two minutes on two cores.",
  );
  command
    .argument("<dir>", "folder of the study; one that holds a part of it is gone on with")
    .addOption(
      new Option("--alpha <list>", "values of ReLU'(0); those of the published runs when absent").argParser(numberList),
    )
    .addOption(
      new Option("--rule <which>", "ReLU'(0) times what arrives, or assigned in its place as in the published code")
        .choices(["multiply", "assign", "both"])
        .default("both"),
    );
  return trainingOptions(command, "mlp").action((dir: string, given: Given) => run(output, "relu", dir, given));
}

function trainingOptions(command: Command, network: string): Command {
  return command
    .addOption(
      new Option("--network <names>", "such as lenet5,vgg11,resnet18,densenet121,mlp, or files of your own")
        .argParser(nameList)
        .default([network], network),
    )
    .addOption(
      new Option("--data <name>", "mnist where its files are found, else digits; cifar10 for large networks").choices(
        imageDataNames,
      ),
    )
    .addOption(listOption("--format <list>", formats, ["f16", "f32"]))
    .addOption(listOption("--optimizer <list>", studyOptimizers, ["sgd"]))
    .addOption(new Option("--batch-norm <which>", "batch norm").choices(["no", "yes", "both"]).default("no"))
    .addOption(new Option("--epochs <n>", "passes over the images; or `published`").argParser(epochs).default(8))
    .addOption(new Option("--subset <n>", "at most n images to train with, and to test with").argParser(positiveWhole))
    .addOption(new Option("--width <n>", "of the networks, 64 for vgg and resnet when absent").argParser(positiveWhole))
    .addOption(
      new Option("--weights <name>", "how weights begin: as in PyTorch, or as in the published study of volumes")
        .choices(["default", "volume"])
        .default("default"),
    )
    .addOption(new Option("--rate <r>", "first step; the published one when absent").argParser(positiveNumber))
    .addOption(new Option("--batch <n>", "images in a step").argParser(positiveWhole).default(128))
    .addOption(new Option("--seeds <n>", "runs of each setting").argParser(positiveWhole).default(2))
    .addOption(machineOption())
    .addOption(threadsOption())
    .option("--plan-only", "say how many jobs there are, and make none")
    .option("--json", "print one JSON object");
}

const listOption = (flags: string, known: readonly string[], usual: readonly string[]): Option =>
  new Option(flags, known.join(", "))
    .argParser((text: string) => namesAmong(known, text))
    .default(usual, usual.join(","));

function notNegative(text: string): number[] {
  const values = numberList(text);
  if (values.every((value) => value >= 0)) return values;
  throw new InvalidArgumentError("Expected numbers from 0.");
}

const epochs = (text: string): number | "published" => (text === "published" ? text : positiveWhole(text));

async function run(output: Output, study: StudyName, dir: string, given: Given): Promise<void> {
  const { network, data = null, beta, alpha, form, rule, format, optimizer, batchNorm } = given;
  const which = form ?? rule ?? "both";
  const { epochs: count, subset = null, width = null, weights, rate = null, batch, seeds, machine } = given;
  const on = machineOfPlan(machine);
  const manifest = await trainingStudy(
    {
      ...{ study, networks: network, data, values: beta ?? alpha ?? null },
      ...{ forms: which === "both" ? forms[study] : [which], formats: format, optimizers: optimizer },
      batchNorms: { no: [false], yes: [true], both: [false, true] }[batchNorm],
      ...{ epochs: count === "published" ? null : count, subset, width, weights, rate, batch, seeds },
      ...on,
    },
    dataFolder(),
  );
  await checkDevice(on, given.planOnly);
  await runStudy(output, dir, manifest, given);
}

/** Both forms of a study. */
const forms: Readonly<Record<StudyName, readonly Form[]>> = {
  maxpool: ["coded", "fused"],
  relu: ["multiply", "assign"],
};
