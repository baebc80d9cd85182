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
  version: "1.13.0, as run; clamp as on main of July 2026, with the policy of pull request 191142",
  source: "runs of 1.13.0, and issues 184572, 184574, 2421, 160273, 1177 and pull request 191142 of pytorch/pytorch",
  select: {
    relu: first,
    leakyRelu: first,
    relu6: first,
    hardtanh: first,
    clamp: first,
    abs: uniform,
    maximum: uniform,
    minimum: uniform,
    max: uniform,
    min: uniform,
    norm1: uniform,
    norm2: atZero("zero"),
    sort: first,
    median: uniform,
    maxPool2d: first,
  },
  notReproduced: [
    {
      name: "clamp before July 2026, and with a tensor bound",
      peerValue: "1 at the bound; [1/2, 1/2] at a tensor bound",
      why: "the choice changed: select clamp: last for older versions, clamp: uniform for a program with tensor bounds",
    },
    {
      name: "max along one axis with indices",
      peerValue: "1 for the index returned",
      why: "max and max with indices are one operation here; select max: first for the latter",
    },
    {
      name: "median along one axis with indices",
      peerValue: "1 for the index returned; of an even number the lower one in the middle",
      why: "the median here is NumPy's, the mean of two in the middle",
    },
  ],
};

const jax: Convention = {
  version: "0.10.2",
  source: "runs, and its source: nn.relu, lax.max, lax.abs, clip, linalg.norm",
  select: {
    relu: first,
    leakyRelu: last,
    relu6: first,
    hardtanh: last,
    clamp: uniform,
    abs: last,
    maximum: uniform,
    minimum: uniform,
    max: uniform,
    min: uniform,
    norm1: last,
    sort: first,
    maxPool2d: first,
  },
  notReproduced: [
    { name: "norm2 at 0", peerValue: "NaN", why: "no selection makes NaN: it is in no Clarke subdifferential" },
    {
      name: "median at ties",
      peerValue: "1 for the element that stands in the middle of a stable sort",
      why: "which of the tied elements that is depends on how many stand before them",
    },
    {
      name: "clamp as lax.clamp",
      peerValue: "0 at the bounds",
      why: "the selection is that of jax.numpy.clip; select clamp: first for the other",
    },
  ],
};

const tfjs: Convention = {
  version: "4.22.0",
  source: "runs, and its source",
  select: {
    relu: first,
    leakyRelu: first,
    "relu6.low": first,
    "relu6.high": last,
    clamp: last,
    abs: first,
    maximum: first,
    minimum: first,
    norm1: first,
    maxPool2d: first,
  },
  notReproduced: [
    { name: "max at ties", peerValue: "[1, 1]", why: "the weights do not sum to 1: the chain rule along curves fails" },
    { name: "min at ties", peerValue: "[1, 1]", why: "the weights do not sum to 1: the chain rule along curves fails" },
    { name: "norm2 at 0", peerValue: "NaN", why: "no selection makes NaN: it is in no Clarke subdifferential" },
  ],
};

const jaxjs: Convention = {
  version: "0.1.25",
  source: "runs, and its source",
  select: {
    relu: last,
    leakyRelu: last,
    relu6: last,
    hardtanh: last,
    clamp: last,
    abs: last,
    maximum: first,
    minimum: first,
    max: uniform,
    min: uniform,
    norm2: atZero("zero"),
    sort: first,
    maxPool2d: uniform,
  },
  notReproduced: [
    { name: "norm1 at 0", peerValue: "NaN", why: "no selection makes NaN: it is in no Clarke subdifferential" },
  ],
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
