/** What backpropagation answers at a point, beside elements of the Clarke subdifferential that random directions find. */
import { grad, type Select, type Tensor } from "@nonsmooth/ad-core";
import { flattenTree } from "@nonsmooth/ad-core/machines";
import { type Certificate, clarkeElement } from "@nonsmooth/ad-generalized";
import type { BuiltProgram } from "../programs/types.ts";
import { movingPart } from "./movingPart.ts";

/** Settings of {@link clarkeStudy}. */
export interface ClarkeSettings {
  readonly select?: Select;
  /** Seed of the first direction; the others follow. */
  readonly seed: number;
  /** How many elements are looked for, each along a direction of its own. */
  readonly elements: number;
  /** Branches this close tie. */
  readonly tolerance: number;
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
  readonly value: number;
  /** Entries of the gradient. */
  readonly entries: number;
  readonly backpropagation: { readonly gradient: readonly number[] | null; readonly norm: number };
  readonly elements: readonly ElementReport[];
  /** How many of the elements differ from each other. */
  readonly different: number;
  /** The seeds whose element is the answer of backpropagation, to the last bit. */
  readonly same: readonly number[];
}

/** More entries than this are not listed. */
const few = 8;

const entriesOf = (tree: unknown): number[] =>
  flattenTree("clarke", tree).leaves.flatMap(({ data }) => Array.from(data as ArrayLike<number>));
const inner = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, v, i) => sum + v * (b[i] as number), 0);
const normOf = (a: readonly number[]): number => Math.sqrt(inner(a, a));
const listed = (a: readonly number[]): readonly number[] | null => (a.length <= few ? a : null);

/** An element with all its entries. */
interface Found {
  readonly entries: readonly number[];
  readonly report: ElementReport;
}

function elementAt(
  { g, at }: ReturnType<typeof movingPart>,
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

/** Compares backpropagation with elements along several directions. */
export function clarkeStudy(program: BuiltProgram, settings: ClarkeSettings): ClarkeStudy {
  const { name, description, parameters } = program;
  const { select, seed, tolerance } = settings;
  const part = movingPart(program);
  const wrt = part.at.map((_, i) => i);
  const answer = entriesOf(grad(part.g, { wrt, ...(select && { select }) })(...part.at));
  const found = Array.from({ length: settings.elements }, (_, i) =>
    elementAt(part, answer, { seed: seed + i, tolerance }),
  );
  const isAnswer = ({ entries }: Found): boolean => entries.every((v, k) => v === answer[k]);
  return {
    ...{ program: name, description, parameters, value: entriesOf(part.g(...part.at))[0] as number },
    entries: answer.length,
    backpropagation: { gradient: listed(answer), norm: normOf(answer) },
    elements: found.map(({ report }) => report),
    different: new Set(found.map(({ entries }) => entries.join())).size,
    same: found.filter(isAnswer).map(({ report }) => report.seed),
  };
}
