// Users' own scalar operations.
import type { Primitive } from "../door/primitive.ts";
import type { Statement } from "../elementary/statement.ts";
import { AdError } from "../errors/adError.ts";
import type { Operand, Tensor } from "../tensors/tensor.ts";
import { applyElementary, elementaryPrimitive } from "./elementary.ts";
import type { SiteOptions } from "./options.ts";

/** A user's own operation: a function of operands, and of settings after them. */
export interface ElementaryOperation {
  (...values: [...Operand[], SiteOptions] | Operand[]): Tensor;
  /** Its record, which a program that uses it needs to be read back. */
  readonly primitive: Primitive<null>;
}

/**
 * Makes an operation from the statement of a scalar function: its value, both modes, cost and kink follow from it.
 *
 * Cost: what the statement asks of the algebra, per element.
 *
 * @param name - `package/name`, so that it never meets a name of the engine; selections use it
 * @param statement - the function over an algebra, its partial derivatives, or its two branches when it has a kink
 * @returns the operation; its operands broadcast as in NumPy, and its record is at hand as `primitive`
 * @throws AdError "domain" when the name has no slash; "missing" when a smooth function has fewer partials than arguments
 * @example
 * elementary("demo/cube", { arity: 1, value: (m, a) => m.mul(a, m.square(a)), partials: [(m, y, a) => m.mul(m.constant(3), m.square(a))] })(tensor([2])) // [8]
 */
export function elementary(name: string, statement: Statement): ElementaryOperation {
  checkStatement(name, statement);
  const primitive = elementaryPrimitive<null>(name, () => statement, null);
  const operation = (...values: (Operand | SiteOptions)[]): Tensor => {
    const last = values[statement.arity] as SiteOptions | undefined;
    return applyElementary(primitive, values.slice(0, statement.arity) as Operand[], null, last?.site);
  };
  return Object.assign(operation, { primitive });
}

function checkStatement(name: string, { arity, partials, kink, jumps, result }: Statement): void {
  if (!/^[^/@\s]+\/[^@\s]+$/.test(name)) {
    const remedy = "put the name of your package in front";
    throw new AdError({
      code: "domain",
      where: "elementary",
      problem: "not a name of your own",
      expected: "package/name",
      got: name,
      remedy,
    });
  }
  const given = kink?.partials ?? partials ?? [];
  const isFlat = jumps !== undefined || result !== undefined;
  if (given.length === arity || (isFlat && given.length === 0)) return;
  const [expected, got] = [`${arity} partials`, `${given.length}`];
  throw new AdError({
    code: "missing",
    where: name,
    problem: "partials are missing",
    expected,
    got,
    remedy: "give one for each argument; a function that is locally constant says where it jumps",
  });
}
