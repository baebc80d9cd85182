/** Formulas in conjunctive form. */

/** The number of a variable from 1 on, negative where it is negated. */
export type Literal = number;

/** Clauses of one to three literals over different variables each. */
export interface Formula {
  readonly variables: number;
  readonly clauses: readonly (readonly Literal[])[];
  /** Clauses left out because they hold a variable and its negation, and so always hold. */
  readonly tautologies: number;
}

/** Whether signs satisfy all clauses; entry i is the sign of variable i + 1. */
export const isSatisfied = ({ clauses }: Formula, signs: readonly number[]): boolean =>
  clauses.every((clause) => clause.some((literal) => (signs[Math.abs(literal) - 1] as number) * literal > 0));
