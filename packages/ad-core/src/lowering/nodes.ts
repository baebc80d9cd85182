// The algebra read on graphs: a statement becomes the operations that it is made of.
import type { Algebra, Atom } from "../arithmetic/algebra.ts";

/** A number that a formula computes. Equal nodes of one formula are one object. */
export interface Node {
  readonly kind: Atom | "input" | "constant";
  readonly args: readonly Node[];
  /** The number of an input, or the value of a constant. */
  readonly value: number;
}

/** A graph while it grows: what is there already is not made again. */
export class Graph {
  private readonly known = new Map<string, Node>();
  private readonly numbers = new Map<Node, number>();
  readonly algebra: Algebra<Node>;

  constructor() {
    const unary = (kind: Atom) => (a: Node) => this.node(kind, [a]);
    const binary = (kind: Atom) => (a: Node, b: Node) => this.node(kind, [a, b]);
    this.algebra = {
      constant: (value) => this.node("constant", [], value),
      ...{ add: binary("add"), sub: binary("sub"), mul: binary("mul"), div: binary("div"), pow: binary("pow") },
      ...{ neg: unary("neg"), inv: unary("inv"), square: unary("square"), sqrt: unary("sqrt"), abs: unary("abs") },
      ...{ exp: unary("exp"), expm1: unary("expm1"), log: unary("log"), log1p: unary("log1p"), floor: unary("floor") },
      ...{ sin: unary("sin"), cos: unary("cos"), tanh: unary("tanh"), erf: unary("erf") },
      ...{ maximum: binary("maximum"), minimum: binary("minimum"), scaleBy: binary("scaleBy") },
      ...{ less: binary("less"), lessEqual: binary("lessEqual"), equal: binary("equal") },
      select: (condition, a, b) => this.node("select", [condition, a, b]),
    };
  }

  input(index: number): Node {
    return this.node("input", [], index);
  }

  private node(kind: Node["kind"], args: readonly Node[], value = 0): Node {
    const key = `${kind} ${args.map((arg) => this.numbers.get(arg)).join(" ")} ${Object.is(value, -0) ? "-0" : value}`;
    const found = this.known.get(key);
    if (found) return found;
    const made = { kind, args, value };
    this.known.set(key, made);
    this.numbers.set(made, this.numbers.size);
    return made;
  }
}
