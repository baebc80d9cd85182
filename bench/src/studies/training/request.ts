/** What may be asked of the studies of training: everything in a list is crossed with all the other lists. */
import type { ImageDataName } from "../../data/catalogue.ts";
import type { Format } from "../../training/formats.ts";
import type { GpuName } from "../../training/gpuMachine.ts";

/** Beta of max-pooling, or ReLU'(0). */
export type StudyName = "maxpool" | "relu";

/** How the number of a choice comes in: see `maxPoolChoice` and `reluChoice`. */
export type Form = "coded" | "fused" | "multiply" | "assign";

/** The optimizers of the studies; sgd has momentum and decay. */
export const studyOptimizers = ["sgd", "adam", "innaprop"] as const;
export type StudyOptimizer = (typeof studyOptimizers)[number];

/** What runs have in common that differ in the number of the choice and in the seed alone. */
export interface TrainingSetting {
  /** A model's name, or the path of a file. */
  readonly network: string;
  readonly data: ImageDataName;
  readonly optimizer: StudyOptimizer;
  readonly batchNorm: boolean;
  readonly format: Format;
  readonly form: Form;
}

/** A sweep. */
export interface StudyRequest {
  readonly study: StudyName;
  readonly networks: readonly string[];
  /** Null for the usual data of each network. */
  readonly data: ImageDataName | null;
  /** Beta or ReLU'(0); null for the published ones. */
  readonly values: readonly number[] | null;
  readonly forms: readonly Form[];
  readonly formats: readonly Format[];
  readonly optimizers: readonly StudyOptimizer[];
  readonly batchNorms: readonly boolean[];
  /** Null for as many as published. */
  readonly epochs: number | null;
  /** At most so many images to train with, and to test with; null for all. */
  readonly subset: number | null;
  /** Of the network, where it is not the usual one: the option `width`, or `growth`. */
  readonly width: number | null;
  /** How weights begin: as in PyTorch, or as in the published study of volumes (Kaiming's uniform, no bias). */
  readonly weights: "default" | "volume";
  /** Null for the published one. */
  readonly rate: number | null;
  readonly batch: number;
  /** What computes where it is not the machine wasm, whose bits all machines have but this one. */
  readonly machine?: GpuName;
  /** Seeds 1 to this. */
  readonly seeds: number;
}
