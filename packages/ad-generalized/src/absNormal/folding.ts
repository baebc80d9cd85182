// Orders of branches as absolute values: min(a, b) = (a + b - |b - a|) / 2 and max(a, b) = (a + b + |b - a|) / 2, over and over.

/** A number as an affine function of inputs and of absolute values, with its value at the point. */
export interface Folded {
  readonly value: number;
  readonly inputs: Float64Array;
  /** Coefficients of absolute values, by their numbers. */
  readonly sizes: ReadonlyMap<number, number>;
}

/** `p a + q b`. */
export function mixed(p: number, a: Folded, q: number, b: Folded): Folded {
  const sizes = new Map<number, number>();
  for (const [factor, from] of [[p, a] as const, [q, b] as const])
    for (const [number, v] of from.sizes) sizes.set(number, (sizes.get(number) ?? 0) + factor * v);
  for (const [number, v] of sizes) if (v === 0) sizes.delete(number);
  const inputs = a.inputs.map((v, i) => p * v + q * (b.inputs[i] as number));
  return { value: p * a.value + q * b.value, inputs, sizes };
}

const isZero = ({ value, inputs, sizes }: Folded): boolean =>
  value === 0 && sizes.size === 0 && inputs.every((v) => v === 0);

/** The absolute value of a number, as a new switching variable: hands out what stands for it. */
export type Size = (argument: Folded) => Folded;

/** The smaller and the larger of two numbers. Opposite ones are -|b| and |b|, and need no half. */
function ordered(a: Folded, b: Folded, size: Size): readonly [Folded, Folded] {
  const middle = mixed(0.5, a, 0.5, b);
  const half = size(isZero(middle) ? b : mixed(1, b, -1, a));
  const share = isZero(middle) ? 1 : 0.5;
  return [mixed(1, middle, -share, half), mixed(1, middle, share, half)];
}

/** The numbers at some ranks: as many neighbours are put in order as it takes to bring these to their places. */
export function atRanks(numbers: readonly Folded[], ranks: readonly number[], size: Size): Folded[] {
  const row = [...numbers];
  const [least, most] = [ranks[0] ?? 0, ranks.at(-1) ?? 0];
  const exchange = (i: number): void => {
    const [low, high] = ordered(row[i] as Folded, row[i + 1] as Folded, size);
    row[i] = low;
    row[i + 1] = high;
  };
  if (row.length - least <= most + 1)
    for (let end = row.length - 1; end >= least; end--) for (let i = 0; i < end; i++) exchange(i);
  else for (let start = 0; start <= most; start++) for (let i = row.length - 2; i >= start; i--) exchange(i);
  return ranks.map((rank) => row[rank] as Folded);
}
