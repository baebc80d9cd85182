/** Published test accuracies in percent: beta of max-pooling from the data of [Bou24], ReLU'(0) from the data of [BLGP21]. */
import type { Format } from "../../training/formats.ts";
import { publishedBetas } from "./protocol.ts";
import type { StudyOptimizer, TrainingSetting } from "./request.ts";

/** What was found with one number of a choice. */
export interface PublishedPoint {
  readonly value: number;
  /** Null where runs ended in NaN. */
  readonly mean: number | null;
  /** Null where it is not known. */
  readonly deviation: number | null;
}

/** The runs of one setting. */
export interface PublishedSetting {
  readonly source: "Bou24" | "BLGP21";
  readonly network: string;
  readonly data: "mnist" | "cifar10" | "svhn-extra" | "svhn";
  readonly optimizer: StudyOptimizer;
  readonly format: Format;
  readonly batchNorm: boolean;
  readonly runs: number;
  readonly epochs: number;
  readonly points: readonly PublishedPoint[];
}

type Cell = readonly [mean: number, deviation: number] | number | "NaN";

/** One cell for each of the published betas, or for the first of them. */
const atBetas = (...cells: readonly Cell[]): PublishedPoint[] =>
  cells.map((cell, i) => pointOf(publishedBetas[i] as number, cell));

const atAlphas = (cells: Readonly<Record<string, Cell>>): PublishedPoint[] =>
  Object.entries(cells).map(([alpha, cell]) => pointOf(Number(alpha), cell));

function pointOf(value: number, cell: Cell): PublishedPoint {
  if (cell === "NaN") return { value, mean: null, deviation: null };
  const [mean, deviation] = typeof cell === "number" ? [cell, null] : cell;
  return { value, mean, deviation };
}

type About = Omit<PublishedSetting, "batchNorm" | "points" | "source">;

/** Without and with batch norm. */
const both = (about: About, without: PublishedPoint[], withNorm: PublishedPoint[]): PublishedSetting[] => [
  { source: "Bou24", ...about, batchNorm: false, points: without },
  { source: "Bou24", ...about, batchNorm: true, points: withNorm },
];

const leNet = { network: "lenet5", data: "mnist", optimizer: "sgd", runs: 10, epochs: 100 } as const;
const vgg = { network: "vgg11", data: "cifar10", optimizer: "sgd", runs: 10, epochs: 200 } as const;
const resNet = { network: "resnet18", data: "cifar10", optimizer: "sgd", runs: 10, epochs: 200 } as const;
const houses = { network: "vgg11", data: "svhn-extra", optimizer: "sgd", runs: 3, epochs: 100 } as const;

/** By beta, in the coded form. The means of VGG11 in f32 at 10000 hide that 4 of 5 runs collapsed, and one did not. */
const byBeta: readonly PublishedSetting[] = [
  ...both(
    { ...leNet, format: "f16" },
    atBetas([99.22, 0.05], [99.23, 0.07], [99.2, 0.06], [99.26, 0.05], "NaN", "NaN"),
    atBetas([99.32, 0.05], [99.35, 0.04], [99.37, 0.03], [99.29, 0.06], "NaN", "NaN"),
  ),
  ...both(
    { ...leNet, format: "mixed", runs: 1 },
    atBetas(99.3, 99.08, 99.19, 99.08, "NaN", "NaN"),
    atBetas(99.31, 99.22, 99.31, 99.25, "NaN", "NaN"),
  ),
  ...both(
    { ...leNet, format: "f32" },
    atBetas([99.26, 0.05], [99.28, 0.04], [99.23, 0.05], [99.25, 0.04], [99.25, 0.05], [99.27, 0.05]),
    atBetas([99.33, 0.06], [99.32, 0.08], [99.31, 0.06], [99.3, 0.03], [99.31, 0.07], [99.21, 0.1]),
  ),
  ...both(
    { ...leNet, format: "f32", optimizer: "adam", epochs: 80 },
    atBetas([99.15, 0.1], [99.13, 0.07], [99.16, 0.08], [99.18, 0.06], [99.17, 0.08], [99.17, 0.06]),
    atBetas([99.31, 0.07], [99.3, 0.06], [99.31, 0.05], [99.32, 0.06], [99.3, 0.09], [99.3, 0.07]),
  ),
  ...both(
    { ...vgg, format: "f16" },
    atBetas([90.49, 0.13], [90.49, 0.16], [90.46, 0.19], [90.39, 0.13], "NaN", "NaN"),
    atBetas([92.03, 0.14], [91.95, 0.19], [91.91, 0.2], [91.31, 0.12], "NaN", "NaN"),
  ),
  ...both(
    { ...vgg, format: "f32", runs: 5 },
    atBetas([91.07, 0.14], [91.03, 0.15], [91.08, 0.1], [91.06, 0.12], [91.02, 0.11], [26.2, 32]),
    atBetas([91.72, 0.19], [91.73, 0.21], [91.64, 0.12], [91.69, 0.1], [91.64, 0.18], [91.08, 0.09]),
  ),
  ...both(
    { ...vgg, format: "f32", optimizer: "adam" },
    atBetas([88.15, 0.28], [88.19, 0.17], [88.04, 0.2], [88.31, 0.23], [88.34, 0.22], [88.21, 0.26]),
    atBetas([91.2, 0.14], [91.2, 0.2], [91.21, 0.15], [91.14, 0.13], [91.09, 0.19], [91.08, 0.11]),
  ),
  ...both(
    { ...resNet, format: "f16" },
    atBetas([90.95, 0.14], [91.05, 0.21], [91.08, 0.27], [91, 0.16], [89.76, 0.2], "NaN"),
    atBetas([92.25, 0.11], [92.33, 0.11], [92.37, 0.24], [92.21, 0.14], [90.58, 0.25], "NaN"),
  ),
  ...both(
    { ...resNet, format: "f32" },
    atBetas([91.69, 0.15], [91.65, 0.1], [91.67, 0.14], [91.66, 0.17], [91.62, 0.12], [91.62, 0.14]),
    atBetas([92.81, 0.16], [92.9, 0.14], [92.98, 0.16], [92.84, 0.15], [92.88, 0.17], [92.76, 0.13]),
  ),
  ...both(
    { ...houses, format: "f16" },
    atBetas(19.59, 19.59, 19.59, 19.59, 19.59, "NaN"),
    atBetas([97.06, 0.03], [96.99, 0.07], [97.06, 0.04], [96.88, 0.07], "NaN", "NaN"),
  ),
  ...both(
    { ...houses, format: "f32" },
    atBetas(19.59, 19.59, 19.59, 19.59, 19.59, 19.59),
    atBetas([97.64, 0.09], [97.65, 0.03], [97.61, 0.06], [97.61, 0.04], [97.55, 0.03], [97.07, 0.2]),
  ),
  // With batch norm, theirs had it at the ends of the network alone, which a plan does not say.
  {
    ...{ ...vgg, source: "Bou24", network: "densenet121", format: "f16", batchNorm: false },
    points: atBetas([83.24, 0.86], [83.54, 0.9], [83.32, 0.55]),
  },
];

const ofRelu = { source: "BLGP21", data: "cifar10", format: "f32", runs: 10, epochs: 200 } as const;

/** By ReLU'(0), which the code assigned; its ResNet18 pools 3 by 3. Those of VGG11 with SGD are read off a figure. */
const byAlpha: readonly PublishedSetting[] = [
  {
    ...{ ...ofRelu, network: "resnet18", optimizer: "sgd", batchNorm: false },
    points: atAlphas({ 0: 90.14, 0.1: 89.07, 0.2: 86.34, 0.3: 10, 0.5: 10, 0.6: 10, 0.7: 10, 0.8: 10, 0.9: 10, 1: 10 }),
  },
  {
    ...{ ...ofRelu, network: "resnet18", optimizer: "sgd", batchNorm: true },
    points: atAlphas({
      ...{ 0: 91.87, 0.1: 91.85, 0.2: 91.68, 0.3: 91.35, 0.4: 91.12, 0.5: 90.92 },
      ...{ 0.6: 90.74, 0.7: 90.52, 0.8: 90.14, 0.9: 90.09, 1: 89.81 },
    }),
  },
  {
    ...{ ...ofRelu, network: "vgg11", optimizer: "sgd", batchNorm: false },
    points: atAlphas({ "-0.1": 89.5, 0: 89.5, 0.1: 89.5, 1: 86.8 }),
  },
  {
    ...{ ...ofRelu, network: "vgg11", optimizer: "adam", batchNorm: false, runs: 3 },
    points: atAlphas({ 0: 84.8, 2: 86, 4: 85.1, 6: 84.1, 8: 83.3, 10: 75.4, 50: 76.2 }),
  },
  {
    ...{ ...ofRelu, network: "vgg11", data: "svhn", optimizer: "adam", batchNorm: false, runs: 5, epochs: 100 },
    points: atAlphas({ 0: 96.11, 0.5: 95.93, 1: 95.82, 2: 95.75, 8: 95.01, 10: 94.75, 50: 92.72 }),
  },
];

/** The published runs of a setting, on whatever data; those on the same data before others. */
export function publishedFor(setting: TrainingSetting): PublishedSetting | null {
  const isPool = setting.form === "coded" || setting.form === "fused";
  const alike = (isPool ? byBeta : byAlpha).filter(
    ({ network, optimizer, format, batchNorm }) =>
      network === setting.network &&
      optimizer === setting.optimizer &&
      format === (setting.format === "f64" ? "f32" : setting.format) &&
      batchNorm === setting.batchNorm,
  );
  return alike.find(({ data }) => data === setting.data) ?? alike[0] ?? null;
}

/** What was published for exactly this setting and number, in this form; null where nothing was. */
export function publishedPoint(setting: TrainingSetting, value: number): PublishedPoint | null {
  const found = publishedFor(setting);
  if (found === null || found.data !== setting.data || found.format !== setting.format) return null;
  return found.points.find((point) => point.value === value) ?? null;
}
