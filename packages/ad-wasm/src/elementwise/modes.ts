// What a formula is computed in, so that it has the bits of the reference.
import type { DType } from "@nonsmooth/ad-core";
import type { Formula, Node } from "@nonsmooth/ad-core/machines";

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
