// Scalar expressions in which equal parts are stored once, so that what is shared is priced once.
import type { Algebra, Atom } from "../arithmetic/algebra.ts";
import { doubles } from "../arithmetic/numbers.ts";
import { classOf } from "./classes.ts";
import { type Prices, priceOfClass } from "./prices.ts";

/** Number of an expression in its store. */
export type Expression = number;

interface Stored {
  readonly price: number;
  readonly operands: readonly Expression[];
  /** Whether it depends on nothing but numbers: it is computed once and for all, and free. */
  readonly isConstant: boolean;
}

/** A store of expressions, and the algebra that builds them. A quotient is an inverse and a product. */
export class Expressions {
  readonly prices: Prices;
  readonly stored: Stored[] = [];
  readonly seen: Map<string, Expression> = new Map();
  readonly algebra: Algebra<Expression>;

  constructor(prices: Prices) {
    this.prices = prices;
    const atoms = Object.keys(doubles).filter((name): name is Atom => name !== "constant");
    const plain = Object.fromEntries(
      atoms.map((atom) => [atom, (...operands: Expression[]) => this.operation(atom, operands)]),
    ) as unknown as Algebra<Expression>;
    this.algebra = {
      ...plain,
      constant: (value) => this.leaf(Object.is(value, -0) ? "-0" : String(value), true),
      div: (a, b) => plain.mul(a, plain.inv(b)),
      pow: (a, b) => plain.exp(plain.mul(b, plain.log(a))),
    };
  }

  /** An expression without parts, which costs nothing: an argument, or the outcome of a test already made. */
  leaf(name: string, isConstant: boolean): Expression {
    return this.store(name, { price: 0, operands: [], isConstant });
  }

  operation(atom: Atom, operands: readonly Expression[]): Expression {
    const isConstant = operands.every((operand) => this.stored[operand]?.isConstant);
    const price = isConstant ? 0 : priceOfClass(this.prices, classOf[atom]);
    return this.store(`${atom}(${operands})`, { price, operands, isConstant });
  }

  store(text: string, entry: Stored): Expression {
    const found = this.seen.get(text) ?? this.stored.push(entry) - 1;
    this.seen.set(text, found);
    return found;
  }

  /** The price of computing all of these, each part once. */
  priceOf(roots: readonly Expression[]): number {
    const reached = new Set<Expression>();
    const open = [...roots];
    let price = 0;
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      const { price: own, operands } = this.stored[next] as Stored;
      price += own;
      open.push(...operands);
    }
    return price;
  }
}
