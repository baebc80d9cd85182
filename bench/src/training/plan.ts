/** What a training run is: everything that its result depends on, as plain data. */
import { AdError } from "@nonsmooth/ad-core";
import {
  adam,
  adamW,
  dinAdam,
  inna,
  innaprop,
  leNet5,
  type Model,
  mlp,
  momentum,
  nadam,
  type Optimizer,
  type RealDType,
  resNet18,
  resNet34,
  resNet50,
  rmsprop,
  sgd,
  vgg9,
  vgg11,
  vgg13,
  vgg16,
  vgg19,
} from "@nonsmooth/nets";
import type { ImageDataName } from "../data/catalogue.ts";

/** A run's settings. A run with the same plan gives the same bits. */
export interface TrainingPlan {
  readonly model: string;
  readonly batchNorm: boolean;
  readonly data: ImageDataName;
  /** At most so many images to train with, and to test with; null for all. */
  readonly limit: number | null;
  readonly optimizer: string;
  /** Numbers of the optimizer, by the names of its options. */
  readonly settings: Readonly<Record<string, number>>;
  readonly epochs: number;
  readonly batch: number;
  readonly seed: number;
  readonly dtype: RealDType;
  /** As on the command line, such as `relu=last`. */
  readonly select: readonly string[];
  /** A checkpoint after each so many steps. */
  readonly checkpointEvery: number;
}

/** What a model must know of images. */
export interface ImageForm {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly classes: number;
}

type Build = (form: ImageForm, batchNorm: boolean) => Model;

const perceptron: Build = ({ channels, height, width, classes }, batchNorm) =>
  mlp([channels * height * width, 128, 64, classes], { batchNorm });

/** The models that a run may train, by name. */
const models: Readonly<Record<string, Build>> = {
  lenet5: ({ classes, channels }, batchNorm) => leNet5({ classes, channels, batchNorm }),
  mlp: perceptron,
  ...Object.fromEntries(
    Object.entries({ vgg9, vgg11, vgg13, vgg16, vgg19, resNet18, resNet34, resNet50 }).map(([name, make]) => [
      name.toLowerCase(),
      ({ classes, channels }: ImageForm, batchNorm: boolean) => make({ classes, channels, batchNorm }),
    ]),
  ),
};

type MakeOptimizer = (settings: Readonly<Record<string, number>>) => Optimizer;

/** The optimizers that a run may use, by name. */
const optimizers: Readonly<Record<string, MakeOptimizer>> = {
  sgd: (settings) => sgd({ rate: 0.1, ...settings }) as Optimizer,
  momentum: (settings) => momentum({ rate: 0.1, ...settings }) as Optimizer,
  nesterov: (settings) => momentum({ rate: 0.1, ...settings, nesterov: true }) as Optimizer,
  rmsprop: (settings) => rmsprop(settings) as Optimizer,
  adam: (settings) => adam(settings) as Optimizer,
  adamw: (settings) => adamW(settings) as Optimizer,
  nadam: (settings) => nadam(settings) as Optimizer,
  inna: (settings) => inna(settings) as Optimizer,
  innaprop: (settings) => innaprop(settings) as Optimizer,
  dinadam: (settings) => dinAdam(settings) as Optimizer,
};

export const modelNames: readonly string[] = Object.keys(models);
export const optimizerNames: readonly string[] = Object.keys(optimizers);

/** The images that a model is usually shown: digits of one channel, or small colour images. */
export const formOf = (model: string): ImageForm =>
  model === "lenet5" || model === "mlp"
    ? { channels: 1, height: 28, width: 28, classes: 10 }
    : { channels: 3, height: 32, width: 32, classes: 10 };

function found<T>(what: string, table: Readonly<Record<string, T>>, name: string): T {
  if (Object.hasOwn(table, name)) return table[name] as T;
  const expected = Object.keys(table).join(", ");
  const [problem, remedy] = [`no such ${what}`, "check the spelling"];
  throw new AdError({ code: "missing", where: "train", problem, expected, got: name, remedy });
}

/** The model of a name, for images of this form. */
export const modelOf = (name: string, form: ImageForm, batchNorm: boolean): Model =>
  found("model", models, name)(form, batchNorm);

/** The optimizer of a name, with its settings checked. */
export const optimizerOf = (name: string, settings: Readonly<Record<string, number>>): Optimizer =>
  found("optimizer", optimizers, name)(settings);
