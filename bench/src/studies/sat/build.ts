/** The networks of a formula: their value at 0 has a derivative exactly where nothing satisfies the formula. */
import type { Formula, Literal } from "./formula.ts";
import type { Matrix, Network, Row } from "./network.ts";

/** A number computed by one layer: the units it needs, and what it is of their relus. */
interface Part {
  readonly units: readonly Row[];
  readonly weights: readonly number[];
}

/** A layer, and its numbers as sums of its units. */
interface Layer {
  readonly matrix: Matrix;
  readonly values: readonly Row[];
}

const negative = (row: Row): Row => row.map(([cell, weight]) => [cell, -weight]);

/** Adds rows; what cancels is left out. */
function sumOf(rows: readonly Row[]): Row {
  const total = new Map<number, number>();
  for (const [cell, weight] of rows.flat()) total.set(cell, (total.get(cell) ?? 0) + weight);
  return [...total].filter(([, weight]) => weight !== 0);
}

const minus = (a: Row, b: Row): Row => sumOf([a, negative(b)]);

/** `max(a, b) = relu(a - b) + relu(b) - relu(-b)`. */
const larger = (a: Row, b: Row): Part => ({ units: [minus(a, b), b, negative(b)], weights: [1, 1, -1] });

/** `min(a, b) = relu(b) - relu(-b) - relu(b - a)`. */
const smaller = (a: Row, b: Row): Part => ({ units: [b, negative(b), minus(b, a)], weights: [1, -1, -1] });

/** A number passed on: `a = relu(a) - relu(-a)`. */
const carried = (a: Row): Part => ({ units: [a, negative(a)], weights: [1, -1] });

/** The relu of a number; it also passes on what is never negative. */
const rectified = (a: Row): Part => ({ units: [a], weights: [1] });

function layerOf(columns: number, parts: readonly Part[]): Layer {
  const rows: Row[] = [];
  const values = parts.map(({ units, weights }) => {
    const start = rows.length;
    rows.push(...units);
    return weights.map((weight, i) => [start + i, weight] as const);
  });
  return { matrix: { columns, rows }, values };
}

/** A layer on top of another one, whose parts are made of that one's numbers. */
const above = ({ matrix, values }: Layer, partsOf: (values: readonly Row[]) => readonly Part[]): Layer =>
  layerOf(matrix.rows.length, partsOf(values));

const rowOf = (literal: Literal): Row => [[Math.abs(literal) - 1, Math.sign(literal)]];

/** Three literals: a shorter clause repeats its last one, whose difference with itself has no weights. */
function threeOf(clause: readonly Literal[]): [Row, Row, Row] {
  const last = clause.at(-1) as Literal;
  return [0, 1, 2].map((i) => rowOf(clause[i] ?? last)) as [Row, Row, Row];
}

/** The larger of two literals, and the third one: the first layer of both networks. */
const literalParts = (clause: readonly Literal[]): Part[] => {
  const [first, second, third] = threeOf(clause);
  return [larger(first, second), carried(third)];
};

/** Neighbours, from left to right; the last one may be alone. */
const pairsOf = (values: readonly Row[]): [Row, Row?][] =>
  Array.from({ length: Math.ceil(values.length / 2) }, (_, i) => values.slice(2 * i, 2 * i + 2) as [Row, Row?]);

const largerOfPairs = (values: readonly Row[]): Part[] => pairsOf(values).map(([a, b]) => larger(a, b as Row));
const smallerOfPairs = (values: readonly Row[]): Part[] =>
  pairsOf(values).map(([a, b]) => (b === undefined ? carried(a) : smaller(a, b)));

/** The output: the last unit as it is. */
const output: Matrix = { columns: 1, rows: [[[0, 1]]] };

/** `F(x) = relu(min over clauses of max over literals)`, the smallest by a tree of pairs: all weights are -1, 0 or 1. */
export function treeNetwork({ variables, clauses }: Formula): Network {
  const layers = [layerOf(variables, clauses.flatMap(literalParts))];
  const top = (): Layer => layers.at(-1) as Layer;
  layers.push(above(top(), largerOfPairs));
  while (top().values.length > 1) layers.push(above(top(), smallerOfPairs));
  layers.push(above(top(), ([value]) => [rectified(value as Row)]));
  return [...layers.map(({ matrix }) => matrix), output];
}

/** What several layers do to all numbers but the last, which is passed on. */
const beside =
  (partsOf: (values: readonly Row[], last: Row) => readonly Part[]) =>
  (values: readonly Row[]): Part[] => {
    const last = values.at(-1) as Row;
    return [...partsOf(values.slice(0, -1), last), rectified(last)];
  };

/**
 * `F(x, z) = relu(relu(z) - Σ relu(relu(z) - c_j))` with the largest literals `c_j` of the clauses: five matrices for
 * every formula, with weights -1, 0 or 1.
 */
export function constantNetwork({ variables, clauses }: Formula): Network {
  const threshold: Row = [[variables, 1]];
  const first = layerOf(variables + 1, [...clauses.flatMap(literalParts), rectified(threshold)]);
  const second = above(first, beside(largerOfPairs));
  const third = above(
    second,
    beside((values, last) => values.map((value) => rectified(minus(last, value)))),
  );
  const fourth = above(third, (values) => [
    rectified(sumOf([values.at(-1) as Row, ...values.slice(0, -1).map(negative)])),
  ]);
  return [...[first, second, third, fourth].map(({ matrix }) => matrix), output];
}
