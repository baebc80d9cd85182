// Code for graphs of the algebra's operations in f64, operation by operation as the reference computes them.
import type { Atom } from "@nonsmooth/ad-core";
import type { Node } from "@nonsmooth/ad-core/machines";
import { constant, type Expression, lane, op, select } from "../encoding/expression.ts";
import { call, type FunctionBuilder, type Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { type RealName, realFunction } from "../functions/index.ts";

/** Variables of one function that pieces of its code use one after the other. */
export class Variables {
  readonly f: FunctionBuilder;
  private readonly made: Local[] = [];
  private used = 0;

  constructor(f: FunctionBuilder) {
    this.f = f;
  }

  /** A variable with a value that is a double; other values are written where they stand. */
  let(value: Expression): Expression {
    return value.type === "f64" ? this.variable(value) : value;
  }

  /** A variable with a double. */
  variable(value: Expression): Local {
    const free = this.made[this.used] ?? this.f.local("f64");
    this.made[this.used++] = free;
    this.f.set(free, value);
    return free;
  }

  /** From here on the variables may hold something else. */
  release(): void {
    this.used = 0;
  }
}

type Emit = (...operands: readonly Expression[]) => Expression;

const isZero = (a: Expression): Expression => op("f64.eq", a, 0);

/** The product, and +0 where a factor is 0. */
const scaleBy: Emit = (a, b) =>
  select(
    op("i32.or", isZero(a as Expression), isZero(b as Expression)),
    constant("f64", 0),
    op("f64.mul", a as Expression, b as Expression),
  );

/** Hosts find the extreme of vectors without a branch, and that of numbers with branches that look random. */
function extreme(name: "f64x2.max" | "f64x2.min"): Emit {
  return (...x) => lane("f64x2", op(name, ...x.map((number) => op("f64x2.splat", number))), 0);
}

/** Atoms that are instructions, or few; the others are functions of the engine. */
const emitters: Readonly<Partial<Record<Atom, Emit>>> = {
  add: (...x) => op("f64.add", ...x),
  sub: (...x) => op("f64.sub", ...x),
  mul: (...x) => op("f64.mul", ...x),
  div: (...x) => op("f64.div", ...x),
  neg: (...x) => op("f64.neg", ...x),
  inv: (...x) => op("f64.div", 1, ...x),
  square: (...x) => op("f64.mul", ...x, ...x),
  sqrt: (...x) => op("f64.sqrt", ...x),
  floor: (...x) => op("f64.floor", ...x),
  abs: (...x) => op("f64.abs", ...x),
  maximum: extreme("f64x2.max"),
  minimum: extreme("f64x2.min"),
  less: (...x) => op("f64.lt", ...x),
  lessEqual: (...x) => op("f64.le", ...x),
  equal: (...x) => op("f64.eq", ...x),
  scaleBy,
};

/** Whether code for a graph calls a function. */
export function hasCall({ kind, args }: Node): boolean {
  const isFunction = kind !== "input" && kind !== "constant" && kind !== "select" && !emitters[kind];
  return isFunction || args.some(hasCall);
}

/** A condition as it is kept among numbers. */
const asNumber = (value: Expression): Expression => (value.type === "i32" ? op("f64.convert_i32_u", value) : value);
const asCondition = (value: Expression): Expression => (value.type === "i32" ? value : op("f64.ne", value, 0));

/** Writes graphs of one instruction. What two of them share is computed once, where it is first needed. */
export class Formulas {
  private readonly module: ModuleBuilder;
  private readonly variables: Variables;
  /** Reads the inputs of the graphs, by their numbers. */
  private readonly read: (input: number) => Expression;
  private readonly known: Map<Node, Expression>;

  constructor(
    module: ModuleBuilder,
    variables: Variables,
    read: (input: number) => Expression,
    known: ReadonlyMap<Node, Expression> = new Map(),
  ) {
    [this.module, this.variables, this.read] = [module, variables, read];
    this.known = new Map(known);
  }

  /** For code that does not run always: what is computed there is not known behind it. */
  inBranch(): Formulas {
    return new Formulas(this.module, this.variables, this.read, this.known);
  }

  /** A number, which may be written several times. */
  number(node: Node): Expression {
    if (node.kind === "constant") return constant("f64", node.value);
    return asNumber(this.at(node));
  }

  private at(node: Node): Expression {
    const found = this.known.get(node) ?? this.variables.let(this.computed(node));
    this.known.set(node, found);
    return found;
  }

  private computed({ kind, args, value }: Node): Expression {
    if (kind === "input") return this.read(value);
    if (kind === "constant") return constant("f64", value);
    if (kind === "select") {
      const [condition, a, b] = args as [Node, Node, Node];
      return select(asCondition(this.at(condition)), this.number(a), this.number(b));
    }
    const operands = args.map((arg) => this.number(arg));
    return emitters[kind]?.(...operands) ?? call(realFunction(this.module, kind as RealName), ...operands);
  }
}
