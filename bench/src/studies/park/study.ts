/** Where plain backpropagation answers with an element of the Clarke subdifferential, on random networks at kinks. */
import { grad, key, type Select, split, type Tensor } from "@nonsmooth/ad-core";
import { isClarke, type Membership } from "@nonsmooth/ad-generalized";
import { drawFrom } from "./draw.ts";
import { type Family, families } from "./families.ts";
import type { Network } from "./networks.ts";

/** Settings of {@link parkStudy}. */
export interface ParkSettings {
  readonly seed: number;
  /** Networks drawn in each family. */
  readonly trials: number;
  /** Nodes of the search for all limits of gradients of a network. */
  readonly limit: number;
}

/** A network whose answer is no element. */
export interface Counterexample {
  /** Its number among the trials, from 1 on. */
  readonly trial: number;
  readonly trained: string;
  /** The choices at kinks, by operation and site. */
  readonly choices: Readonly<Record<string, string>>;
  readonly answer: readonly number[];
  /** A direction along which the answer is larger than all elements, and by how much. */
  readonly direction: readonly number[];
  readonly gap: number;
  readonly arithmetic: Membership["arithmetic"];
}

/** What was found about one family. */
export interface FamilyReport extends Omit<Family, "network" | "select"> {
  readonly trials: number;
  readonly members: number;
  readonly others: number;
  /** Answers of which the search does not say whether they are elements. */
  readonly undecided: number;
  /** The first counterexample. */
  readonly example: Counterexample | null;
}

/** What the study found. */
export interface ParkStudy {
  readonly seed: number;
  readonly limit: number;
  readonly families: readonly FamilyReport[];
}

const entriesOf = (gradient: readonly unknown[]): number[] =>
  (gradient as readonly Tensor[]).flatMap(({ data }) => Array.from(data as ArrayLike<number>, (v) => v + 0));

const namesOf = (select: Select): Record<string, string> =>
  Object.fromEntries(Object.entries(select).map(([name, selection]) => [name, selection.name]));

/** What is known about the answer of one network. */
interface Trial {
  readonly verdict: Membership["verdict"];
  readonly example: Counterexample | null;
}

function counterexample(
  { trained }: Network,
  select: Select,
  answer: readonly unknown[],
  { direction, gap, arithmetic }: Membership,
): Omit<Counterexample, "trial"> {
  const along = entriesOf(direction as readonly unknown[]);
  return {
    trained,
    choices: namesOf(select),
    answer: entriesOf(answer),
    direction: along,
    gap: gap as number,
    arithmetic,
  };
}

async function trialOf(family: Family, word: Tensor, trial: number, { limit }: ParkSettings): Promise<Trial> {
  const draw = drawFrom(word);
  const network = family.network(draw);
  const { f, parameters } = network;
  const select = family.select(draw);
  const answer = grad(f, { wrt: parameters.map((_, i) => i), select })(...parameters) as readonly Tensor[];
  const found = await isClarke(f, parameters as Tensor[], answer as Tensor[], { limit });
  const { verdict } = found;
  const isOther = verdict === "not a member";
  return {
    verdict,
    example: isOther ? { trial, ...counterexample(network, select, answer, found as Membership) } : null,
  };
}

async function reportOf(family: Family, word: Tensor, settings: ParkSettings): Promise<FamilyReport> {
  const found: Trial[] = [];
  for (const [i, one] of split(word, settings.trials).entries())
    found.push(await trialOf(family, one, i + 1, settings));
  const count = (wanted: Trial["verdict"]): number => found.filter(({ verdict }) => verdict === wanted).length;
  const { network, select, ...said } = family;
  const example = found.find((trial) => trial.example !== null)?.example ?? null;
  const [members, others, undecided] = [count("member"), count("not a member"), count("undecided")];
  return { ...said, trials: settings.trials, members, others, undecided, example };
}

/** Tries all families; `tell` hears of each before it begins. */
export async function parkStudy(
  settings: ParkSettings,
  tell: (family: string, index: number) => void,
): Promise<ParkStudy> {
  const words = split(key(settings.seed), families.length);
  const reports: FamilyReport[] = [];
  for (const [index, family] of families.entries()) {
    tell(family.name, index);
    reports.push(await reportOf(family, words[index] as Tensor, settings));
  }
  return { seed: settings.seed, limit: settings.limit, families: reports };
}
