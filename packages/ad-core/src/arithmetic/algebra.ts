// The scalar operations in which everything else is stated.

/**
 * Arithmetic on some kind of number. Elementary functions and kernels are written once over an algebra, and read
 * several ways: on doubles they compute, on a counter they are a price, on tensors they are a derivative rule.
 *
 * Conditions are numbers too: 0 is false, everything else is true.
 */
export interface Algebra<N> {
  constant(value: number): N;
  add(a: N, b: N): N;
  sub(a: N, b: N): N;
  mul(a: N, b: N): N;
  div(a: N, b: N): N;
  neg(a: N): N;
  /** The reciprocal, `1 / a`. */
  inv(a: N): N;
  square(a: N): N;
  sqrt(a: N): N;
  exp(a: N): N;
  /** `exp(a) - 1`, accurate near 0. */
  expm1(a: N): N;
  log(a: N): N;
  /** `log(1 + a)`, accurate near 0. */
  log1p(a: N): N;
  sin(a: N): N;
  cos(a: N): N;
  tanh(a: N): N;
  erf(a: N): N;
  /** `a` to the power `b`. */
  pow(a: N, b: N): N;
  floor(a: N): N;
  abs(a: N): N;
  /** The larger one; +0 is above -0, and NaN wins. */
  maximum(a: N, b: N): N;
  /** The smaller one; -0 is below +0, and NaN wins. */
  minimum(a: N, b: N): N;
  less(a: N, b: N): N;
  lessEqual(a: N, b: N): N;
  equal(a: N, b: N): N;
  /** `a` when the condition is true, else `b`. */
  select(condition: N, a: N, b: N): N;
  /** The product `partial * tangent`, but 0 when either factor is exactly 0, whatever the other is. */
  scaleBy(partial: N, tangent: N): N;
}

/** The name of a scalar operation. */
export type Atom = Exclude<keyof Algebra<unknown>, "constant">;

/** How many scalar operations of each kind: the cost of a piece of arithmetic. */
export type Histogram = Readonly<Partial<Record<Atom, number>>>;

/** Adds histograms. */
export function addHistograms(...parts: readonly Histogram[]): Histogram {
  const total: Partial<Record<Atom, number>> = {};
  for (const part of parts) for (const [atom, n] of entriesOf(part)) total[atom] = (total[atom] ?? 0) + n;
  return total;
}

/** A histogram repeated. Atoms that come out as 0 are left out. */
export const timesHistogram = (n: number, part: Histogram): Histogram =>
  n === 0 ? {} : Object.fromEntries(entriesOf(part).map(([atom, count]) => [atom, n * count]));

const entriesOf = (part: Histogram): [Atom, number][] =>
  (Object.entries(part) as [Atom, number][]).filter(([, count]) => count !== 0);

/** Somewhere to put `N`s: a typed array for numbers, a plain array otherwise. */
export interface Store<N> {
  readonly length: number;
  [index: number]: N;
}

/** What a kernel computes with. */
export interface Arithmetic<N> {
  /** One elementary operation; its result is rounded once, when it is stored. */
  readonly each: Algebra<N>;
  /** Accumulation: every step is rounded to the format that sums are kept in. */
  readonly sum: Algebra<N>;
  allocate(size: number): Store<N>;
  /** The number behind an `N`, for the few kernels that look at values: ties, winners, indices. */
  read(value: N): number;
}
