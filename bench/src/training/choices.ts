/** Activations and poolings by what a plan says of them: a name, or a published choice with its numbers. */
import { AdError, type Select } from "@nonsmooth/ad-core";
import * as layers from "@nonsmooth/nets/layers";
import { found } from "./tables.ts";

const { elu, gelu, leakyRelu, relu, relu6, sigmoid, silu, softplus, tanh } = layers;
const { maxPoolChoice, minimalPool2d, normPoolChoice, relu6Choice, reluChoice } = layers;

/** A layer, and the selections that belong to it. */
export interface Chosen {
  readonly layer: layers.Layer;
  readonly select: Select;
}

const plain = (layer: layers.Layer): Chosen => ({ layer, select: {} });
const pool = ({ pool: layer, select }: layers.PoolChoice): Chosen => ({ layer, select });
const activation = ({ activation: layer, select }: layers.ActivationChoice): Chosen => ({ layer, select });

/** What stands before the colon, and for what stands after it a form and a reading. */
interface Family {
  readonly plain: Readonly<Record<string, () => layers.Layer>>;
  readonly numbered: Readonly<Record<string, { form: string; of: (...numbers: number[]) => Chosen }>>;
}

const activations: Family = {
  plain: { relu, relu6, leakyRelu, elu, gelu, silu, softplus, sigmoid, tanh },
  numbered: {
    relu: { form: "S", of: (alpha = 0) => activation(reluChoice({ alpha, rule: "multiply" })) },
    "relu-assign": { form: "S", of: (alpha = 0) => activation(reluChoice({ alpha, rule: "assign" })) },
    relu6: { form: "LOW,HIGH", of: (low = 0, high = 0) => activation(relu6Choice({ low, high, rule: "multiply" })) },
    "relu6-assign": {
      form: "LOW,HIGH",
      of: (low = 0, high = 0) => activation(relu6Choice({ low, high, rule: "assign" })),
    },
  },
};

const window = 2;
const pools: Family = {
  plain: {
    max: () => layers.maxPool2d({ window }),
    average: () => layers.avgPool2d({ window }),
    norm: () => layers.normPool2d({ window }),
    minimal: () => minimalPool2d({ window }),
  },
  numbered: {
    beta: { form: "B", of: (beta = 0) => pool(maxPoolChoice({ beta, form: "fused", window })) },
    "beta-coded": { form: "B", of: (beta = 0) => pool(maxPoolChoice({ beta, form: "coded", window })) },
    norm: { form: "1|2", of: (choice) => pool(normPoolChoice({ choice: choice as 1 | 2, window })) },
  },
};

export const activationNames: readonly string[] = Object.keys(activations.plain);
export const poolNames: readonly string[] = Object.keys(pools.plain);

const formsOf = ({ plain, numbered }: Family): string =>
  [...Object.keys(plain), ...Object.entries(numbered).map(([name, { form }]) => `${name}:${form}`)].join("|");

/** What may be said of an activation and of a pooling, for help. */
export const activationForms: string = formsOf(activations);
export const poolForms: string = formsOf(pools);

/** The layer of a text such as `tanh` or `relu-assign:0.5`, with its selections. */
export const activationOf = (text: string): Chosen => chosen("activation", activations, text);

/** The layer of a text such as `max` or `beta-coded:10`, with its selections. */
export const poolOf = (text: string): Chosen => chosen("pooling", pools, text);

function chosen(what: string, family: Family, text: string): Chosen {
  const [name = "", list] = /^([^:]*)(?::(.*))?$/s.exec(text)?.slice(1) ?? [];
  if (list === undefined && Object.hasOwn(family.numbered, name) && !Object.hasOwn(family.plain, name))
    throw badNumbers(what, text, `${name}:${family.numbered[name]?.form}`);
  if (list === undefined) return plain(found(what, family.plain, name)());
  const { form, of } = found(`${what} with numbers`, family.numbered, name);
  const parts = list.split(",").map((part) => part.trim());
  const numbers = parts.map(Number);
  const isGood = parts.length === form.split(",").length && parts.every((part) => part !== "");
  if (isGood && numbers.every(Number.isFinite)) return of(...numbers);
  throw badNumbers(what, text, `${name}:${form}`);
}

const badNumbers = (what: string, got: string, expected: string): AdError =>
  new AdError({
    ...{ code: "domain", where: "train", problem: `no such ${what}`, expected, got },
    remedy: "write its numbers after a colon",
  });
