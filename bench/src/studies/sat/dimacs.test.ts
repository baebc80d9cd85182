import { AdError } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { parseFormula, readFormula } from "./dimacs.ts";

function errorOf(text: string): AdError {
  try {
    parseFormula(text, "mine.cnf");
  } catch (error) {
    if (error instanceof AdError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("a formula is read", () => {
  test("with comments anywhere, several clauses on a line, and clauses over several lines", () => {
    const text = "c mine\n\n  p cnf  3 4\n1 -2 0 3 0\nc between\n-1\n 2\n\t3 0 -3 0\n";
    expect(parseFormula(text, "mine.cnf")).toEqual({
      variables: 3,
      clauses: [[1, -2], [3], [-1, 2, 3], [-3]],
      tautologies: 0,
    });
  });

  test("with the end of files of SATLIB, and lines that end as on Windows", () => {
    const text = "c random\r\np cnf 2 1\r\n 1 -2 0\r\n%\r\n0\r\n\r\n";
    expect(parseFormula(text, "mine.cnf").clauses).toEqual([[1, -2]]);
  });

  test("literals that come twice count once, and clauses that always hold are left out", () => {
    const formula = parseFormula("p cnf 4 3\n1 1 2 3 3 0\n2 -3 -2 4 0\n-4 0", "mine.cnf");
    expect(formula).toEqual({ variables: 4, clauses: [[1, 2, 3], [-4]], tautologies: 1 });
  });
});

describe("what is wrong is told with its line", () => {
  test.each<[string, string, number, string]>([
    ["nothing", "", 1, "no header"],
    ["only a comment", "c hello\n", 1, "no header"],
    ["no header", "c\n1 2 0\n", 2, "no header"],
    ["a header without numbers", "p cnf three 1\n1 0", 1, "no header"],
    ["a header of another format", "p wcnf 3 1\n1 0", 1, "no header"],
    ["a word", "p cnf 3 2\n1 0\n2 x 0", 3, "no literal"],
    ["a fraction", "p cnf 3 1\n1.5 0", 2, "no literal"],
    ["a variable out of range", "p cnf 3 2\n1 0\nc\n2 -4 0", 4, "no literal"],
    ["a long clause", "p cnf 4 1\n1 2\n3 4 0", 3, "a long clause"],
    ["an empty clause", "p cnf 4 2\n1 0\n0", 3, "an empty clause"],
    ["a cut file", "p cnf 3 2\n1 0\n2 3", 3, "the last clause has no end"],
    ["fewer clauses than promised", "c\np cnf 3 5\n1 0\n2 3 0", 2, "another number of clauses"],
    ["no clauses", "p cnf 3 0\n", 1, "no clauses"],
  ])("%s", (_says, text, line, problem) => {
    const error = errorOf(text);
    expect(error).toMatchObject({
      code: "parse",
      where: `mine.cnf, line ${line}`,
      details: { path: "mine.cnf", line },
    });
    expect(error.message).toContain(problem);
  });

  test("a long clause is to be split", () => {
    expect(errorOf("p cnf 5 1\n1 2 3 4 0").message).toContain("split it");
  });

  test("a formula of tautologies has no network", () => {
    expect(errorOf("p cnf 2 1\n1 -1 0")).toMatchObject({ code: "domain" });
  });

  test("a file that is not there", () => {
    expect(() => readFormula("/nowhere/at all.cnf")).toThrow("the file cannot be read");
  });
});
