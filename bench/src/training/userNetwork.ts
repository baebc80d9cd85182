/** A network of a user's: a file that exports a function, which is told what a plan says of the model. */
import { basename } from "node:path";
import { AdError } from "@nonsmooth/ad-core";
import { type Model, volumeWeights, type WeightRules } from "@nonsmooth/nets";
import { type Layer, maxPool2d, relu } from "@nonsmooth/nets/layers";
import { checkSum, sumOf } from "../programs/contents.ts";
import { type Exports, isFilePath, loadFiles } from "../programs/userModule.ts";
import { activationOf, poolOf } from "./choices.ts";
import type { DataForm, ImageForm, ModelPlan } from "./modelPlan.ts";
import { checkUnused } from "./tables.ts";
import { checkedModel } from "./userLayer.ts";

/** What the function of a user's file gets first; sizes of the plan, such as `width`, stand beside these. */
interface NetworkOptions {
  /** How many scores there must be. */
  readonly classes: number;
  /** Channels of an image. */
  readonly channels: number;
  readonly batchNorm: boolean;
  /** For each activation: the plan's, or `relu()`. */
  readonly activation: Layer;
  /** For each pooling that takes a maximum: the plan's, or `maxPool2d({ window: 2 })`. */
  readonly pool: Layer;
  /** How weights begin; only when the plan says it. */
  readonly weights?: WeightRules;
}

/** A user's network, loaded. */
export interface UserNetwork {
  /** The whole path of the file. */
  readonly path: string;
  /** SHA-256 of the file, followed by the files that it imports by a path. */
  readonly sha256: string;
  /** What the file exports; the second argument is `[channels, height, width]`. */
  readonly network: (options: NetworkOptions, inputShape: readonly number[]) => unknown;
}

/**
 * The network of a plan whose model is a file; null for a model by name. The file exports a function `network`, or that as
 * its default, and runs in this process with all its rights.
 *
 * @throws AdError "missing", "parse" or "data" when there is no such file, it cannot be loaded, or exports no network; "data"
 *   when the plan is of a file with other contents
 */
export async function loadNetwork(plan: Pick<ModelPlan, "model" | "modelSha256">): Promise<UserNetwork | null> {
  if (!isFilePath(plan.model)) return null;
  const { exports, files } = await loadFiles(plan.model);
  const sha256 = sumOf(files);
  checkSum(plan.model, plan.modelSha256 ?? null, sha256);
  return { path: files[0] as string, sha256, network: networkIn(basename(plan.model), exports) };
}

/** A plan that says which contents the file of its model has; a plan with a model by name as it is. */
export async function pinned<P extends ModelPlan>(plan: P): Promise<P> {
  const network = await loadNetwork(plan);
  return network === null ? plan : { ...plan, model: network.path, modelSha256: network.sha256 };
}

/** A model as it is printed: its name, or that of its file. */
export const modelLabel = (model: string): string => (isFilePath(model) ? basename(model) : model);

/**
 * The model that a user's network is for images of a form. What the plan asks for and the function does not read is refused,
 * as it would change nothing.
 *
 * @throws AdError "domain" for settings that it does not read, "data" when it throws or makes no layer, "shape" when the
 *   layer does not take the images or gives another number of scores
 */
export function userModel({ path, network }: UserNetwork, plan: ModelPlan, form: DataForm): Model {
  const file = basename(path);
  if (form.kind === "text") throw ofText(file);
  checkSizes(file, plan);
  const { options, read } = watched({ ...plan.sizes, ...optionsOf(plan, form) });
  const inputShape = [form.channels, form.height, form.width];
  const made = called(file, () => network(options, inputShape));
  checkUnused(file, asked(plan), [...read]);
  return checkedModel(file, made, inputShape, form.classes);
}

const optionsOf = (
  { batchNorm, activation, pool, weights }: ModelPlan,
  { classes, channels }: ImageForm,
): NetworkOptions => ({
  ...{ classes, channels, batchNorm },
  activation: activation === null ? relu() : activationOf(activation).layer,
  pool: pool === null ? maxPool2d({ window: 2 }) : poolOf(pool).layer,
  ...(weights === undefined ? {} : { weights: volumeWeights() }),
});

/** What the plan asks for, besides the usual. */
const asked = ({ batchNorm, activation, pool, sizes, weights }: ModelPlan): string[] => [
  ...Object.keys(sizes),
  ...(batchNorm ? ["batchNorm"] : []),
  ...(activation === null ? [] : ["activation"]),
  ...(pool === null ? [] : ["pool"]),
  ...(weights === undefined ? [] : ["weights"]),
];

/** The same options, and the names of those that were read. */
function watched<T extends object>(options: T): { readonly options: T; readonly read: ReadonlySet<string> } {
  const read = new Set<string>();
  const getters = Object.entries(options).map(([name, value]) => {
    const get = (): unknown => {
      read.add(name);
      return value;
    };
    return [name, { get, enumerable: true }] as const;
  });
  return { options: Object.defineProperties({}, Object.fromEntries(getters)) as T, read };
}

/** A size that has the name of an option would never arrive. */
function checkSizes(file: string, { sizes }: ModelPlan): void {
  const taken = ["classes", "channels", "batchNorm", "activation", "pool", "weights"];
  const size = Object.keys(sizes).find((name) => taken.includes(name));
  if (size === undefined) return;
  const [problem, expected] = ["a size has the name of an option", `none of ${taken.join(", ")}`];
  throw new AdError({ code: "domain", where: file, problem, expected, got: size, remedy: "call it something else" });
}

function networkIn(file: string, exports: Exports): UserNetwork["network"] {
  const found = ["network", "default"].map((name) => exports[name]).find((value) => typeof value === "function");
  if (found !== undefined) return found as UserNetwork["network"];
  const [problem, expected] = ["the file exports no network", "a function called `network`"];
  const got = Object.keys(exports).join(", ") || "no exports";
  const remedy = "write `export const network = ({ activation, pool, classes }) => sequential({ ... })`";
  throw new AdError({ code: "data", where: file, problem, expected, got, remedy });
}

/** Runs the user's function; what it throws is told without a stack. */
function called(file: string, body: () => unknown): unknown {
  try {
    return body();
  } catch (error) {
    if (error instanceof AdError) throw error;
    const [problem, expected] = ["its function `network` throws", "a layer"];
    throw new AdError({ code: "data", where: file, problem, expected, got: String(error), remedy: "mend it" });
  }
}

function ofText(file: string): AdError {
  const [problem, expected] = ["a network of a file is for images", "a data set of images"];
  return new AdError({ code: "domain", where: file, problem, expected, got: "text", remedy: "choose gpt for a text" });
}
