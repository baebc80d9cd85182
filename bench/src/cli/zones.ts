/** `nonsmooth zones`: where two programs of one function have different gradients, how different, and why. */
import { resolve } from "node:path";
import { AdError } from "@nonsmooth/ad-core";
import { Command, InvalidArgumentError, Option } from "commander";
import { type ImageDataName, imageDataNames } from "../data/catalogue.ts";
import { dataFolder, foundIn } from "../data/find.ts";
import { contentsOf } from "../programs/contents.ts";
import { resolveProgram } from "../programs/index.ts";
import { checkedPlan, checkMachine } from "../studies/zones/check.ts";
import {
  divergencePairs,
  divergencePlan,
  type NamedNetwork,
  type Pair,
  pairs,
  programPlan,
  thresholdPlan,
  usualVolumePlan,
  volumePlan,
  type ZonesRequest,
} from "../studies/zones/plan.ts";
import { checkPlain, sideOf } from "../studies/zones/sides.ts";
import type { Manifest } from "../sweeps/manifest.ts";
import { type Format, formats } from "../training/formats.ts";
import { loadNetwork } from "../training/userNetwork.ts";
import { positiveWhole, tolerance, wholeNumber, wholeNumbers } from "./options.ts";
import type { Output } from "./output.ts";
import { checkDevice, machineOfPlan, machineOption, type StudyMachine, threadsOption } from "./studyMachine.ts";
import { runStudy, type StudyRun } from "./studyRun.ts";

/** Options as commander gives them. */
interface Given extends StudyRun {
  readonly network?: readonly string[];
  readonly width?: readonly number[];
  readonly depth?: readonly number[];
  readonly batch: readonly number[];
  readonly batchNorm: "no" | "yes" | "both";
  readonly format: readonly Format[];
  readonly weights: "default" | "volume";
  readonly data?: ImageDataName;
  readonly images: number;
  readonly pair?: keyof typeof pairs;
  readonly one?: string;
  readonly other?: string;
  readonly seed: number;
  readonly draws: number;
  readonly census?: number;
  readonly untilFirst?: true;
  readonly program?: string;
  readonly inputs?: number;
  readonly radius: number;
  readonly epochs: number;
  readonly rate: number;
  readonly points: number;
  readonly machine: StudyMachine;
}

/** The command. */
export function build(output: Output): Command {
  return new Command("zones")
    .description("Where two choices at kinks give networks other gradients: how often, how far, and what is behind it.")
    .addCommand(thresholdCommand(output))
    .addCommand(volumeCommand(output))
    .addCommand(divergenceCommand(output));
}

function thresholdCommand(output: Output): Command {
  const command = new Command("threshold").description(
    "How large differences are, with thresholds by the published procedure, next to those of another order of sums.",
  );
  return zonesOptions(command, { images: 2560, draws: 5 })
    .addOption(censusOption("none when absent"))
    .action(async (dir: string, given: Given) =>
      study(output, dir, thresholdPlan(await requestOf(given, ["lenet5"])), given),
    );
}

function volumeCommand(output: Output): Command {
  const command = new Command("volume").description(
    "The share of mini-batches, and of draws of weights, whose gradients depend on the choice; without --network the questions of the published tables for perceptrons and LeNet-5.",
  );
  return zonesOptions(command, { images: 8000, draws: 200 })
    .addOption(censusOption("5 when absent, none on a GPU"))
    .addOption(new Option("--program <name>", "a program, or a file with one, in place of networks"))
    .addOption(new Option("--inputs <n>", "size of the program").argParser(positiveWhole))
    .addOption(
      new Option("--radius <r>", "points of the program are drawn this near to its own")
        .argParser(tolerance)
        .default(1),
    )
    .option("--until-first", "end a draw at its first mini-batch whose gradients differ")
    .action(async (dir: string, given: Given) => {
      if (given.program !== undefined) return begun(output, dir, await programPlanOf(given, given.program), given);
      const census = given.census ?? (given.machine === "gpu" ? 0 : 5);
      const request = await requestOf({ ...given, census }, ["mlp", "lenet5"]);
      const isUsual = given.network === undefined && given.pair === undefined && given.one === undefined;
      const plan = isUsual ? usualVolumePlan(request) : volumePlan(request, given.untilFirst ?? false);
      return study(output, dir, plan, given);
    });
}

function divergenceCommand(output: Output): Command {
  const command = new Command("divergence").description(
    "How far two training runs come apart that differ in the choice alone, next to two orders of sums.",
  );
  return zonesOptions(command, { images: 2560, draws: 1 })
    .addOption(new Option("--epochs <n>", "passes over the images").argParser(positiveWhole).default(3))
    .addOption(new Option("--rate <r>", "step of plain gradient descent").argParser(positive).default(0.01))
    .addOption(new Option("--points <n>", "distances noted").argParser(positiveWhole).default(60))
    .action(async (dir: string, given: Given) => {
      const request = {
        ...(await requestOf(given, ["lenet5"])),
        epochs: given.epochs,
        rate: given.rate,
        points: given.points,
      };
      const isUsual = given.pair === undefined && given.one === undefined;
      const plan = divergencePlan(isUsual ? { ...request, pairs: divergencePairs } : request);
      return study(output, dir, plan, given);
    });
}

/** A study whose networks and data are there. */
const study = async (output: Output, dir: string, manifest: Manifest, given: Given): Promise<void> =>
  begun(output, dir, await checkedPlan(manifest), given);

async function begun(output: Output, dir: string, manifest: Manifest, given: Given): Promise<void> {
  await checkDevice(machineOfPlan(given.machine), given.planOnly);
  await runStudy(output, dir, manifest, given);
}

const censusOption = (usual: string): Option =>
  new Option(
    "--census <n>",
    `for so many mini-batches of each draw, look at every tie: which are proved harmless; ${usual}`,
  ).argParser(wholeNumber);

function zonesOptions(command: Command, usual: { readonly images: number; readonly draws: number }): Command {
  return command
    .argument("<dir>", "folder of the study; one that holds a part of it is gone on with")
    .addOption(new Option("--network <names>", "such as lenet5,vgg11, or files of your own").argParser(names))
    .addOption(new Option("--width <list>", "widths of the networks").argParser(wholeNumbers))
    .addOption(new Option("--depth <list>", "hidden layers of mlp").argParser(wholeNumbers))
    .addOption(new Option("--batch <list>", "sizes of the mini-batches").argParser(wholeNumbers).default([128]))
    .addOption(new Option("--batch-norm <which>", "batch norm").choices(["no", "yes", "both"]).default("no"))
    .addOption(new Option("--format <list>", formats.join(", ")).argParser(formatList).default([...formats]))
    .addOption(
      new Option("--weights <name>", "how weights begin: as in PyTorch, or as in the published study of volumes")
        .choices(["default", "volume"])
        .default("default"),
    )
    .addOption(new Option("--data <name>", "mnist where its files are found, else digits").choices(imageDataNames))
    .addOption(new Option("--images <n>", "so many of them").argParser(positiveWhole).default(usual.images))
    .addOption(new Option("--pair <name>", "a published comparison").choices(Object.keys(pairs)))
    .addOption(new Option("--one <side>", 'one side, such as "pool=max relu@relu1=last"'))
    .addOption(
      new Option("--other <side>", 'the other side, such as "pool=beta:10", "shuffled=1" or "activation=relu:1"'),
    )
    .addOption(new Option("--seed <n>", "of the first weights").argParser(wholeNumber).default(1))
    .addOption(new Option("--draws <n>", "of weights").argParser(positiveWhole).default(usual.draws))
    .addOption(machineOption())
    .addOption(threadsOption())
    .option("--plan-only", "say how many jobs there are, and make none")
    .option("--json", "print one JSON object");
}

const names = (text: string): string[] => text.split(",").map((name) => name.trim());

function formatList(text: string): Format[] {
  const found = names(text);
  const odd = found.find((name) => !formats.includes(name as Format));
  if (odd !== undefined) throw new InvalidArgumentError(`Expected formats among ${formats.join(", ")}.`);
  return found as Format[];
}

function positive(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value < Infinity) return value;
  throw new InvalidArgumentError("Expected a number above 0.");
}

async function requestOf(given: Given, usual: readonly string[]): Promise<ZonesRequest> {
  const { width, depth, batch, batchNorm, format, weights, images, seed, draws, census = 0 } = given;
  const on = machineOfPlan(given.machine);
  checkMachine({ ...on, formats: format, census });
  const networks = await Promise.all((given.network ?? usual).map(named));
  const data = given.data ?? usualData();
  return {
    ...{ networks, widths: width ?? [null], depths: depth ?? [null], batches: batch },
    batchNorms: { no: [false], yes: [true], both: [false, true] }[batchNorm],
    ...{ formats: format, weights, data, images, seed, draws, census, ...on },
    pairs: [pairOf(given)],
  };
}

/** Everything that can be wrong with a program is found before a job is made. */
async function programPlanOf(given: Given, program: string): Promise<Manifest> {
  const { inputs = null, radius, format, seed, draws, network } = given;
  if (network !== undefined || (given.pair !== undefined && given.pair !== "order")) throw notOfPrograms(given);
  const on = machineOfPlan(given.machine);
  checkMachine({ ...on, formats: format, census: 0 });
  const pair = given.pair === undefined ? pairOf({ ...given, one: given.one ?? "" }) : pairs.order;
  for (const side of [pair.one, pair.other]) checkPlain(sideOf(side));
  await resolveProgram(program, { seed: 1, dtype: "f64", ...(inputs === null ? {} : { inputs }) });
  const programSha256 = await contentsOf(program);
  const path = programSha256 === null ? program : resolve(program);
  return programPlan({
    program: path,
    programSha256,
    inputs,
    radius,
    formats: format,
    pairs: [pair],
    seed,
    draws,
    ...on,
  });
}

function notOfPrograms({ network, pair }: Given): AdError {
  const [problem, expected] = ["a program has no layers", "--program with --one and --other, or with --pair order"];
  const got = network === undefined ? `--pair ${pair}` : "--network";
  return new AdError({ code: "domain", where: "zones", problem, expected, got, remedy: "leave it out" });
}

/** A network by name, or that of a file with the sum of its contents. */
async function named(network: string): Promise<NamedNetwork> {
  const own = await loadNetwork({ model: network });
  return own === null ? { network, networkSha256: null } : { network: own.path, networkSha256: own.sha256 };
}

function usualData(): ImageDataName {
  const folder = dataFolder();
  return folder !== undefined && foundIn(folder).includes("mnist") ? "mnist" : "digits";
}

function pairOf({ pair, one, other }: Given): Pair {
  if (one === undefined && other === undefined) return pairs[pair ?? "maxpool"];
  if (pair === undefined) {
    for (const side of [one ?? "", other ?? ""]) sideOf(side);
    return { one: one ?? "", other: other ?? "" };
  }
  const [problem, expected] = ["two comparisons at once", "--pair, or --one and --other"];
  throw new AdError({ code: "domain", where: "zones", problem, expected, got: "both", remedy: "leave one out" });
}
