// One elementary function of the model: its price, the price of value and derivative together, its edges.
import type { Atom } from "../arithmetic/algebra.ts";
import { core, inverse } from "../elementary/core.ts";
import type { Statement } from "../elementary/statement.ts";
import { type Expression, Expressions } from "./expressions.ts";
import type { Prices } from "./prices.ts";

/**
 * What an argument is to an elementary function: `active` arguments carry a derivative, `passive` ones vary without one,
 * `constant` ones are numbers.
 */
export type Role = "active" | "passive" | "constant";

/** An elementary function `g` of the model. */
export interface Elementary {
  /** `cost(g)`. */
  readonly value: number;
  /** `cost(gd)`: value and partial derivatives, with what they share counted once. */
  readonly derived: number;
  /** `|pr|`: arguments through which a derivative passes. */
  readonly edges: number;
}

/**
 * The elementary function that a statement is, with arguments of these roles. At a kink the sign test that finds the
 * value also finds the branch, so that the mixture of slopes is free; a locally constant function has no edges.
 */
export function elementaryOf(statement: Statement, roles: readonly Role[], prices: Prices): Elementary {
  const store = new Expressions(prices);
  const m = store.algebra;
  const [a = 0, b = a] = roles.map((role, i) => store.leaf(`argument ${i}`, role === "constant"));
  const y = statement.value(m, a, b);
  const mix = (first: number, second: number): Expression => store.leaf(`mix ${first} ${second}`, first === second);
  const r = statement.residual?.(m, y, a, b) ?? y;
  const partials = statement.kink
    ? statement.kink.partials.map((partial) => () => partial(m, mix, a, b))
    : (statement.partials ?? []).map((partial) => () => partial(m, y, a, b, r));
  const found = partials.flatMap((partial, i) => (roles[i] === "active" ? [partial()] : []));
  return { value: store.priceOf([y]), derived: store.priceOf([y, ...found]), edges: found.length };
}

/** The elementary function that a single scalar operation is. */
export function atomOf(atom: Atom, roles: readonly Role[], prices: Prices): Elementary {
  if (atom !== "select") return elementaryOf(atom === "inv" ? inverse : core[atom], roles, prices);
  const edges = roles.slice(1).filter((role) => role === "active").length;
  return { value: prices.nonlinear, derived: prices.nonlinear, edges };
}

/** How many arguments a scalar operation has. */
export const arityOf = (atom: Atom): number => (atom === "select" ? 3 : atom === "inv" ? 1 : core[atom].arity);
