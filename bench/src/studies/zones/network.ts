/** What a job of the study of zones differentiates: a network on mini-batches, with weights that a seed draws. */
import { AdError, cast, key, type ProgramData, type Tensor } from "@nonsmooth/ad-core";
import {
  type Batch,
  type GradientOptions,
  imageBatches,
  type Model,
  recordGradient,
  recordLoss,
  softCrossEntropy,
  takeImages,
  type Variables,
} from "@nonsmooth/nets";
import type { ImageDataName } from "../../data/catalogue.ts";
import { dataFolder } from "../../data/find.ts";
import { type LoadedImages, loadData } from "../../data/load.ts";
import { mapLeaves } from "../../programs/trees.ts";
import { dtypesOf, type Format } from "../../training/formats.ts";
import type { GpuName } from "../../training/gpuMachine.ts";
import type { ModelPlan } from "../../training/modelPlan.ts";
import { modelOf, widthName } from "../../training/models.ts";
import { loadNetwork, type UserNetwork } from "../../training/userNetwork.ts";
import { choicesOf, type Side } from "./sides.ts";

/** A network, its data, and the format of both. */
export interface Setting {
  /** A name, or the path of a file that exports a network. */
  readonly network: string;
  /** Of that file's contents; null for a name. */
  readonly networkSha256: string | null;
  readonly width: number | null;
  readonly depth: number | null;
  readonly batchNorm: boolean;
  /** How weights begin: as in PyTorch, or as in the published study of volumes. */
  readonly weights: "default" | "volume";
  readonly data: ImageDataName;
  /** So many images are looked at, in the order of the set. */
  readonly images: number;
  readonly batch: number;
  readonly format: Format;
  /** What computes, where it is not wasm. */
  readonly machine: GpuName | null;
}

/** The data of a setting: whole mini-batches alone, so that all programs are of one size. */
export interface Mass {
  readonly loaded: LoadedImages;
  /** A network of a file; null for one by name. */
  readonly own: UserNetwork | null;
  readonly count: number;
  readonly at: (index: number) => Batch;
}

/** The mini-batches of a setting, and its network when that is one of a file. */
export async function massOf(setting: Setting): Promise<Mass> {
  const { data, batch, format, network: model, networkSha256 } = setting;
  const own = await loadNetwork({ model, ...(networkSha256 === null ? {} : { modelSha256: networkSha256 }) });
  const loaded = loadData(data, dataFolder()) as LoadedImages;
  const count = batchesIn(setting, loaded);
  const set = takeImages(
    loaded.train,
    Int32Array.from({ length: count * batch }, (_, i) => i),
  );
  const batches = imageBatches(set, { batch, dtype: dtypesOf(format).dtype, normalization: loaded.normalization });
  const at = (index: number): Batch => {
    const { images: x, labels } = batches.at(index);
    return { x, labels };
  };
  return { loaded, own, count, at };
}

/**
 * How many whole mini-batches there are.
 *
 * @throws AdError "domain" when there is none
 */
export function batchesIn({ images, batch }: Setting, { train }: LoadedImages): number {
  const available = Math.min(images, train.shape[0]);
  if (available >= batch) return Math.floor(available / batch);
  throw tooFew(batch, available);
}

function tooFew(batch: number, available: number): AdError {
  const [problem, expected] = ["no whole mini-batch", `at least ${batch} images`];
  const remedy = "take more images, or smaller batches";
  return new AdError({ code: "domain", where: "zones", problem, expected, got: `${available}`, remedy });
}

function planOf({ network: model, width, depth, batchNorm, weights }: Setting, side: Side): ModelPlan {
  const sizes = { ...(width === null ? {} : { [widthName(model)]: width }), ...(depth === null ? {} : { depth }) };
  const { activation, pool } = side;
  return { model, batchNorm, sizes, activation, pool, ...(weights === "volume" ? { weights } : {}) };
}

/** A network, and its variables by seed. */
export interface Network {
  readonly model: Model;
  readonly draw: (seed: number) => Variables;
}

/** The network as one side has it. */
export function modelFor(setting: Setting, side: Side, { loaded, own }: Pick<Mass, "loaded" | "own">): Network {
  const [, channels, height, width] = loaded.train.shape;
  const form = { kind: "images", channels, height, width, classes: loaded.train.classes } as const;
  const model = modelOf(planOf(setting, side), form, own);
  const inputShape = [channels, height, width];
  const draw = (seed: number): Variables => {
    const { params, state } = model.init(key(seed), inputShape, dtypesOf(setting.format).dtype);
    return { params, state };
  };
  return { model, draw };
}

/** No network of the study draws anything while it runs. */
const unused: Tensor = key(0);

/** What a run needs: variables and a batch. The key that stands beside them in a program is {@link unused}. */
export interface Point {
  readonly variables: Variables;
  readonly batch: Batch;
}

/** The arguments of the programs of a network. */
export const argumentsOf = ({ variables, batch }: Point): readonly unknown[] => [variables, batch, unused];

/** The same point in f64: what a run without rounding begins with. */
export const widened = (point: Point): Point =>
  mapLeaves(point, (x) => (x.dtype === "i32" || x.dtype === "bool" ? x : cast(x, "f64")));

/** How one side is differentiated; a point in f64 has no layers in 16 bits. */
function gradientOptions(setting: Setting, side: Side, mass: Mass, { batch }: Point): GradientOptions {
  const { model } = modelFor(setting, side, mass);
  const { dtype, mixed } = dtypesOf(setting.format);
  const isMixed = mixed !== null && batch.x.dtype === dtype;
  return { model, loss: softCrossEntropy, select: choicesOf(side), ...(isMixed ? { mixed } : {}) };
}

/** Loss and gradient of one side as a program of {@link argumentsOf}. */
export const gradientOf = (setting: Setting, side: Side, mass: Mass, point: Point): ProgramData =>
  recordGradient(gradientOptions(setting, side, mass, point), point.variables, point.batch, unused);

/** The loss of one side as a program of the same arguments. */
export const forwardOf = (setting: Setting, side: Side, mass: Mass, point: Point): ProgramData =>
  recordLoss(gradientOptions(setting, side, mass, point), point.variables, point.batch, unused);
