// Code that hands on the cotangent of one instruction.
//
// A cotangent or a partial that is exactly 0 gives nothing, whatever it is multiplied with. Sums of cotangents begin with +0
// and are never -0, so that adding a product that is +0 or -0 changes no bit: only a product that is NaN needs a question.
import type { Node } from "@nonsmooth/ad-core/machines";
import { type Expression, op } from "../encoding/expression.ts";
import { type Formulas, hasCall, type Variables } from "./formulas.ts";
import { type Branches, partialNodes, type Rule } from "./rules.ts";

/** Adds a term to the cotangent of an operand, or subtracts it. */
export type Deposit = (operand: number, name: "f64.add" | "f64.sub", term: Expression) => void;

/** Where the cotangent of an instruction goes. */
export interface Handover {
  readonly variables: Variables;
  readonly formulas: Formulas;
  readonly g: Expression;
  /** Set where it is known not to be 0: then asking whether a partial is 0 costs less than doing without. */
  readonly isNonzero: boolean;
  readonly deposit: Deposit;
  /** What to do where branches tie and the cotangent is not 0. */
  readonly atTie: () => void;
}

/** Hands on a cotangent by a rule. */
export function handOn(handover: Handover, rule: Rule): void {
  const { variables, g, isNonzero } = handover;
  const { branches, partials } = rule;
  const write = (): void => {
    if (!branches) deposits(handover, handover.formulas, partials);
    else if (isMask(branches)) throughMasks(handover, branches);
    else throughBranches(handover, branches);
  };
  if (isNonzero || isAlways(rule)) write();
  else variables.f.if(op("f64.ne", g, 0), write);
}

/** Whether handing on a cotangent of 0 costs less than a question whose answer looks random. */
const isAlways = (rule: Rule): boolean => (rule.branches ? isMask(rule.branches) : !partialNodes(rule).some(hasCall));

/** Adds up what the operands get. */
function deposits(handover: Handover, formulas: Formulas, partials: readonly Node[]): void {
  const { g, deposit } = handover;
  for (const [operand, partial] of partials.entries()) {
    const { kind, value } = partial;
    if (kind === "constant" && value === 0) continue;
    if (kind === "constant" && Math.abs(value) === 1) deposit(operand, value === 1 ? "f64.add" : "f64.sub", g);
    else if (kind === "constant") deposit(operand, "f64.add", op("f64.mul", value, g));
    else depositProduct(handover, operand, formulas.number(partial));
  }
}

function depositProduct({ variables, g, isNonzero, deposit }: Handover, operand: number, p: Expression): void {
  const { f } = variables;
  if (isNonzero) f.if(op("f64.ne", p, 0), () => deposit(operand, "f64.add", op("f64.mul", p, g)));
  else deposit(operand, "f64.add", product(variables, p, g));
}

/** The product, or 0 where a factor is 0 and the product is NaN. */
function product(variables: Variables, p: Expression, g: Expression): Expression {
  const { f } = variables;
  const term = variables.variable(op("f64.mul", p, g));
  f.if(op("f64.ne", term, term), () =>
    f.if(op("i32.or", op("f64.eq", p, 0), op("f64.eq", g, 0)), () => f.set(term, 0)),
  );
  return term;
}

/** One of two branches takes all; where neither is over the other, they tie. */
function throughBranches(handover: Handover, { first, second, over, partials }: Branches): void {
  const { variables, formulas, atTie } = handover;
  const { f } = variables;
  const [a, b] = [formulas.number(first), formulas.number(second)];
  f.if(
    op(over, a, b),
    () => deposits(handover, formulas.inBranch(), partials[0]),
    () => f.if(op(over, b, a), () => deposits(handover, formulas.inBranch(), partials[1]), atTie),
  );
}

/** Whether in both branches every operand gets the cotangent, its negative or nothing. */
const isMask = (branches: Branches): boolean =>
  branches.partials.flat().every(({ kind, value }) => kind === "constant" && (value === 0 || Math.abs(value) === 1));

/** The same without a question: which branch it is looks random in many programs. */
function throughMasks(handover: Handover, branches: Branches): void {
  const { variables, formulas, g, deposit, atTie } = handover;
  const { f } = variables;
  const { first, second, over } = branches;
  const [a, b] = [formulas.number(first), formulas.number(second)];
  const [isFirst, isSecond] = [op(over, a, b), op(over, b, a)];
  f.if(op("i32.eqz", op("i32.or", isFirst, isSecond)), () => f.if(op("f64.ne", g, 0), atTie));
  for (const [operand, { value: one }] of branches.partials[0].entries()) {
    const { value: other } = branches.partials[1][operand] as Node;
    const name = (one || other) === 1 ? "f64.add" : "f64.sub";
    if (one === other && one !== 0) deposit(operand, name, g);
    else if (one !== 0 && other !== 0) deposit(operand, name, fromBits("i64.xor", g, signWhere(isSecond)));
    else if (one !== other) deposit(operand, name, fromBits("i64.and", g, allWhere(one === 0 ? isSecond : isFirst)));
  }
}

/** All bits where a condition holds, and none elsewhere; or the bit of the sign. */
const allWhere = (condition: Expression): Expression => op("i64.sub", 0, op("i64.extend_i32_u", condition));
const signWhere = (condition: Expression): Expression => op("i64.shl", op("i64.extend_i32_u", condition), 63);

const fromBits = (name: "i64.and" | "i64.xor", number: Expression, bits: Expression): Expression =>
  op("f64.reinterpret_i64", op(name, op("i64.reinterpret_f64", number), bits));
