/** What can be known about the derivative at 0 of a network that stands for a formula. */
import { atKink, grad, tensor, zeros } from "@nonsmooth/ad-core";
import { clarkeElement } from "@nonsmooth/ad-generalized";
import { constantNetwork, treeNetwork } from "./build.ts";
import { type FieldPair, twoElements } from "./field.ts";
import type { Formula } from "./formula.ts";
import { type Network, programOf } from "./network.ts";
import { type Found, search } from "./search.ts";

/** How networks are built: with a tree of pairs, or with constant depth. */
export type NetworkName = "tree" | "constant";

export const networkNames: readonly NetworkName[] = ["tree", "constant"];

const builders: Readonly<Record<NetworkName, (formula: Formula) => Network>> = {
  tree: treeNetwork,
  constant: constantNetwork,
};

/** Settings of {@link satStudy}. */
export interface SatSettings {
  readonly networks: readonly NetworkName[];
  /** Of the search, in seconds. */
  readonly timeLimit: number;
  /** Slopes of relu at 0 that backpropagation is tried with. */
  readonly reluAtZero: readonly number[];
  /** Of the direction of the Clarke element. */
  readonly seed: number;
  /** The clock, in milliseconds from any start. */
  readonly now: () => number;
}

/** Whether the network has a derivative at 0. */
export interface Verdict {
  readonly answer: "differentiable" | "not differentiable" | "undecided";
  /** Where the network is positive, if it is anywhere: a certificate that it is not differentiable at 0. */
  readonly point: readonly number[] | null;
  /** The value there, computed by the engine. */
  readonly value: number | null;
}

/** What was found out about one network. */
export interface NetworkReport {
  readonly network: NetworkName;
  readonly inputs: number;
  readonly matrices: readonly { readonly rows: number; readonly columns: number; readonly weights: number }[];
  /** How many layers of relus there are. */
  readonly depth: number;
  /** Weights that are not 0. */
  readonly weights: number;
  readonly backpropagation: readonly { readonly reluAtZero: number; readonly gradient: readonly number[] }[];
  /** Two elements of the field of backpropagation, or the only one. */
  readonly field: Pick<FieldPair, "path"> & { readonly elements: readonly (readonly number[])[] };
  readonly clarke: { readonly seed: number; readonly gradient: readonly number[]; readonly claim: string };
  readonly verdict: Verdict;
}

/** What the study found. */
export interface SatStudy {
  readonly variables: number;
  readonly clauses: number;
  readonly tautologies: number;
  readonly timeLimit: number;
  readonly search: Found;
  readonly networks: readonly NetworkReport[];
}

const numbers = (x: { readonly data: ArrayLike<number> }): number[] => Array.from(x.data, (v) => v + 0);

/** What the search says about the network: its value is positive somewhere exactly when signs satisfy the formula. */
function verdictOf(name: NetworkName, program: ReturnType<typeof programOf>, { answer, signs }: Found): Verdict {
  if (signs === null)
    return { answer: answer === "unsatisfiable" ? "differentiable" : "undecided", point: null, value: null };
  const point = name === "constant" ? [...signs, 1] : signs;
  const value = program(tensor([...point])).data[0] as number;
  return { answer: value > 0 ? "not differentiable" : "undecided", point, value };
}

const sizesOf = (network: Network): NetworkReport["matrices"] =>
  network.map(({ rows, columns }) => ({
    ...{ rows: rows.length, columns },
    weights: rows.reduce((total, row) => total + row.length, 0),
  }));

function reportOf(name: NetworkName, formula: Formula, found: Found, settings: SatSettings): NetworkReport {
  const network = builders[name](formula);
  const program = programOf(network);
  const inputs = network[0]?.columns as number;
  const origin = zeros([inputs]);
  const { first, second, path } = twoElements(network, numbers(origin));
  const { gradient, certificate } = clarkeElement(program, [origin], { seed: settings.seed });
  const matrices = sizesOf(network);
  return {
    ...{ network: name, inputs, matrices, depth: network.length - 1 },
    weights: matrices.reduce((total, { weights }) => total + weights, 0),
    backpropagation: settings.reluAtZero.map((k) => ({
      reluAtZero: k,
      gradient: numbers(grad(program, { select: { relu: atKink(k) } })(origin)),
    })),
    field: { elements: [first, ...(second ? [second] : [])].map((element) => element.gradient), path },
    clarke: { seed: settings.seed, gradient: numbers(gradient[0]), claim: certificate.claim },
    verdict: verdictOf(name, program, found),
  };
}

/** Builds the networks of a formula, and asks all that is easy, and with a time limit what is hard. */
export function satStudy(formula: Formula, settings: SatSettings): SatStudy {
  const { variables, clauses, tautologies } = formula;
  const { timeLimit, now } = settings;
  const start = now();
  const found = search(formula, () => now() - start >= 1000 * timeLimit);
  return {
    ...{ variables, clauses: clauses.length, tautologies, timeLimit, search: found },
    networks: settings.networks.map((name) => reportOf(name, formula, found, settings)),
  };
}
