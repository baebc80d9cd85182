// What other systems return at kinks, as selections, with what no selection can reproduce.
import { atZero, first, last, type Select, uniform } from "./selection.ts";

/** A value of another system that no selection of ours gives. */
export interface NotReproduced {
  /** The operation, and the case when not all are meant. */
  readonly name: string;
  /** What the other system returns there. */
  readonly peerValue: string;
  readonly why: string;
}

/** The choices of another system, as far as they were established for the version named. */
export interface Convention {
  readonly version: string;
  /** How the choices were established. */
  readonly source: string;
  readonly select: Select;
  readonly notReproduced: readonly NotReproduced[];
}

const pytorch: Convention = {
  version: "main of July 2026, with the policy of pull request 191142; max-pool from the kernels",
  source: "issues 184572, 184574, 2421, 160273, 1177 and pull request 191142 of pytorch/pytorch",
  select: {
    relu: first,
    relu6: first,
    hardtanh: first,
    clamp: first,
    abs: uniform,
    maximum: uniform,
    minimum: uniform,
    max: uniform,
    min: uniform,
    norm2: atZero("zero"),
    maxPool2d: first,
  },
  notReproduced: [
    {
      name: "clamp with a tensor bound",
      peerValue: "[1/2, 1/2] at the bound",
      why: "number and tensor bounds share one name here; select clamp: uniform for a program with tensor bounds",
    },
    {
      name: "max along one axis with indices",
      peerValue: "1 for the index returned",
      why: "max and max with indices are one operation here; select max: first for the latter",
    },
  ],
};

const jax: Convention = {
  version: "main of November 2026",
  source: "its source: nn.relu, lax.max, lax.abs, clip, linalg.norm",
  select: { relu: first, relu6: first, hardtanh: first, clamp: first, abs: last, maximum: uniform, max: uniform },
  notReproduced: [
    { name: "norm2 at 0", peerValue: "NaN", why: "no selection makes NaN: it is in no Clarke subdifferential" },
    { name: "maxPool2d", peerValue: "1 for one tied position", why: "which one was not established" },
  ],
};

const tfjs: Convention = {
  version: "4.22.0",
  source: "its source, and runs of relu, maximum, max and max-pool",
  select: {
    relu: first,
    "relu6.low": first,
    "relu6.high": last,
    clamp: last,
    abs: first,
    maximum: first,
    maxPool2d: first,
  },
  notReproduced: [
    { name: "max at ties", peerValue: "[1, 1]", why: "the weights do not sum to 1: the chain rule along curves fails" },
  ],
};

const jaxjs: Convention = {
  version: "0.1.25",
  source: "its source, and runs of relu, maximum and max",
  select: { relu: last, relu6: last, hardtanh: last, clamp: last, abs: last, maximum: first, max: uniform },
  notReproduced: [{ name: "maxPool2d", peerValue: "not established", why: "its ties were not examined" }],
};

/**
 * The choices of other systems, to be passed as `select`. Operations that a convention does not name keep our default.
 *
 * @example
 * grad(abs, { select: conventions.jax.select })(tensor(0)) // 1
 */
export const conventions: Readonly<Record<"pytorch" | "jax" | "tfjs" | "jaxjs", Convention>> = {
  pytorch,
  jax,
  tfjs,
  jaxjs,
};
