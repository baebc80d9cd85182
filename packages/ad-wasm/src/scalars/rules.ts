// What one scalar instruction computes and how it hands a cotangent on, as graphs of the algebra's operations.
import type { ScalarOperation } from "@nonsmooth/ad-core";
import { Graph, type Node } from "@nonsmooth/ad-core/machines";

/** The numbers of the inputs of these graphs: the operands, and the result. */
export const inputs = { a: 0, b: 1, y: 2 } as const;

/** Two branches of which the one that is over the other takes all; where neither is, they tie. */
export interface Branches {
  readonly first: Node;
  readonly second: Node;
  readonly over: "f64.gt" | "f64.lt";
  /** The partials where the first branch is over the second, and where the second is. */
  readonly partials: readonly [readonly Node[], readonly Node[]];
}

/** The scalar function of an instruction. */
export interface Rule {
  readonly arity: 1 | 2;
  readonly value: Node;
  /** One partial for each operand; none when the function is locally constant. */
  readonly partials: readonly Node[];
  /** In place of partials where there is a kink. */
  readonly branches: Branches | null;
}

/** Reads the statement of an operation. */
export function ruleOf({ statement }: ScalarOperation): Rule {
  const { arity, kink, residual, partials = [] } = statement;
  const graph = new Graph();
  const m = graph.algebra;
  const [a, y] = [graph.input(inputs.a), graph.input(inputs.y)];
  const b = arity === 2 ? graph.input(inputs.b) : a;
  const value = statement.value(m, a, b);
  if (!kink) {
    const r = residual?.(m, y, a, b) ?? m.constant(0);
    return { arity, value, partials: partials.map((partial) => partial(m, y, a, b, r)), branches: null };
  }
  const [first, second] = kink.branches(m, a, b);
  const over = kink.order === "max" ? "f64.gt" : "f64.lt";
  const taken = (isFirst: boolean): Node[] =>
    kink.partials.map((partial) => partial(m, (p, q) => m.constant(isFirst ? p : q), a, b));
  return { arity, value, partials: [], branches: { first, second, over, partials: [taken(true), taken(false)] } };
}

/** The graphs by which a rule hands on a cotangent. */
export function partialNodes({ partials, branches }: Rule): readonly Node[] {
  return branches ? [branches.first, branches.second, ...branches.partials.flat()] : partials;
}
