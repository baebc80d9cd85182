// From the statement of a scalar function to a primitive, and the algebra read on tensors.
import { type Algebra, type Histogram, timesHistogram } from "../arithmetic/algebra.ts";
import { counter } from "../arithmetic/counting.ts";
import { doubles } from "../arithmetic/numbers.ts";
import { apply } from "../door/interpreter.ts";
import {
  type Branches,
  commonDType,
  type Kink,
  type Linearization,
  type LinearMap,
  numericDType,
  type Point,
  type Primitive,
  realDType,
} from "../door/primitive.ts";
import type { DType } from "../dtypes/dtype.ts";
import { core } from "../elementary/core.ts";
import type { Statement } from "../elementary/statement.ts";
import { dtypeError, shapeError } from "../errors/messages.ts";
import { mapCells } from "../kernels/map.ts";
import { sameShape, sizeOf } from "../tensors/shape.ts";
import type { Operand, Tensor, TensorType } from "../tensors/tensor.ts";
import { identity, once, symmetric } from "./maps.ts";
import { fill, operands } from "./operands.ts";
import { where } from "./where.ts";

/** A scalar function with a setting: one statement for each value of it. */
export type Family<P> = (params: P) => Statement;

const checks = { number: numericDType, any: commonDType, bool: boolDType };

function checkDTypes(name: string, { on, result }: Statement, inputs: readonly TensorType[]): DType {
  const check = on === undefined ? realDType : checks[on];
  const dtype = check(name, inputs);
  return result ?? dtype;
}

function boolDType(name: string, inputs: readonly TensorType[]): DType {
  const dtype = commonDType(name, inputs);
  if (dtype === "bool") return dtype;
  throw dtypeError(name, "bool", [dtype], "compare first, for instance with notEqual(x, 0)");
}

/**
 * The record of a scalar function that is applied element by element.
 *
 * @param name - what the user writes
 * @param family - the statement for each value of the setting
 * @param typical - a usual setting; what the record says once for all settings is read off its statement
 */
export function elementaryPrimitive<P>(name: string, family: Family<P>, typical: P): Primitive<P> {
  const usual = family(typical);
  const price = (params: P): Histogram => priceOf(family(params));
  const kink = kinkOf(family, usual);
  return {
    name,
    dtype: (inputs, params) => checkDTypes(name, family(params), inputs),
    shape(inputs) {
      if (inputs.length === usual.arity && inputs.every((x) => sameShape(x.shape, inputs[0].shape)))
        return inputs[0].shape;
      const shapes = inputs.map((x) => x.shape);
      throw shapeError(name, "operands differ", `${usual.arity} equal shapes`, shapes, "use broadcastTo");
    },
    forward: (k, inputs, params) => mapCells(k, family(params).value, inputs),
    linearize: (at) => linearize(family(at.params), at),
    cost: ([x], params) => timesHistogram(sizeOf(x.shape), price(params)),
    statement: family,
    ...(kink ? { kink } : {}),
    ...(usual.isZeroAtZero ? { isZeroAtZero: true } : {}),
  };
}

/** Scalar operations of one value: the statement read on a counter. */
function priceOf(statement: Statement): Histogram {
  const { arithmetic, tally } = counter();
  statement.value(arithmetic.each, "value", "value");
  return tally();
}

function kinkOf<P>(family: Family<P>, usual: Statement): Kink<P> | null {
  if (!usual.jumps && !usual.kink) return null;
  const branches: Branches<P> = {
    along: false,
    order: (params) => family(params).kink?.order ?? "max",
    branches([a, b], params) {
      const { kink, jumps } = family(params);
      const found = (kink?.branches ?? jumps)?.<Operand>(tensors, a, b) ?? [];
      return found.map((branch) => fill(branch, a.shape, a.dtype));
    },
  };
  return usual.kink ? { type: "tie", default: usual.kink.default, ...branches } : { type: "jump", ...branches };
}

/** The map `dx -> partial * dx`, element by element; a partial of 1 or -1 needs no product. */
function diagonal(partial: Operand): LinearMap {
  if (partial === 1) return identity;
  return symmetric(partial === -1 ? (v) => tensors.neg(v) as Tensor : (v) => tensors.scaleBy(partial, v) as Tensor);
}

function linearize<P>(statement: Statement, at: Point<P>): Linearization {
  const [a, b] = at.inputs;
  const { kink, partials, residual } = statement;
  if (kink)
    return kink.partials.map(
      (partial) => () => diagonal(partial<Operand>(tensors, (first, second) => at.weights([first, second]), a, b)),
    );
  const shared = once(() => residual?.<Operand>(tensors, at.output, a, b) ?? 0);
  return Array.from({ length: statement.arity }, (_, i) => {
    const partial = partials?.[i];
    return partial ? () => diagonal(partial<Operand>(tensors, at.output, a, b, shared())) : null;
  });
}

/** The records of the algebra's own operations. */
export const corePrimitives = Object.fromEntries(
  Object.entries(core).map(([name, statement]) => [name, elementaryPrimitive<null>(name, () => statement, null)]),
) as Readonly<Record<keyof typeof core, Primitive<null>>>;

/** Applies a scalar function to tensors and numbers, which broadcast. */
export function applyElementary<P>(
  primitive: Primitive<P>,
  values: readonly Operand[],
  params: P,
  site?: string,
): Tensor {
  return apply(primitive, operands(primitive.name, values), params, site);
}

/** Product by a residual, 0 where either factor is exactly 0. */
export const scaled = (residual: Tensor, v: Tensor): Tensor => apply(corePrimitives.scaleBy, [residual, v], null);

function onTensors(name: keyof typeof core): (...values: Operand[]) => Operand {
  const onNumbers = doubles[name] as (...values: number[]) => number;
  return (...values) => {
    const numbers = values.filter((value) => typeof value === "number");
    return numbers.length === values.length
      ? onNumbers(...numbers)
      : applyElementary(corePrimitives[name], values, null);
  };
}

/** The algebra on tensors: statements read on it are derivative rules. Operations on numbers alone stay numbers. */
const tensors: Algebra<Operand> = {
  ...(Object.fromEntries(
    Object.keys(core).map((name) => [name, onTensors(name as keyof typeof core)]),
  ) as unknown as Algebra<Operand>),
  constant: (value) => value,
  inv: (a) => tensors.div(1, a),
  select: (condition, a, b) =>
    typeof condition === "number" ? (doubles.select(condition, 1, 0) === 1 ? a : b) : where(condition, a, b),
};
