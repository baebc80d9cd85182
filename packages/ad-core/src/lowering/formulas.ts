// Which instructions are formulas: one number from one number of each operand.
import type { Algebra } from "../arithmetic/algebra.ts";
import type { Primitive } from "../door/primitive.ts";
import type { TieParams } from "../primitives/ties.ts";
import { shareOf } from "../selections/selection.ts";
import { Graph, type Node } from "./nodes.ts";

/** A scalar function as a graph. */
export interface Formula {
  readonly result: Node;
  readonly arity: number;
}

type Build = <N>(m: Algebra<N>, inputs: readonly [N, N, ...N[]]) => N;

/** The value at a kink of two branches, from what it is where one of them, or both, are extreme. */
function atKinkOfTwo({ order, coefficients, selection }: TieParams): Build {
  const [first = 0, second = 0] = coefficients;
  const share = (rank: number): number => shareOf(selection, rank, 2, 0);
  const shared = [first, second].reduce((sum, value, rank) => (share(rank) === 0 ? sum : sum + share(rank) * value), 0);
  return (m, [a, b]) => {
    const [low, high] = order === "max" ? [b, a] : [a, b];
    const isOdd = <N>(value: N): N => (m as unknown as Algebra<N>).equal(value, value);
    const both = m.constant(shared);
    // NaN is extreme, and ties with NaN alone.
    const ordinary = m.select(
      m.less(low, high),
      m.constant(first),
      m.select(m.less(high, low), m.constant(second), both),
    );
    const withoutA = m.select(isOdd(b), m.constant(first), both);
    return m.select(isOdd(a), m.select(isOdd(b), ordinary, m.constant(second)), withoutA);
  };
}

const isKinkOfTwo = ({ order, along, masked, coefficients, selection }: TieParams): boolean =>
  (order === "max" || order === "min") && !along && !masked && coefficients.length === 2 && selection.drawn === 0;

/** Formulas of records that have no statement, by name; null where the settings make them something else. */
const others: Readonly<Record<string, (params: never) => { readonly arity: number; readonly build: Build } | null>> = {
  where: () => ({ arity: 3, build: (m, [condition, a, b]) => m.select(condition, a, b as typeof a) }),
  cast: () => ({ arity: 1, build: (_m, [a]) => a }),
  tieWeights: (params: TieParams) => (isKinkOfTwo(params) ? { arity: 2, build: atKinkOfTwo(params) } : null),
};

/** The formula of an instruction; null when it is none. */
export function formulaOf({ name, statement }: Primitive, params: unknown): Formula | null {
  const graph = new Graph();
  const inputs = (arity: number): [Node, Node, ...Node[]] =>
    Array.from({ length: Math.max(2, arity) }, (_, i) => graph.input(i)) as [Node, Node, ...Node[]];
  if (statement) {
    const { arity, value } = statement(params);
    const [a, b] = inputs(arity);
    return { result: value(graph.algebra, a, b), arity };
  }
  const other = Object.hasOwn(others, name) ? others[name]?.(params as never) : null;
  return other ? { result: other.build(graph.algebra, inputs(other.arity)), arity: other.arity } : null;
}
