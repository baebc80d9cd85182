/** What backpropagation answers at a point, beside elements of the Clarke subdifferential that random directions find. */
import { grad, type Select, type Tensor } from "@nonsmooth/ad-core";
import { type Certificate, clarkeElement } from "@nonsmooth/ad-generalized";
import { entriesOf, type MovingPart, movingPart, pointFrom } from "../programs/moved.ts";
import type { BuiltProgram } from "../programs/types.ts";
import { inner, listed, normOf } from "./clarkeNumbers.ts";
import { type SetReport, setReport } from "./clarkeSet.ts";
import { type DirectionReport, slopesAlong } from "./clarkeSlopes.ts";

/** Settings of {@link clarkeStudy}. */
export interface ClarkeSettings {
  readonly select?: Select;
  /** Seed of the first direction; the others follow. */
  readonly seed: number;
  /** How many elements are looked for, each along a direction of its own. */
  readonly elements: number;
  /** Branches this close tie. */
  readonly tolerance: number;
  /** Entries of the point; where the program has them when absent. */
  readonly at?: readonly number[];
  /** Directions along which slopes are asked for. */
  readonly directions?: readonly (readonly number[])[];
  /** Bound on the search for all limits of gradients; 0 for no search. */
  readonly limit: number;
}

/** One element, and what backpropagation's answer says about the same direction. */
export interface ElementReport {
  readonly seed: number;
  /** Its entries where they are few; null else. */
  readonly gradient: readonly number[] | null;
  readonly norm: number;
  /** Euclidean distance from the answer of backpropagation. */
  readonly distance: number;
  /** `f'(x; d)`: how fast the function really changes along the direction. */
  readonly slope: number;
  /** How fast it would change by the answer of backpropagation. */
  readonly predicted: number;
  readonly certificate: Omit<Certificate, "directions">;
}

/** What the study found. */
export interface ClarkeStudy {
  readonly program: string;
  readonly description: string;
  readonly parameters: BuiltProgram["parameters"];
  /** Entries of the point where they are few; null else. */
  readonly at: readonly number[] | null;
  readonly value: number;
  /** Entries of the gradient. */
  readonly entries: number;
  readonly backpropagation: { readonly gradient: readonly number[] | null; readonly norm: number };
  readonly elements: readonly ElementReport[];
  /** How many of the elements differ from each other. */
  readonly different: number;
  /** The seeds whose element is the answer of backpropagation, to the last bit. */
  readonly same: readonly number[];
  readonly directions: readonly DirectionReport[];
  /** The whole set, and what it says about the answer; null when no search was asked for. */
  readonly set: SetReport | null;
}

/** An element with all its entries. */
interface Found {
  readonly entries: readonly number[];
  readonly report: ElementReport;
}

function elementAt(
  { g, at }: MovingPart,
  answer: readonly number[],
  options: { readonly seed: number; readonly tolerance: number },
): Found {
  const element = clarkeElement(g as (...args: never[]) => Tensor, at as never, options);
  const entries = entriesOf(element.gradient);
  const { directions, ...certificate } = element.certificate;
  const distance = normOf(entries.map((v, k) => v - (answer[k] as number)));
  const predicted = inner(answer, entriesOf(directions[0]));
  const { slope } = certificate;
  const { seed } = options;
  return {
    entries,
    report: { seed, gradient: listed(entries), norm: normOf(entries), distance, slope, predicted, certificate },
  };
}

/** The program's function at the point that was asked for. */
function partAt(program: BuiltProgram, at: readonly number[] | undefined): MovingPart {
  const part = movingPart(program);
  return at === undefined ? part : { ...part, at: pointFrom("--at", part.at, at) as readonly unknown[] };
}

/** Compares backpropagation with elements along several directions, and with the whole set where that can be had. */
export async function clarkeStudy(program: BuiltProgram, settings: ClarkeSettings): Promise<ClarkeStudy> {
  const { name, description, parameters } = program;
  const { select, seed, tolerance, limit, directions = [] } = settings;
  const part = partAt(program, settings.at);
  const wrt = part.at.map((_, i) => i);
  const gradient = grad(part.g, { wrt, ...(select && { select }) })(...(part.at as Tensor[])) as unknown;
  const answer = entriesOf(gradient);
  const found = Array.from({ length: settings.elements }, (_, i) =>
    elementAt(part, answer, { seed: seed + i, tolerance }),
  );
  const isAnswer = ({ entries }: Found): boolean => entries.every((v, k) => v === answer[k]);
  return {
    ...{ program: name, description, parameters, at: listed(entriesOf(part.at)) },
    value: entriesOf(part.g(...part.at))[0] as number,
    entries: answer.length,
    backpropagation: { gradient: listed(answer), norm: normOf(answer) },
    elements: found.map(({ report }) => report),
    different: new Set(found.map(({ entries }) => entries.join())).size,
    same: found.filter(isAnswer).map(({ report }) => report.seed),
    directions: slopesAlong(part, answer, directions, tolerance),
    set: limit === 0 ? null : await setReport(part, gradient, { limit, tolerance, seed }),
  };
}
