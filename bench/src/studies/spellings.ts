/** One function, several spellings, and the derivative that each selection gives to each spelling where it has a kink. */
import {
  abs,
  add,
  atKink,
  clamp,
  type DType,
  div,
  exp,
  first,
  grad,
  greater,
  jvp,
  last,
  log1p,
  maximum,
  neg,
  ones,
  relu,
  softplus,
  sub,
  type Tensor,
  type TieSelection,
  tensor,
  uniform,
  where,
} from "@nonsmooth/ad-core";

/** The real formats, in which a derivative exists. */
export type RealDType = Exclude<DType, "i32" | "bool">;

/** A Clarke subdifferential on the line: all numbers between the two, both included. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The derivative of one spelling under one selection, computed in both modes. */
export interface Derivative {
  /** `default` when nothing is selected. */
  readonly selection: string;
  readonly reverse: number;
  readonly forward: number;
  /** Whether both modes give the same number. */
  readonly agree: boolean;
  /** Whether that number lies in the Clarke subdifferential of the function. */
  readonly member: boolean;
}

/** One way to write a function. */
export interface SpellingResult {
  readonly spelling: string;
  readonly derivatives: readonly Derivative[];
}

/** One function and all its spellings. */
export interface FunctionResult {
  readonly name: string;
  readonly clarke: Interval;
  readonly spellings: readonly SpellingResult[];
}

/** What the study found. */
export interface SpellingStudy {
  readonly dtype: RealDType;
  /** Where the derivatives are taken. */
  readonly at: number;
  readonly selections: readonly string[];
  readonly functions: readonly FunctionResult[];
}

type Scalar = (x: Tensor) => Tensor;

interface Spelled {
  readonly name: string;
  /** Known by hand, not computed. */
  readonly clarke: Interval;
  readonly spellings: Readonly<Record<string, Scalar>>;
}

const softTail: Scalar = (x) => log1p(exp(neg(abs(x))));

/** The functions. The first has a kink at 0; the other two are smooth, so that one value alone is right. */
const functions: readonly Spelled[] = [
  {
    name: "max(x, 0)",
    clarke: { low: 0, high: 1 },
    spellings: {
      "relu(x)": (x) => relu(x),
      "maximum(x, 0)": (x) => maximum(x, 0),
      "clamp(x, {low: 0})": (x) => clamp(x, { low: 0 }),
      "where(greater(x, 0), x, 0)": (x) => where(greater(x, 0), x, 0),
      "(x + |x|) / 2": (x) => div(add(x, abs(x)), 2),
    },
  },
  {
    name: "log(1 + exp(x))",
    clarke: { low: 0.5, high: 0.5 },
    spellings: {
      "softplus(x)": (x) => softplus(x),
      "relu(x) + log1p(exp(-|x|))": (x) => add(relu(x), softTail(x)),
      "maximum(x, 0) + log1p(exp(-|x|))": (x) => add(maximum(x, 0), softTail(x)),
    },
  },
  {
    name: "x",
    clarke: { low: 1, high: 1 },
    spellings: {
      x: (x) => x,
      "relu(x) - relu(-x)": (x) => sub(relu(x), relu(neg(x))),
    },
  },
];

/** Every kink that a spelling may have takes the same selection; nothing is selected for `default`. */
const choices: readonly (readonly [string, TieSelection | undefined])[] = [
  ["default", undefined],
  ...[first, last, uniform, atKink(0.25)].map((selection) => [selection.name, selection] as const),
];

/** Differentiates every spelling at 0 under every selection, by reverse and by forward mode. */
export function spellingStudy(dtype: RealDType): SpellingStudy {
  const at = 0;
  const x = tensor(at, { dtype });
  return {
    dtype,
    at,
    selections: choices.map(([name]) => name),
    functions: functions.map(({ name, clarke, spellings }) => ({
      name,
      clarke,
      spellings: Object.entries(spellings).map(([spelling, f]) => ({
        spelling,
        derivatives: choices.map(([selection, choice]) => ({ selection, ...differentiate(f, x, clarke, choice) })),
      })),
    })),
  };
}

function differentiate(
  f: Scalar,
  x: Tensor,
  { low, high }: Interval,
  choice: TieSelection | undefined,
): Omit<Derivative, "selection"> {
  const options = choice ? { select: { relu: choice, maximum: choice, clamp: choice, abs: choice } } : {};
  const reverse = numberOf(grad(f, options)(x));
  const forward = numberOf(jvp(f, [x], [ones([], { dtype: x.dtype })], options)[1]);
  return { reverse, forward, agree: reverse === forward, member: low <= reverse && reverse <= high };
}

const numberOf = (y: Tensor): number => y.data[0] as number;

/** The spellings and selections for which the two modes give different numbers; none, unless the engine is broken. */
export function disagreements({ functions }: SpellingStudy): string[] {
  return functions
    .flatMap(({ spellings }) => spellings)
    .flatMap(({ spelling, derivatives }) =>
      derivatives
        .filter(({ agree }) => !agree)
        .map(({ selection, reverse, forward }) => `${spelling}, ${selection}: reverse ${reverse}, forward ${forward}`),
    );
}
