// Formulas as text.
import type { DType } from "@nonsmooth/ad-core";
import type { Formula, Node } from "@nonsmooth/ad-core/machines";
import { type Body, isPlain, numberText } from "../text/body.ts";

/** Numbers that have no text, in the order in which a kernel that needs one is given them. */
export const specials: readonly number[] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, -0];

/** What writes a formula knows besides it. */
export interface FormulaPlace {
  readonly body: Body;
  /** Names of the numbers that the formula takes. */
  readonly inputs: readonly string[];
  /** The name of the array of {@link specials}. */
  readonly special: () => string;
}

const infix = { add: "+", sub: "-", mul: "*", div: "/" } as const;
const compared = { less: "<", lessEqual: "<=", equal: "===" } as const;
const calls = {
  ...{ exp: "ownExp", log: "Math.log", sqrt: "Math.sqrt", floor: "Math.floor", abs: "Math.abs" },
  ...{ expm1: "ownExpm1", log1p: "ownLog1p", sin: "ownSin", cos: "ownCos", tanh: "ownTanh", erf: "ownErf" },
  ...{ pow: "ownPow", maximum: "larger", minimum: "smaller", scaleBy: "scaleBy", square: "square" },
} as const;

const has = <K extends string>(table: Readonly<Record<K, string>>, name: string): name is K =>
  Object.hasOwn(table, name);

/** A number as text, or as a place in the array of those that have none. */
export function constantText(value: number, special: () => string): string {
  if (isPlain(value)) return numberText(value);
  const at = specials.findIndex((one) => Object.is(one, value));
  // finite, but beyond the format
  return `${special()}[${at >= 0 ? at : value > 0 ? 0 : 1}]`;
}

/** Writes a formula; returns the name of its result. */
export function formulaText({ result }: Formula, place: FormulaPlace): string {
  const { body, inputs, special } = place;
  const written = new Map<Node, string>();
  const write = (node: Node): string => {
    const known = written.get(node);
    if (known !== undefined) return known;
    const name = body.let(textOf(node));
    written.set(node, name);
    return name;
  };
  const condition = ({ kind, args }: Node): string | null => {
    if (!has(compared, kind)) return null;
    const [a, b] = args as [Node, Node];
    // a value beside itself asks whether it is a number, and would be folded away on some devices
    return a === b ? `isNumber(${write(a)}) > 0.5` : `${write(a)} ${compared[kind]} ${write(b)}`;
  };
  const textOf = (node: Node): string => {
    const { kind, args, value } = node;
    if (kind === "input") return inputs[value] as string;
    if (kind === "constant") return constantText(value, special);
    if (kind === "select") return chosen(node);
    const asked = condition(node);
    if (asked !== null) return `${asked} ? 1 : 0`;
    const [a, b] = args.map(write) as [string, string];
    if (kind === "neg") return `-${a}`;
    if (kind === "inv") return `1 / ${a}`;
    if (has(infix, kind)) return `${a} ${infix[kind]} ${b}`;
    return `${calls[kind as keyof typeof calls]}(${args.map(write).join(", ")})`;
  };
  const chosen = ({ args }: Node): string => {
    const [asked, a, b] = args as [Node, Node, Node];
    const test = condition(asked) ?? `${write(asked)} !== 0`;
    return `${test} ? ${write(a)} : ${write(b)}`;
  };
  return write(result);
}

/** What is kept of a result: whole numbers and conditions are so. */
export function keptText(body: Body, value: string, dtype: DType, isCast: boolean): string {
  if (dtype === "i32" && isCast) return body.variable(`whole(${value})`);
  if (dtype === "bool" && isCast) return body.variable(`${value} === 0 ? 0 : 1`);
  return value;
}
