/** What an element of the Clarke subdifferential of a program costs, in evaluations. */
import type { Prices, Tensor } from "@nonsmooth/ad-core";
import { clarkeCost } from "@nonsmooth/ad-generalized";
import { movingPart } from "../programs/moved.ts";
import type { BuiltProgram } from "../programs/types.ts";
import { priceOf } from "./prices.ts";

/** How many evaluations an element may cost: the goal of this project, whatever the program and its size. */
export const elementGoal = 10;

/** The price of an element: the value, the tangent along a direction, and the gradient of what it locked. */
export interface ElementCost {
  readonly cost: number;
  /** To one evaluation. */
  readonly ratio: number;
  readonly goal: number;
  /** The same for the run with two directions that follows where branches tie along the first one. */
  readonly withTwo: { readonly cost: number; readonly ratio: number };
}

/**
 * Counts the sweeps of an element with respect to the arguments that the gradient is for; `evaluate` is what one
 * evaluation costs in the model. The price is never too low: every quotient is an inverse and a product, even by a number.
 */
export function elementCost(program: BuiltProgram, prices: Prices, evaluate: number): ElementCost {
  const { g, at } = movingPart(program);
  const [one, two] = ([1, 2] as const).map((directions) =>
    priceOf(clarkeCost(g as (...args: never[]) => Tensor, at as never, { directions }), prices),
  ) as [number, number];
  return { cost: one, ratio: one / evaluate, goal: elementGoal, withTwo: { cost: two, ratio: two / evaluate } };
}
