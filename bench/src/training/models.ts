/** The models that the command knows, by name, for the form of their data. */
import { AdError, type Select } from "@nonsmooth/ad-core";
import {
  denseNet121,
  gpt,
  leNet5,
  type Model,
  mlp,
  resNet18,
  resNet34,
  resNet50,
  vgg9,
  vgg11,
  vgg13,
  vgg16,
  vgg19,
  volumeWeights,
  type WeightRules,
} from "@nonsmooth/nets";
import type { Layer } from "@nonsmooth/nets/layers";
import { isFilePath } from "../programs/userModule.ts";
import { activationOf, poolOf } from "./choices.ts";
import type { DataForm, ImageForm, ModelPlan, TextForm } from "./modelPlan.ts";
import { checkUnused, found } from "./tables.ts";
import { type UserNetwork, userModel } from "./userNetwork.ts";

/** What all models of images may be told. */
interface Style {
  readonly batchNorm?: boolean;
  readonly activation?: Layer;
  readonly pool?: Layer;
  readonly weights?: WeightRules;
}

/** A model of the command. */
interface Entry<Form extends DataForm> {
  /** The sizes that it knows. */
  readonly sizes: readonly string[];
  /** The parts of a style that it knows. */
  readonly style: readonly (keyof Style)[];
  build(form: Form, style: Style, sizes: Readonly<Record<string, number>>): Model;
}

type Imager = (options: Style & { classes: number; channels: number; width?: number }) => Model;

const imager = (make: Imager, sizes: readonly string[] = ["width"]): Entry<ImageForm> => ({
  ...{ sizes, style: ["batchNorm", "activation", "pool", "weights"] },
  build: ({ classes, channels }, style, given) => make({ classes, channels, ...style, ...given }),
});

/** Hidden layers: so many of one width, or else two, the second half as wide. */
const hidden = (width: number, depth: number | undefined): number[] =>
  depth === undefined ? [width, Math.ceil(width / 2)] : new Array<number>(depth).fill(width);

/** The models of images. */
const ofImages: Readonly<Record<string, Entry<ImageForm>>> = {
  lenet5: imager(leNet5, []),
  mlp: {
    sizes: ["width", "depth"],
    style: ["batchNorm", "activation", "weights"],
    build: ({ channels, height, width: columns, classes }, { weights, ...style }, { width = 128, depth }) =>
      mlp([channels * height * columns, ...hidden(width, depth), classes], {
        ...style,
        ...(weights?.linear === undefined ? {} : { weights: weights.linear }),
      }),
  },
  ...Object.fromEntries(
    Object.entries({ vgg9, vgg11, vgg13, vgg16, vgg19, resNet18, resNet34, resNet50 }).map(([name, make]) => [
      name.toLowerCase(),
      imager(make),
    ]),
  ),
  densenet121: imager(denseNet121, ["growth"]),
};

/** The models of texts. */
const ofTexts: Readonly<Record<string, Entry<TextForm>>> = {
  gpt: {
    sizes: ["context", "width", "depth", "heads", "dropout"],
    style: ["activation"],
    build: ({ vocabulary }, style, sizes) =>
      gpt({ vocabulary, context: 64, width: 128, depth: 4, heads: 4, ...style, ...sizes }),
  },
};

export const modelNames: readonly string[] = Object.keys({ ...ofImages, ...ofTexts });

/** What may be said of a model, for help. */
export const modelForms: string = `${modelNames.join(", ")}, or the path of a file that exports \`network\``;

/** What the width of a model is called among its sizes. */
export const widthName = (model: string): string => (model === "densenet121" ? "growth" : "width");

/** Whether a model is one of texts. */
export const isOfTexts = (name: string): boolean => Object.hasOwn(ofTexts, name);

/** The form that a model is usually shown: digits (a file too), small colour images, or a text of the size of the usual one. */
export function usualForm(name: string): DataForm {
  if (isOfTexts(name)) return { kind: "text", vocabulary: 65 };
  const [channels, size] = name === "lenet5" || name === "mlp" || isFilePath(name) ? [1, 28] : [3, 32];
  return { kind: "images", channels, height: size, width: size, classes: 10 };
}

/**
 * The model of a plan, for data of a form.
 *
 * @param network - what {@link loadNetwork} gave for the plan: a user's network, or null for a model by name
 * @throws AdError "missing" for an unknown name, "domain" for settings that the model has not, and as {@link userModel}
 */
export function modelOf(plan: ModelPlan, form: DataForm, network: UserNetwork | null = null): Model {
  if (network !== null) return userModel(network, plan, form);
  return form.kind === "text" ? built(plan, ofTexts, form) : built(plan, ofImages, form);
}

function built<Form extends DataForm>(
  plan: ModelPlan,
  table: Readonly<Record<string, Entry<Form>>>,
  form: Form,
): Model {
  const entry = found(`model of ${form.kind}`, table, plan.model);
  checkUnused(plan.model, Object.keys(plan.sizes), entry.sizes);
  const style = styleOf(plan);
  checkUnused(plan.model, Object.keys(style), entry.style);
  return entry.build(form, style, plan.sizes);
}

/** What differs from the model's own style. */
function styleOf({ batchNorm, activation, pool, weights }: ModelPlan): Style {
  return {
    ...(weights === undefined ? {} : { weights: volumeWeights() }),
    ...(batchNorm ? { batchNorm } : {}),
    ...(activation === null ? {} : { activation: activationOf(activation).layer }),
    ...(pool === null ? {} : { pool: poolOf(pool).layer }),
  };
}

/** The choices at kinks that belong to the plan's layers, with those that a user makes besides. */
export function selectOf({ activation, pool }: Pick<ModelPlan, "activation" | "pool">, further: Select): Select {
  const own: Select = {
    ...(activation === null ? {} : activationOf(activation).select),
    ...(pool === null ? {} : poolOf(pool).select),
  };
  const twice = Object.keys(own).filter((name) => Object.hasOwn(further, name));
  if (twice.length === 0) return { ...own, ...further };
  const [problem, expected] = ["a choice comes twice", "one choice for each name"];
  const [got, remedy] = [`${twice.join(", ")} of a layer and of --select`, "leave one out, or select at a site"];
  throw new AdError({ code: "selection", where: "train", problem, expected, got, remedy });
}
