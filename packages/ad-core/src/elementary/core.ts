// The statements of the algebra's own operations: value, and partial derivatives in terms of each other.
import type { Algebra, Atom } from "../arithmetic/algebra.ts";
import { uniform } from "../selections/selection.ts";
import type { Statement } from "./statement.ts";

/** 2 / sqrt(pi), the slope of the error function at 0. */
const errorSlope = 1.1283791670955126;

/** Atoms that tensors have no operation for: they are spelled with others. */
type Spelled = "inv" | "select";

/** The whole number next to `a`: the lower one half way. */
function nearestWhole<N>(m: Algebra<N>, a: N): N {
  const below = m.floor(a);
  return m.select(m.lessEqual(m.sub(a, below), m.constant(0.5)), below, m.add(below, m.constant(1)));
}

/** The reciprocal, which tensors spell as a quotient. */
export const inverse: Statement = {
  arity: 1,
  value: (m, a) => m.inv(a),
  partials: [(m, y) => m.neg(m.square(y))],
};

/** One statement for each atom. */
export const core: Readonly<Record<Exclude<Atom, Spelled>, Statement>> = {
  add: {
    arity: 2,
    on: "number",
    value: (m, a, b) => m.add(a, b),
    partials: [(m) => m.constant(1), (m) => m.constant(1)],
  },
  sub: {
    arity: 2,
    on: "number",
    value: (m, a, b) => m.sub(a, b),
    partials: [(m) => m.constant(1), (m) => m.constant(-1)],
  },
  mul: { arity: 2, on: "number", value: (m, a, b) => m.mul(a, b), partials: [(_m, _y, _a, b) => b, (_m, _y, a) => a] },
  div: {
    arity: 2,
    value: (m, a, b) => m.div(a, b),
    residual: (m, _y, _a, b) => m.inv(b),
    partials: [(_m, _y, _a, _b, r) => r, (m, y, _a, _b, r) => m.neg(m.mul(y, r))],
  },
  neg: { arity: 1, on: "number", value: (m, a) => m.neg(a), partials: [(m) => m.constant(-1)] },
  square: { arity: 1, on: "number", value: (m, a) => m.square(a), partials: [(m, _y, a) => m.mul(m.constant(2), a)] },
  sqrt: { arity: 1, value: (m, a) => m.sqrt(a), partials: [(m, y) => m.div(m.constant(0.5), y)] },
  exp: { arity: 1, value: (m, a) => m.exp(a), partials: [(_m, y) => y] },
  expm1: { arity: 1, value: (m, a) => m.expm1(a), partials: [(m, y) => m.add(y, m.constant(1))] },
  log: { arity: 1, value: (m, a) => m.log(a), partials: [(m, _y, a) => m.inv(a)] },
  log1p: { arity: 1, value: (m, a) => m.log1p(a), partials: [(m, _y, a) => m.inv(m.add(a, m.constant(1)))] },
  sin: { arity: 1, value: (m, a) => m.sin(a), partials: [(m, _y, a) => m.cos(a)] },
  cos: { arity: 1, value: (m, a) => m.cos(a), partials: [(m, _y, a) => m.neg(m.sin(a))] },
  tanh: { arity: 1, value: (m, a) => m.tanh(a), partials: [(m, y) => m.sub(m.constant(1), m.square(y))] },
  erf: {
    arity: 1,
    value: (m, a) => m.erf(a),
    partials: [(m, _y, a) => m.mul(m.constant(errorSlope), m.exp(m.neg(m.square(a))))],
  },
  pow: {
    arity: 2,
    value: (m, a, b) => m.pow(a, b),
    // b a^(b-1), which scaleBy makes 0 at b = 0; y log a, which is made 0 at a = 0.
    partials: [
      (m, _y, a, b) => m.scaleBy(b, m.pow(a, m.sub(b, m.constant(1)))),
      (m, y, a) => m.scaleBy(y, m.log(m.select(m.equal(a, m.constant(0)), m.constant(1), a))),
    ],
  },
  floor: { arity: 1, value: (m, a) => m.floor(a), jumps: (m, a) => [a, nearestWhole(m, a)] },
  abs: {
    arity: 1,
    on: "number",
    value: (m, a) => m.abs(a),
    kink: {
      order: "max",
      default: uniform,
      branches: (m, a) => [m.neg(a), a],
      partials: [(_m, mix) => mix(-1, 1)],
    },
  },
  maximum: {
    arity: 2,
    on: "number",
    value: (m, a, b) => m.maximum(a, b),
    kink: {
      order: "max",
      default: uniform,
      branches: (_m, a, b) => [a, b],
      partials: [(_m, mix) => mix(1, 0), (_m, mix) => mix(0, 1)],
    },
  },
  minimum: {
    arity: 2,
    on: "number",
    value: (m, a, b) => m.minimum(a, b),
    kink: {
      order: "min",
      default: uniform,
      branches: (_m, a, b) => [a, b],
      partials: [(_m, mix) => mix(1, 0), (_m, mix) => mix(0, 1)],
    },
  },
  less: { arity: 2, on: "any", result: "bool", value: (m, a, b) => m.less(a, b), jumps: (_m, a, b) => [a, b] },
  lessEqual: {
    arity: 2,
    on: "any",
    result: "bool",
    value: (m, a, b) => m.lessEqual(a, b),
    jumps: (_m, a, b) => [a, b],
  },
  equal: { arity: 2, on: "any", result: "bool", value: (m, a, b) => m.equal(a, b), jumps: (_m, a, b) => [a, b] },
  scaleBy: {
    arity: 2,
    isZeroAtZero: true,
    value: (m, a, b) => m.scaleBy(a, b),
    partials: [(_m, _y, _a, b) => b, (_m, _y, a) => a],
  },
};
