/** The runs of a study of training, and what they are called. */
import type { Parameters } from "../../../sweeps/job.ts";
import type { Collected } from "../../../sweeps/sweepFolder.ts";
import { modelLabel } from "../../../training/userNetwork.ts";
import { type RunSetting, runSettingOf } from "../choice.ts";
import type { NanEnd, TrainingOutcome } from "../job.ts";
import type { StudyOptimizer, TrainingSetting } from "../request.ts";

/** A run. */
export interface StudyRun extends RunSetting {
  /** On the test data at the end; null for a run that ended in NaN. */
  readonly accuracy: number | null;
  readonly nan: NanEnd | null;
  /** The accuracy of a guess. */
  readonly chance: number;
  /** How large the run was, such as "8 wide", how its weights began, and "2000 images, 8 epochs". */
  readonly width: string;
  readonly length: string;
}

/** The runs among what was collected, numbers of the choice from low to high. */
export const studyRuns = (results: readonly Collected[]): StudyRun[] =>
  results
    .flatMap(({ parameters, result }) => {
      const setting = runSettingOf(parameters);
      const { accuracy, nan } = result as unknown as TrainingOutcome;
      return setting === null ? [] : [{ ...setting, accuracy, nan, chance: chanceOf(setting), ...sizeOf(parameters) }];
    })
    .toSorted((a, b) => a.value - b.value);

/** All sets but one have ten classes of like size. */
const chanceOf = ({ data }: TrainingSetting): number => (data === "cifar100" ? 0.01 : 0.1);

function sizeOf(parameters: Parameters): Pick<StudyRun, "width" | "length"> {
  const { limit, dataTrain, epochs, weights } = parameters;
  const width = parameters["size.width"] ?? parameters["size.growth"] ?? null;
  const images = Math.min(Number(limit ?? dataTrain), Number(dataTrain));
  return {
    width: `${width === null ? "" : ` ${width} wide`}${weights === "volume" ? " from weights of the study of volumes" : ""}`,
    length: `${images} images, ${epochs} ${epochs === 1 ? "epoch" : "epochs"}`,
  };
}

/** Names of networks in print. */
const networkNames: Readonly<Record<string, string>> = {
  ...{ lenet5: "LeNet-5", mlp: "perceptron", vgg9: "VGG9", vgg11: "VGG11", vgg13: "VGG13", vgg16: "VGG16" },
  ...{ vgg19: "VGG19", resnet18: "ResNet18", resnet34: "ResNet34", resnet50: "ResNet50", densenet121: "DenseNet121" },
};

const optimizerNames: Readonly<Record<StudyOptimizer, string>> = { sgd: "SGD", adam: "Adam", innaprop: "INNAprop" };

/** Network, data, size, optimizer and batch norm: what one figure shows. Another size may have another answer. */
export function headOf({ network, width, data, length, optimizer, batchNorm }: StudyRun): string {
  const name = `${networkNames[network] ?? modelLabel(network)}${width}`;
  return `${name} on ${data} (${length}), ${optimizerNames[optimizer]}${batchNorm ? ", batch norm" : ""}`;
}

/** All of a setting. */
export const settingText = (run: StudyRun): string => `${headOf(run)}, ${run.format}, ${run.form}`;

/** Some of the settings' parts, as a key to group by. */
export const keyOf = <Name extends keyof TrainingSetting>(setting: TrainingSetting, names: readonly Name[]): string =>
  JSON.stringify(names.map((name) => setting[name]));

/** All parts of a setting. */
export const settingParts = ["network", "data", "optimizer", "batchNorm", "format", "form"] as const;

/** Those that runs differ in by `part` alone have in common. */
export const withoutPart = (part: (typeof settingParts)[number]): (typeof settingParts)[number][] =>
  settingParts.filter((name) => name !== part);

/** Numbers in a sentence. */
export const listed = (values: readonly number[]): string =>
  values.length < 2 ? values.join("") : `${values.slice(0, -1).join(", ")} and ${values.at(-1)}`;

/** The id of the figure that shows a run. */
export type FigureOf = (run: StudyRun) => string;
