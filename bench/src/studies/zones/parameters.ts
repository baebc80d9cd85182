/** Parameters of the jobs of this study. */
import { imageDataNames } from "../../data/catalogue.ts";
import type { Parameters } from "../../sweeps/job.ts";
import { anyText, condition, oneOf, orNull, type Read, readParameters, text, whole } from "../../sweeps/parameters.ts";
import { formats } from "../../training/formats.ts";
import { gpuNames } from "../../training/gpuMachine.ts";
import type { Setting } from "./network.ts";

/** Those that say what is differentiated. */
export const settingReaders: { readonly [Name in keyof Setting]: Read<Setting[Name]> } = {
  network: text,
  networkSha256: orNull(text),
  width: orNull(whole(1)),
  depth: orNull(whole(1)),
  batchNorm: condition,
  weights: oneOf(["default", "volume"]),
  data: oneOf(imageDataNames),
  images: whole(1),
  batch: whole(1),
  format: oneOf(formats),
  machine: orNull(oneOf(gpuNames)),
};

/** Jobs on wasm say nothing of a machine. */
export const noMachine = { machine: null } as const;

/** Parameters of a job of the kind `zones`. */
export interface ZonesParameters extends Setting {
  /** The sides, as `sideOf` reads them. */
  readonly one: string;
  readonly other: string;
  /** The seed of the first weights, and how many are drawn. */
  readonly seed: number;
  readonly draws: number;
  /** Whether a draw ends with the first mini-batch whose gradients differ. */
  readonly untilFirst: boolean;
  /** For so many mini-batches of each draw, what is behind a difference. */
  readonly census: number;
}

const readers: { readonly [Name in keyof ZonesParameters]: Read<ZonesParameters[Name]> } = {
  ...settingReaders,
  ...{ one: anyText, other: anyText, seed: whole(0), draws: whole(1), untilFirst: condition, census: whole(0) },
};

/** Reads and checks them. */
export const zonesParameters = (parameters: Parameters): ZonesParameters =>
  readParameters("zones", { ...noMachine, ...parameters }, readers);
