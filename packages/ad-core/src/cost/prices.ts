// The prices of the model: data, so that another model is another table.
import { checkSettings, domainError } from "../errors/messages.ts";
import type { CostClass } from "./classes.ts";

/** What one scalar operation of the model costs. Everything else, such as moving and storing, is free. */
export interface Prices {
  /** Additions and subtractions. */
  readonly add: number;
  /** Products. */
  readonly mul: number;
  /** Everything nonlinear: inverse, root, exponential and so on, and every sign test. */
  readonly nonlinear: number;
}

/** One for each operation. */
export const unitPrices: Prices = { add: 1, mul: 1, nonlinear: 1 };

/** Fills in the prices that are not given, and checks those that are. */
export function pricesOf(where: string, given: Partial<Prices> = {}): Prices {
  checkSettings(where, given, Object.keys(unitPrices));
  for (const [name, price] of Object.entries(given)) {
    if (typeof price === "number" && price > 0 && price < Infinity) continue;
    throw domainError(where, `the price ${name}`, "a positive number", String(price), "the unit is one addition");
  }
  return { ...unitPrices, ...given };
}

/** The price of one operation of a kind. A quotient is spelled with an inverse before it is priced. */
export const priceOfClass = (prices: Prices, kind: CostClass): number =>
  kind === "add" ? prices.add : kind === "mul" ? prices.mul : prices.nonlinear;
