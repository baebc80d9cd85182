/** How the published runs were made: grids, rates, epochs, augmentation. Numbers are those of the code and the data that go with the papers. */
import type { ImageDataName } from "../../data/catalogue.ts";
import type { Format } from "../../training/formats.ts";
import type { OptimizerPlan } from "../../training/optimizers.ts";
import type { StudyOptimizer, TrainingSetting } from "./request.ts";

/** The betas of [Bou24]. */
export const publishedBetas: readonly number[] = [0, 1, 10, 100, 1000, 10000];

/** The values of ReLU'(0) of [BLGP21] for a network and an optimizer; those of MNIST where there are no others. */
export function publishedAlphas(network: string, optimizer: StudyOptimizer): readonly number[] {
  if (/^vgg/.test(network)) return optimizer === "sgd" ? [-1, -0.5, -0.1, 0, 0.1, 0.5, 1, 5] : adamAlphas;
  if (/^resnet/.test(network)) return optimizer === "sgd" ? tenths : adamAlphas;
  return [-50, -10, -1, 0, 1, 10, 50];
}

const tenths = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
const adamAlphas = [0, 2, 4, 5, 6, 8, 10, 50];

/** Where a rate comes from. */
export type RateSource = "published" | "published for other data or another format" | "ours";

interface PublishedRate {
  readonly network: string;
  readonly data: "mnist" | "cifar10" | "svhn";
  readonly optimizer: StudyOptimizer;
  readonly format: Format;
  /** Without and with batch norm. */
  readonly rates: readonly [number, number];
}

/** The rates of [Bou24]: found for beta 0 by a search on the test data, and used for all betas. */
const published: readonly PublishedRate[] = [
  { network: "lenet5", data: "mnist", optimizer: "sgd", format: "f16", rates: [0.02326, 0.02105] },
  { network: "lenet5", data: "mnist", optimizer: "sgd", format: "mixed", rates: [0.00925, 0.00793] },
  { network: "lenet5", data: "mnist", optimizer: "sgd", format: "f32", rates: [0.03528, 0.01317] },
  { network: "lenet5", data: "mnist", optimizer: "adam", format: "f32", rates: [0.003898, 0.02586] },
  { network: "vgg11", data: "cifar10", optimizer: "sgd", format: "f16", rates: [0.01819, 0.01855] },
  { network: "vgg11", data: "cifar10", optimizer: "sgd", format: "f32", rates: [0.0382, 0.007417] },
  { network: "vgg11", data: "cifar10", optimizer: "adam", format: "f32", rates: [2.653e-4, 7.236e-4] },
  { network: "vgg11", data: "svhn", optimizer: "sgd", format: "f16", rates: [1.88e-5, 0.003654] },
  { network: "vgg11", data: "svhn", optimizer: "sgd", format: "f32", rates: [0.002046, 0.01866] },
  { network: "resnet18", data: "cifar10", optimizer: "sgd", format: "f16", rates: [0.03624, 0.0298] },
  { network: "resnet18", data: "cifar10", optimizer: "sgd", format: "f32", rates: [0.03797, 0.02218] },
  { network: "densenet121", data: "cifar10", optimizer: "sgd", format: "f16", rates: [0.02029, 0.01033] },
];

/** Whose rate a format takes: its own, or else the nearest. */
const nearest: Readonly<Record<Format, readonly Format[]>> = {
  f16: ["f16", "mixed", "f32"],
  bf16: ["f16", "mixed", "f32"],
  mixed: ["mixed", "f32", "f16"],
  f32: ["f32", "f16"],
  f64: ["f32", "f16"],
};

const ourRates: Readonly<Record<StudyOptimizer, number>> = { sgd: 0.02, adam: 1e-3, innaprop: 1e-3 };

const baseOf = (data: ImageDataName): string => (data === "svhn-extra" ? "svhn" : data);

/** The rate of a setting: the published one, that of the nearest published setting of the network, or ours. */
export function rateOf(setting: TrainingSetting): { readonly rate: number; readonly source: RateSource } {
  const { network, optimizer, format, batchNorm } = setting;
  const data = baseOf(setting.data);
  const known = published.filter(
    (row) => row.network === network && row.optimizer === optimizer && (row.data === "svhn") === (data === "svhn"),
  );
  const [found] = nearest[format].flatMap((one) => known.filter((row) => row.format === one));
  if (found === undefined) return { rate: ourRates[optimizer], source: "ours" };
  const isExact = found.data === data && found.format === format;
  const source = isExact ? "published" : "published for other data or another format";
  return { rate: found.rates[batchNorm ? 1 : 0], source };
}

/** How many epochs the published runs had; as those of MNIST for generated digits, as those of CIFAR-10 for other data. */
export function publishedEpochs(data: ImageDataName, optimizer: StudyOptimizer): number {
  if (baseOf(data) === "svhn") return 100;
  if (!isGrey(data)) return 200;
  return optimizer === "sgd" ? 100 : 80;
}

const isGrey = (data: ImageDataName): boolean => !["cifar10", "cifar100", "svhn", "svhn-extra"].includes(data);

/** How images were changed: those of CIFAR are cropped and mirrored, others stay. */
export const augmentationOf = (data: ImageDataName): { readonly crop: number; readonly flip: boolean } =>
  data.startsWith("cifar") ? { crop: 4, flip: true } : { crop: 0, flip: false };

/** The optimizer by its name in a plan, with its settings. The usual epsilon is 0 in f16, where Adam never trained. */
export function optimizerPlan(
  optimizer: StudyOptimizer,
  format: Format,
  rate: number,
): Pick<OptimizerPlan, "optimizer" | "settings"> {
  if (optimizer === "sgd") return { optimizer: "momentum", settings: { rate, momentum: 0.9, weightDecay: 5e-4 } };
  return { optimizer, settings: { rate, ...(format === "f16" ? { epsilon: 1e-4 } : {}) } };
}
