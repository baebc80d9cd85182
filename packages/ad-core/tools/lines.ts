// What a statement becomes in a sweep: a few lines over the values `v`, the cotangents `w` and the words of a cell.
import type { Statement } from "../src/elementary/statement.ts";
import { bare, literal, text } from "./text.ts";

const mentions = (code: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(code);

const second = ({ arity }: Statement): string => (arity === 2 ? "b" : "a");
const valueOf = (statement: Statement): string => bare(statement.value(text, "a", second(statement)));

/** One partial for each argument, as code over the values `a` and `b`, the result `y` and the residual `r`. */
function partialsOf(statement: Statement): string[] {
  const { arity, partials = [] } = statement;
  const found = partials.map((partial) => bare(partial(text, "y", "a", second(statement), "r")));
  return Array.from({ length: arity }, (_, i) => found[i] ?? "0");
}

/** The partials where the first branch is alone, and where the second is. */
function branchPartials(statement: Statement): [string[], string[]] {
  const partials = statement.kink?.partials ?? [];
  const read = (mix: (p: number, q: number) => number): string[] =>
    partials.map((partial) => bare(partial(text, (p, q) => literal(mix(p, q)), "a", second(statement))));
  return [read((p) => p), read((_p, q) => q)];
}

/** Reads what the code mentions: the values of operands, the result, what partials share. */
function readings(statement: Statement, code: string): string[] {
  const shared = mentions(code, "r") ? bare(statement.residual?.(text, "y", "a", second(statement)) ?? "0") : "";
  const all = `${code} ${shared}`;
  const hasCell = mentions(all, "k");
  return [
    ...(hasCell ? ["const k = code[word + 2] as number;"] : []),
    ...(mentions(all, "a") ? ["const a = v[j] as number;"] : []),
    ...(mentions(all, "b") ? [`const b = v[${hasCell ? "k" : "code[word + 2] as number"}] as number;`] : []),
    ...(mentions(all, "y") ? ["const y = v[i] as number;"] : []),
    ...(shared === "" ? [] : [`const r = ${shared};`]),
  ];
}

/** The three ways to go on at a kink: one branch alone, the other, or a tie, which is decided elsewhere. */
function kinkLines(statement: Statement, actions: readonly [string[], string[]], atTie: string): string[] {
  const { order, branches } = statement.kink as NonNullable<Statement["kink"]>;
  const [first, other] = branches(text, "a", second(statement));
  const over = order === "max" ? ">" : "<";
  const [one, two] = actions.map((lines) => lines.join(" "));
  const [isFirst, isOther] = [`${first} ${over} ${other}`, `${other} ${over} ${first}`];
  if (one === "") return [`if (${isOther}) { ${two} } else if (!(${isFirst})) ${atTie}`];
  if (two === "") return [`if (${isFirst}) { ${one} } else if (!(${isOther})) ${atTie}`];
  return [`if (${isFirst}) { ${one} } else if (${isOther}) { ${two} } else ${atTie}`];
}

/** Adds what one operand gets; a partial of 0 gives nothing, whatever the cotangent is. */
function deposit(partial: string, cell: string): string[] {
  const sum = (term: string): string => `w[${cell}] = (w[${cell}] as number) ${term};`;
  if (partial === "0") return [];
  if (partial === "1") return [sum("+ g")];
  if (partial === "-1") return [sum("- g")];
  const name = cell === "j" ? "p" : "q";
  return [`const ${name} = ${partial};`, `if (${name} !== 0) ${sum(`+ ${name} * g`)}`];
}

const deposits = (partials: readonly string[]): string[] =>
  partials.flatMap((partial, i) => deposit(partial, i === 0 ? "j" : "k"));

/** The lines that hand on a cotangent. */
export function reverseLines(statement: Statement): string[] {
  if (!statement.kink) {
    const lines = deposits(partialsOf(statement));
    return [...readings(statement, lines.join(" ")), ...lines];
  }
  const [first, other] = branchPartials(statement).map(deposits) as [string[], string[]];
  const lines = kinkLines(statement, [first, other], "return i;");
  return [...readings(statement, lines.join(" ")), ...lines];
}

const assignments = (partials: readonly string[]): string[] =>
  partials.flatMap((partial, i) => (partial === "0" ? [] : [`${i === 0 ? "p" : "q"} = ${partial};`]));

/** The lines that find the partials `p` and `q`. */
export function forwardLines(statement: Statement): string[] {
  if (!statement.kink) {
    const lines = assignments(partialsOf(statement));
    return [...readings(statement, lines.join(" ")), ...lines];
  }
  const [first, other] = branchPartials(statement).map(assignments) as [string[], string[]];
  const lines = kinkLines(statement, [first, other], "return i;");
  return [...readings(statement, lines.join(" ")), ...lines];
}

/** The lines that compute a value. */
export function valueLines(statement: Statement): string[] {
  const value = valueOf(statement);
  return [...readings(statement, value), `v[i] = ${value};`];
}
