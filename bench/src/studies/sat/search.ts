/** Signs that satisfy a formula, or that there are none: a search with unit propagation, after Davis, Logemann and Loveland. */
import type { Formula, Literal } from "./formula.ts";

/** What the search found. */
export interface Found {
  readonly answer: "satisfiable" | "unsatisfiable" | "undecided";
  /** A sign for each variable that satisfies the formula. */
  readonly signs: readonly number[] | null;
  /** How many literals were tried without being implied. */
  readonly decisions: number;
}

/** A literal that was tried, and how many were true before it. */
interface Decision {
  readonly literal: Literal;
  readonly before: number;
  /** Whether its negation failed already. */
  readonly isSecond: boolean;
}

/** A partial assignment, with the clauses in which each literal stands. */
class Assignment {
  readonly clauses: Formula["clauses"];
  /** 1 and -1 for variables that have a sign, 0 for the others; entry 0 stands for none. */
  readonly signs: Int8Array;
  /** The literals that are true, in the order in which they became so. */
  readonly trail: Literal[] = [];
  readonly occurrences: ReadonlyMap<Literal, readonly number[]>;
  /** How many literals of the trail have been propagated. */
  propagated = 0;

  constructor({ variables, clauses }: Formula) {
    this.clauses = clauses;
    this.signs = new Int8Array(variables + 1);
    this.occurrences = occurrencesOf(clauses);
  }

  /** 1 for true, -1 for false, 0 for open. */
  valueOf(literal: Literal): number {
    return Math.sign(literal) * (this.signs[Math.abs(literal)] as number);
  }

  assign(literal: Literal): void {
    this.signs[Math.abs(literal)] = Math.sign(literal);
    this.trail.push(literal);
  }

  /** Takes back all but the first literals. */
  retract(count: number): void {
    for (const literal of this.trail.splice(count)) this.signs[Math.abs(literal)] = 0;
    this.propagated = count;
  }

  /** The open literals of a clause; null where it is satisfied. */
  openIn(clause: readonly Literal[]): Literal[] | null {
    if (clause.some((literal) => this.valueOf(literal) > 0)) return null;
    return clause.filter((literal) => this.valueOf(literal) === 0);
  }

  /** Assigns what a clause with one open literal implies; false when a clause has none. */
  settle(clause: readonly Literal[]): boolean {
    const open = this.openIn(clause);
    if (open?.length === 1) this.assign(open[0] as Literal);
    return open?.length !== 0;
  }

  /** Assigns all that follows; false when a clause fails. */
  propagate(): boolean {
    while (this.propagated < this.trail.length) {
      const literal = this.trail[this.propagated++] as Literal;
      for (const index of this.occurrences.get(-literal) ?? [])
        if (!this.settle(this.clauses[index] as readonly Literal[])) return false;
    }
    return true;
  }

  /** The open literal that stands in most open clauses, each counted more the shorter it is; null when none is open. */
  choose(): Literal | null {
    const weights = new Map<Literal, number>();
    for (const clause of this.clauses) {
      const open = this.openIn(clause) ?? [];
      for (const literal of open) weights.set(literal, (weights.get(literal) ?? 0) + 5 ** -open.length);
    }
    let best: Literal | null = null;
    for (const [literal, weight] of weights)
      if (best === null || weight > (weights.get(best) as number)) best = literal;
    return best;
  }
}

function occurrencesOf(clauses: Formula["clauses"]): Map<Literal, number[]> {
  const found = new Map<Literal, number[]>();
  clauses.forEach((clause, index) => {
    for (const literal of clause) {
      const indices = found.get(literal);
      if (indices) indices.push(index);
      else found.set(literal, [index]);
    }
  });
  return found;
}

/** Turns to the other sign of the last decision that has one left; false when none has. */
function turn(assignment: Assignment, decisions: Decision[]): boolean {
  while (decisions.at(-1)?.isSecond) decisions.pop();
  const last = decisions.pop();
  if (last === undefined) return false;
  assignment.retract(last.before);
  decisions.push({ literal: -last.literal, before: last.before, isSecond: true });
  assignment.assign(-last.literal);
  return true;
}

/** The signs found; a variable that does not matter gets -1. */
const signsOf = ({ signs }: Assignment): number[] => Array.from(signs.subarray(1), (sign) => sign || -1);

/** Searches until it knows or `isOver` says that the time is up. */
export function search(formula: Formula, isOver: () => boolean): Found {
  const assignment = new Assignment(formula);
  const decisions: Decision[] = [];
  let tried = 0;
  let holds = formula.clauses.every((clause) => assignment.settle(clause)) && assignment.propagate();
  while (!isOver()) {
    if (holds) {
      const literal = assignment.choose();
      if (literal === null) return { answer: "satisfiable", signs: signsOf(assignment), decisions: tried };
      tried += 1;
      decisions.push({ literal, before: assignment.trail.length, isSecond: false });
      assignment.assign(literal);
    } else if (!turn(assignment, decisions)) return { answer: "unsatisfiable", signs: null, decisions: tried };
    holds = assignment.propagate();
  }
  return { answer: "undecided", signs: null, decisions: tried };
}
