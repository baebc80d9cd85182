// Which instructions are formulas: one number from one number of each operand.
import type { Algebra, DType, Primitive, TieParams } from "@nonsmooth/ad-core";
import { shareOf } from "@nonsmooth/ad-core/machines";
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

const isReal = (dtype: DType): boolean => dtype !== "i32" && dtype !== "bool";

/** What a formula is computed in. */
export type Mode = "single" | "double" | "integer";

const exactAtoms: ReadonlySet<Node["kind"]> = new Set([
  ...(["neg", "abs", "maximum", "minimum", "floor", "select", "less", "lessEqual", "equal"] as const),
]);
const roundedAtoms: ReadonlySet<Node["kind"]> = new Set([
  ...(["add", "sub", "mul", "div", "inv", "square", "sqrt", "scaleBy"] as const),
]);
/** Rounding afterwards gives the same as rounding before them. */
const monotoneAtoms: ReadonlySet<Node["kind"]> = new Set([...(["neg", "abs", "maximum", "minimum"] as const)]);

/** Whether integers can stand for all constants: comparisons with infinity need doubles, which hold all integers. */
const hasWholeConstants = ({ kind, args, value }: Node): boolean =>
  (kind !== "constant" || Object.is(value | 0, value)) && args.every(hasWholeConstants);

/**
 * The mode in which a formula has the bits of the reference, which computes in double and rounds once at the end: 32
 * bits where that is no difference.
 *
 * @param holds - whether a constant is a number of the format of the operands
 */
export function modeOf({ result }: Formula, operands: readonly DType[], holds: Holds): Mode {
  if (operands.includes("f64")) return "double";
  if (!operands.some(isReal)) return operands.includes("i32") && hasWholeConstants(result) ? "integer" : "double";
  return roundsOnce(result, holds) ? "single" : "double";
}

/** Whether a number is one of the format of the operands. */
type Holds = (value: number) => boolean;

/** Whether a node is always a number of the format of the operands, so that rounding does not change it. */
export function isExact(node: Node, holds: Holds): boolean {
  if (node.kind === "input") return true;
  if (node.kind === "constant") return holds(node.value);
  return exactAtoms.has(node.kind) && node.args.every((arg) => isExact(arg, holds));
}

/** Whether computing in the format rounds where the reference does, or not at all. */
function roundsOnce(node: Node, holds: Holds): boolean {
  if (isExact(node, holds)) return true;
  if (roundedAtoms.has(node.kind)) return node.args.every((arg) => isExact(arg, holds));
  if (monotoneAtoms.has(node.kind)) return node.args.every((arg) => roundsOnce(arg, holds));
  const [condition, a, b] = node.args as [Node, Node, Node];
  return node.kind === "select" && isExact(condition, holds) && roundsOnce(a, holds) && roundsOnce(b, holds);
}
