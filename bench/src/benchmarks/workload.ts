// The scalar program that the benchmark records: one fixed sequence of operations for this package and its peers.

/** What each layer ends with, one after the other. */
const activations = [
  ...["relu", "max", "relu", "max", "relu", "max", "relu", "sin"],
  ...["relu", "max", "relu", "max", "relu", "max", "relu", "exp"],
] as readonly ("relu" | "max" | "sin" | "exp")[];

/** Layers over a vector as long as the inputs, and a sum at the end. */
export interface Workload {
  readonly inputs: Float64Array;
  readonly layers: number;
}

/** What a workload is run on: numbers, or the handles of a recording. */
export interface Machine {
  add(a: number, b: number): number;
  mul(a: number, b: number): number;
  relu(a: number): number;
  maximum(a: number, b: number): number;
  sin(a: number): number;
  exp(a: number): number;
}

type Vector = Float64Array | Int32Array;

/** Each entry of `s` becomes a sum of products: itself and the next one, each with an input; the first follows the last. */
function mix(x: Vector, s: Vector, m: Machine): void {
  const [first, end] = [s[0] as number, s.length - 1];
  const mixed = (i: number, next: number): number =>
    m.add(m.mul(s[i] as number, x[i] as number), m.mul(next, x[end - i] as number));
  for (let i = 0; i < end; i++) s[i] = mixed(i, s[i + 1] as number);
  s[end] = mixed(end, first);
}

/** What is done to each entry after that. */
const activate: Readonly<Record<(typeof activations)[number], (x: Vector, s: Vector, m: Machine) => void>> = {
  relu(x, s, m) {
    for (let i = 0; i < s.length; i++) s[i] = m.add(m.relu(s[i] as number), x[i] as number);
  },
  max(x, s, m) {
    for (let i = 0; i < s.length; i++) s[i] = m.maximum(s[i] as number, x[i] as number);
  },
  sin(_x, s, m) {
    for (let i = 0; i < s.length; i++) s[i] = m.sin(s[i] as number);
  },
  exp(x, s, m) {
    for (let i = 0; i < s.length; i++) s[i] = m.exp(m.mul(s[i] as number, x[i] as number));
  },
};

/** Runs a workload on its inputs, which may be handles; returns the last result. */
export function runWorkload(x: Vector, layers: number, m: Machine): number {
  const s = x.slice();
  for (let layer = 0; layer < layers; layer++) {
    mix(x, s, m);
    activate[activations[layer % activations.length] as (typeof activations)[number]](x, s, m);
  }
  let total = s[0] as number;
  for (let i = 1; i < s.length; i++) total = m.add(total, s[i] as number);
  return total;
}

/** Number of operations of a workload. */
export function operationsOf({ inputs, layers }: Workload): number {
  const tails = { relu: 2, max: 1, sin: 1, exp: 2 };
  let perEntry = 0;
  for (let layer = 0; layer < layers; layer++) {
    perEntry += tails[activations[layer % activations.length] as keyof typeof tails];
  }
  return (perEntry + 3 * layers + 1) * inputs.length - 1;
}

/** The workload as the bytes that peers read: two 32-bit integers, then the inputs. */
export const workloadBytes = ({ inputs, layers }: Workload): Buffer =>
  Buffer.concat([new Uint8Array(Int32Array.of(inputs.length, layers).buffer), new Uint8Array(inputs.buffer)]);

/** A small generator of uniform numbers in [0, 1), for this file alone: xorshift of 32 bits. */
function uniforms(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/**
 * Makes the workload. Inputs lie in [0.1, 0.5] or [-0.5, -0.1], so that values stay bounded and off kinks, and all
 * systems agree.
 *
 * @param layers - 16 of them are 73 operations for each input: 33 products, 24 additions, 8 relu, 6 max, 1 sin, 1 exp
 * @param inputs - number of inputs
 * @param seed - any whole number
 * @returns the same workload for the same numbers
 */
export function makeWorkload(layers: number, inputs: number, seed: number): Workload {
  const next = uniforms(seed);
  const x = Float64Array.from({ length: inputs }, () => (next() < 0.5 ? -1 : 1) * (0.1 + 0.4 * next()));
  return { inputs: x, layers };
}
