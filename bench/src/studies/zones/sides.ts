/** The two sides of a comparison: programs of one function that differ in what they do at kinks, or in the order of sums. */
import { AdError, type Select } from "@nonsmooth/ad-core";
import { chooserFor } from "@nonsmooth/ad-core/transforms";
import { selectOf } from "../../training/models.ts";
import { parseSelect } from "../../training/selections.ts";

/** One side. */
export interface Side {
  /** The layer of each activation and of each pooling, by name; null for the network's own. */
  readonly activation: string | null;
  readonly pool: string | null;
  /** Further choices, such as `relu@relu1=last`. */
  readonly select: readonly string[];
  /** A seed that draws the order of sums; null for the stated order. */
  readonly shuffled: number | null;
}

/**
 * A side from a text of settings with spaces between them: `pool=NAME`, `activation=NAME`, `shuffled=SEED`, and choices at
 * kinks. An empty text is the network as it is.
 *
 * @throws AdError "domain" for a setting that comes twice or has no value; as the settings themselves and the engine's own reader of selections
 * @example
 * sideOf("pool=minimal relu@relu1=last") // { activation: null, pool: "minimal", select: ["relu@relu1=last"], shuffled: null }
 */
export function sideOf(text: string): Side {
  const given = new Map<string, string>();
  const select: string[] = [];
  for (const part of text.split(" ").filter((word) => word !== "")) {
    const [, name = "", value = ""] = /^([^=]*)=(.*)$/.exec(part) ?? [];
    if (!["pool", "activation", "shuffled"].includes(name)) select.push(part);
    else if (value === "" || given.has(name)) throw badSide(text, part);
    else given.set(name, value);
  }
  const [activation, pool] = [given.get("activation") ?? null, given.get("pool") ?? null];
  const side = { activation, pool, select, shuffled: seedOf(text, given.get("shuffled")) };
  chooserFor("zones", choicesOf(side));
  return side;
}

/** All choices at kinks of a side, those that belong to its layers too. */
export const choicesOf = ({ activation, pool, select }: Side): Select =>
  selectOf({ activation, pool }, parseSelect(select));

/**
 * Checks that a side names no layers: a program has its own.
 *
 * @throws AdError "domain" when it does
 */
export function checkPlain({ activation, pool }: Side): void {
  if (activation === null && pool === null) return;
  const [problem, expected] = ["a program has no layers to choose", "choices at kinks, such as relu=last"];
  const got = [activation, pool].filter((layer) => layer !== null).join(", ");
  throw new AdError({ code: "domain", where: "zones", problem, expected, got, remedy: "write NAME=CHOICE" });
}

function seedOf(text: string, seed: string | undefined): number | null {
  if (seed === undefined) return null;
  if (/^\d+$/.test(seed) && Number.isSafeInteger(Number(seed))) return Number(seed);
  throw badSide(text, `shuffled=${seed}`);
}

function badSide(text: string, got: string): AdError {
  const [problem, expected] = [`not a side of a comparison: "${text}"`, "each setting once, with its value"];
  const remedy = 'write for instance "pool=beta:10 activation=relu:0", "shuffled=1", or "relu=last"';
  return new AdError({ code: "domain", where: "zones", problem, expected, got, remedy });
}
