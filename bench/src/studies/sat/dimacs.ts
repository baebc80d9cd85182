/** Formulas from files of the format DIMACS CNF. */
import { readFileSync } from "node:fs";
import { AdError } from "@nonsmooth/ad-core";
import type { Formula, Literal } from "./formula.ts";

/** What the first line that counts says. */
interface Header {
  readonly variables: number;
  readonly clauses: number;
}

/** A token of the clauses, with the line it stands on. */
interface Token {
  readonly text: string;
  readonly line: number;
}

/** Longer clauses have no network here. */
const longest = 3;

/** What is wrong in a file, and where. */
interface Fault {
  readonly problem: string;
  readonly expected: string;
  readonly got: string;
  readonly remedy: string;
}

const faulty = (path: string, line: number, { problem, ...fault }: Fault): AdError =>
  new AdError({
    ...{ code: "parse", where: `${path}, line ${line}`, problem, ...fault },
    details: { path, line },
  });

/** The lines that count: no comments, and nothing from `%` on, which ends files of the collection SATLIB. */
function linesOf(text: string): { readonly words: readonly string[]; readonly line: number }[] {
  const lines = text.split(/\r?\n/).map((content, i) => ({ words: content.trim().split(/\s+/), line: i + 1 }));
  const end = lines.findIndex(({ words }) => words[0]?.startsWith("%"));
  return lines
    .slice(0, end < 0 ? lines.length : end)
    .filter(({ words }) => words[0] !== "" && !words[0]?.startsWith("c"));
}

function headerOf(path: string, words: readonly string[], line: number): Header {
  const [p, cnf, variables, clauses, ...more] = words;
  const isWhole = [variables, clauses].every((word) => word !== undefined && /^\d{1,9}$/.test(word));
  if (p === "p" && cnf === "cnf" && isWhole && more.length === 0)
    return { variables: Number(variables), clauses: Number(clauses) };
  throw faulty(path, line, {
    ...{ problem: "no header", expected: "p cnf VARIABLES CLAUSES", got: words.join(" ") },
    remedy: "write it before the first clause",
  });
}

function literalOf(path: string, { text, line }: Token, { variables }: Header): Literal {
  const literal = Number(text);
  if (/^-?\d+$/.test(text) && Math.abs(literal) <= variables) return literal;
  throw faulty(path, line, {
    ...{ problem: "no literal", expected: `a whole number from -${variables} to ${variables}`, got: text },
    remedy: "a variable is named by its number, 0 ends a clause",
  });
}

/** The literals of a clause without repetitions; null where the clause always holds. */
function clauseOf(path: string, literals: readonly Literal[], line: number): readonly Literal[] | null {
  const different = [...new Set(literals)];
  if (different.some((literal) => different.includes(-literal))) return null;
  if (different.length >= 1 && different.length <= longest) return different;
  const isEmpty = different.length === 0;
  throw faulty(path, line, {
    problem: isEmpty ? "an empty clause, which nothing satisfies" : "a long clause",
    ...{ expected: "1 to 3 literals over different variables", got: `${different.length}` },
    remedy: isEmpty ? "leave it out" : "split it: (a b c d) is (a b n) and (-n c d) with a new variable n",
  });
}

/** The clauses, each ended by 0, wherever lines end. */
function clausesOf(path: string, tokens: readonly Token[], header: Header): (readonly Literal[] | null)[] {
  const clauses: (readonly Literal[] | null)[] = [];
  let open: Literal[] = [];
  for (const token of tokens) {
    const literal = literalOf(path, token, header);
    if (literal !== 0) open.push(literal);
    else {
      clauses.push(clauseOf(path, open, token.line));
      open = [];
    }
  }
  if (open.length === 0) return clauses;
  throw faulty(path, tokens.at(-1)?.line as number, {
    ...{ problem: "the last clause has no end", expected: "0 after its literals", got: "the end of the file" },
    remedy: "add it, or look whether the file was cut",
  });
}

/** Refuses another number of clauses than the header promises, and none at all. */
function checkCount(path: string, line: number, found: number, header: Header): void {
  if (found === header.clauses && found > 0) return;
  throw faulty(path, line, {
    problem: found === 0 ? "no clauses" : "the header promises another number of clauses",
    ...{ expected: `${Math.max(1, header.clauses)}`, got: `${found}` },
    remedy: "correct the header, or look whether the file was cut",
  });
}

/**
 * A formula from the text of a file. Repeated literals count once; a clause with a variable and its negation is left
 * out and counted: it always holds, and its network would need a weight of 2.
 *
 * @throws AdError "parse" with the line: no header, no literal, an empty or a long clause, another number of clauses;
 *   "domain" when every clause always holds
 */
export function parseFormula(text: string, path: string): Formula {
  const [first, ...rest] = linesOf(text);
  const line = first?.line ?? 1;
  const header = headerOf(path, first?.words ?? [], line);
  const tokens = rest.flatMap(({ words, line: at }) => words.map((word) => ({ text: word, line: at })));
  const found = clausesOf(path, tokens, header);
  checkCount(path, line, found.length, header);
  const clauses = found.filter((clause) => clause !== null);
  if (clauses.length > 0) return { variables: header.variables, clauses, tautologies: found.length - clauses.length };
  const [problem, expected] = ["every clause always holds", "a clause that some signs do not satisfy"];
  const remedy = "add a clause: the smallest of no clauses is no number";
  throw new AdError({ code: "domain", where: path, problem, expected, got: `${found.length} tautologies`, remedy });
}

/** A formula from a file. */
export function readFormula(path: string): Formula {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const [problem, expected] = ["the file cannot be read", "a file of the format DIMACS CNF"];
    const remedy = "check the path";
    throw new AdError({ code: "missing", where: path, problem, expected, got: (error as Error).message, remedy });
  }
  return parseFormula(text, path);
}
