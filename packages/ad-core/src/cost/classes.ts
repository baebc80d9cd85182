// What kind of work each scalar operation is.
import type { Atom } from "../arithmetic/algebra.ts";

/** Kinds of scalar work: comparisons include selections, and so relu, maxima and pooling. */
export const classes = ["mul", "add", "div", "cmp", "nonlinear"] as const;

/** A kind of scalar work. */
export type CostClass = (typeof classes)[number];

/** The kind of each scalar operation. A negation is a product with -1. */
export const classOf: Readonly<Record<Atom, CostClass>> = {
  add: "add",
  sub: "add",
  mul: "mul",
  neg: "mul",
  square: "mul",
  scaleBy: "mul",
  div: "div",
  inv: "div",
  sqrt: "nonlinear",
  exp: "nonlinear",
  expm1: "nonlinear",
  log: "nonlinear",
  log1p: "nonlinear",
  sin: "nonlinear",
  cos: "nonlinear",
  tanh: "nonlinear",
  erf: "nonlinear",
  pow: "nonlinear",
  floor: "cmp",
  abs: "cmp",
  maximum: "cmp",
  minimum: "cmp",
  less: "cmp",
  lessEqual: "cmp",
  equal: "cmp",
  select: "cmp",
};
