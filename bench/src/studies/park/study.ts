/** Where plain backpropagation answers with an element of the Clarke subdifferential, on random networks at kinks. */
import { grad, key, mul, type Select, split, type Tensor } from "@nonsmooth/ad-core";
import { clarkeElement } from "@nonsmooth/ad-generalized";
import { drawFrom } from "./draw.ts";
import { type Family, families } from "./families.ts";
import { isMixture, type Membership, type Verdict } from "./membership.ts";
import type { Network } from "./networks.ts";

/** Settings of {@link parkStudy}. */
export interface ParkSettings {
  readonly seed: number;
  /** Networks drawn in each family. */
  readonly trials: number;
  /** Random directions tried at most for each network. */
  readonly directions: number;
  /** Whether an answer is a mixture of elements. */
  readonly membership?: Membership;
}

/** A network whose answer was not found to be an element. */
export interface Counterexample {
  /** Its number among the trials, from 1 on. */
  readonly trial: number;
  readonly trained: string;
  /** The choices at kinks, by operation and site. */
  readonly choices: Readonly<Record<string, string>>;
  readonly answer: readonly number[];
  /** The different elements that were found. */
  readonly elements: readonly (readonly number[])[];
}

/** What was found about one family. */
export interface FamilyReport extends Omit<Family, "network" | "select"> {
  readonly trials: number;
  readonly inside: number;
  readonly outside: number;
  /** The counterexample with the fewest elements. */
  readonly example: Counterexample | null;
}

/** What the study found. */
export interface ParkStudy {
  readonly seed: number;
  readonly directions: number;
  readonly families: readonly FamilyReport[];
}

const entriesOf = (gradient: readonly Tensor[]): number[] =>
  gradient.flatMap(({ data }) => Array.from(data as ArrayLike<number>, (v) => v + 0));

const answerOf = ({ f, parameters }: Network, select: Select): number[] =>
  entriesOf(grad(f, { wrt: parameters.map((_, i) => i), select })(...parameters) as readonly Tensor[]);

/**
 * An element. Every second direction moves each parameter at its own speed: the function of slowed parameters has the
 * element's entries times their speeds, exactly so for powers of 2.
 */
function elementOf({ f, parameters, speeds }: Network, seed: number): number[] {
  const speedOf = (i: number): number => (seed % 2 === 0 ? 1 : (speeds[i] as number));
  const slowed = (...at: Tensor[]): Tensor => f(...at.map((x, i) => mul(x, speedOf(i))));
  const at = parameters.map((x, i) => mul(x, 1 / speedOf(i)));
  const { gradient } = clarkeElement(slowed, at, { seed, steps: [] });
  return entriesOf((gradient as unknown as readonly Tensor[]).map((g, i) => mul(g, 1 / speedOf(i))));
}

/** An answer, beside what was found to hold it or not. */
interface Decision {
  readonly verdict: Verdict;
  readonly elements: readonly (readonly number[])[];
}

/**
 * Looks for elements along random directions until they hold the answer. Elements are limits of gradients and their
 * mixtures are elements too, so `inside` is certain; `outside of those found` is not, as directions may miss some.
 */
function decide(network: Network, answer: readonly number[], settings: ParkSettings): Decision {
  const { directions, membership = isMixture } = settings;
  const found = new Map<string, number[]>();
  for (let seed = 0, next = 4; seed < directions; seed++) {
    const element = elementOf(network, seed);
    found.set(element.join(), element);
    if (seed + 1 < next && seed + 1 < directions) continue;
    next *= 2;
    if (membership([...found.values()], answer) === "inside") return { verdict: "inside", elements: [] };
  }
  return { verdict: "outside of those found", elements: [...found.values()] };
}

const namesOf = (select: Select): Record<string, string> =>
  Object.fromEntries(Object.entries(select).map(([name, selection]) => [name, selection.name]));

/** One network of a family; null when its answer is an element. */
function trialOf(family: Family, word: Tensor, trial: number, settings: ParkSettings): Counterexample | null {
  const draw = drawFrom(word);
  const network = family.network(draw);
  const select = family.select(draw);
  const answer = answerOf(network, select);
  const { verdict, elements } = decide(network, answer, settings);
  if (verdict === "inside") return null;
  return { trial, trained: network.trained, choices: namesOf(select), answer, elements };
}

function reportOf(family: Family, word: Tensor, settings: ParkSettings): FamilyReport {
  const words = split(word, settings.trials);
  const failed = words.flatMap((one, i) => trialOf(family, one, i + 1, settings) ?? []);
  const { network, select, ...said } = family;
  const [example = null] = failed.toSorted((a, b) => a.elements.length - b.elements.length);
  const { trials } = settings;
  return { ...said, trials, inside: trials - failed.length, outside: failed.length, example };
}

/** Tries all families; `tell` hears of each before it begins. */
export function parkStudy(settings: ParkSettings, tell: (family: string, index: number) => void): ParkStudy {
  const words = split(key(settings.seed), families.length);
  const reports = families.map((family, index) => {
    tell(family.name, index);
    return reportOf(family, words[index] as Tensor, settings);
  });
  return { seed: settings.seed, directions: settings.directions, families: reports };
}
