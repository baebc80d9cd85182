// Random numbers from keys: each is a function of a key and a place, and of nothing else.
import { type Algebra, type Arithmetic, timesHistogram } from "../arithmetic/algebra.ts";
import { counter } from "../arithmetic/counting.ts";
import { doubles } from "../arithmetic/numbers.ts";
import { apply } from "../door/interpreter.ts";
import type { Cells, Primitive } from "../door/primitive.ts";
import { checkDType, type DType, isReal } from "../dtypes/dtype.ts";
import { checkSettings, domainError, dtypeError, shapeError } from "../errors/messages.ts";
import { scheduleOf, threefry } from "../kernels/threefry.ts";
import type { DTypeOptions } from "../tensors/create.ts";
import { checkShape, type Shape, sameShape, sizeOf } from "../tensors/shape.ts";
import { DenseTensor, type Tensor, type TensorType } from "../tensors/tensor.ts";

/** Half of what a counter says: no two uses draw the same words from one key. */
export const domains = { split: 0, uniform: 1, normal: 2, shuffle: 3 } as const;
type Domain = (typeof domains)[keyof typeof domains];

/** The words at each place of a domain of a key. */
function wordsOf<N>(k: Arithmetic<N>, key: Cells<N>, domain: Domain): (place: number) => Int32Array {
  const schedule = scheduleOf(k.read(key.data[0] as N), k.read(key.data[1] as N));
  const words = new Int32Array(2);
  return (place) => {
    threefry(schedule, place, domain, words);
    return words;
  };
}

/** A number in [0, 1) from the upper 53 of 64 bits. */
export const unit = (words: Int32Array): number =>
  (((words[0] as number) >>> 0) * 2 ** 21 + ((words[1] as number) >>> 11)) * 2 ** -53;

const makeKey = "make one with key(seed), and more with split";

function keyType(where: string, { dtype }: TensorType): "i32" {
  if (dtype === "i32") return dtype;
  throw dtypeError(where, "a key of dtype i32", [dtype], makeKey);
}

function checkKeyShape(where: string, { shape }: TensorType): void {
  if (!sameShape(shape, [2])) throw shapeError(where, "no key", "one key, of shape [2]", [shape], makeKey);
}

/** Refuses what is no seed of a key. */
export function checkSeed(where: string, name: string, seed: number): void {
  if (Number.isSafeInteger(seed) && seed >= 0) return;
  throw domainError(where, name, "a whole number from 0 to 2^53 - 1", seed, "round it, or choose another");
}

/**
 * A key to draw random numbers with: the two words of a seed, the lower one first.
 *
 * Cost: no arithmetic.
 *
 * @param seed - a whole number from 0 to 2^53 - 1; different seeds are different keys
 * @returns `[2]`, `i32`
 * @throws AdError "domain" when `seed` is not such a number
 * @example
 * key(7) // [7, 0]
 */
export function key(seed: number): Tensor {
  checkSeed("key", "seed", seed);
  return new DenseTensor([2], "i32", Int32Array.of(seed | 0, Math.floor(seed / 2 ** 32)));
}

/** One of the children of a key, by its number. */
export const splitPrimitive: Primitive<number> = {
  name: "split",
  dtype: ([parent]) => keyType("split", parent),
  shape([parent]) {
    checkKeyShape("split", parent);
    return [2];
  },
  forward(k, [parent], child) {
    const words = wordsOf(k, parent, domains.split)(child);
    const out = k.allocate(2);
    words.forEach((word, i) => {
      out[i] = k.sum.constant(word);
    });
    return out;
  },
  linearize: () => [null],
  cost: () => ({}),
};

/**
 * New keys from a key: a list of them, so that it can be taken apart.
 *
 * Cost: 20 rounds of integer mixing for each key, which are no scalar operations and not counted.
 *
 * Children of one key all differ, child `i` does not depend on `count`, and no child is made of words that the parent
 * draws. Use a key once: draw with it, or split it.
 *
 * @param parent - `[2]`, `i32`
 * @param count - how many, a whole number below 2^32; 2 when absent
 * @returns `count` keys, each `[2]`, `i32`
 * @throws AdError "shape" or "dtype" when `parent` is no key; "domain" when `count` is not such a number
 * @example
 * const [forWeights, forNoise] = split(key(7));
 * sum(randomUniform(forWeights, [2, 3])) // 1.3276319631058469
 * split(key(7), 5).length // 5
 */
export function split(parent: Tensor, count?: 2): [Tensor, Tensor];
export function split(parent: Tensor, count: 3): [Tensor, Tensor, Tensor];
export function split(parent: Tensor, count: number): Tensor[];
export function split(parent: Tensor, count = 2): Tensor[] {
  if (!Number.isSafeInteger(count) || count < 0 || count >= 2 ** 32)
    throw domainError("split", "count", "a whole number below 2^32", count, "ask for fewer keys");
  return Array.from({ length: count }, (_, child) => apply(splitPrimitive, [parent], child));
}

export interface Draws {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** What the records of both distributions say about types. */
function drawn(name: string): Pick<Primitive<Draws>, "name" | "dtype" | "shape" | "linearize"> {
  return {
    name,
    dtype([from], { dtype }) {
      keyType(name, from);
      if (isReal(checkDType(name, dtype))) return dtype;
      throw dtypeError(name, "f64, f32, f16 or bf16", [dtype], "draw reals, and convert them with cast");
    },
    shape([from], { shape }) {
      checkKeyShape(name, from);
      if (sizeOf(shape) <= 2 ** 32) return shape;
      const remedy = "split the key and draw in parts";
      throw shapeError(name, "too many draws", "at most 2^32 elements from one key", [shape], remedy);
    },
    linearize: () => [null],
  };
}

function draw(primitive: Primitive<Draws>, from: Tensor, shape: Shape, options: DTypeOptions): Tensor {
  const { name } = primitive;
  checkSettings(name, options, ["dtype"]);
  return apply(primitive, [from], { shape: [...checkShape(name, shape)], dtype: options.dtype ?? "f64" });
}

/** How many equal steps of each format there are between 0 and 1. */
const steps: Readonly<Partial<Record<DType, number>>> = { f64: 2 ** 53, f32: 2 ** 24, f16: 2 ** 11, bf16: 2 ** 8 };

export const randomUniformPrimitive: Primitive<Draws> = {
  ...drawn("randomUniform"),
  forward(k, [from], { shape, dtype }) {
    const words = wordsOf(k, from, domains.uniform);
    const grid = steps[dtype] as number;
    const out = k.allocate(sizeOf(shape));
    for (let i = 0; i < out.length; i++) out[i] = k.sum.constant(Math.floor(unit(words(i)) * grid) / grid);
    return out;
  },
  cost: () => ({}),
};

/**
 * Uniform random numbers in [0, 1): each multiple of 2^-53 (`f32`: 2^-24, `f16`: 2^-11, `bf16`: 2^-8) alike, never 1.
 *
 * Cost: 20 rounds of integer mixing for each element, which are no scalar operations and not counted.
 *
 * Element `i`, in row-major order, depends on the key and on `i` alone, so the same key gives the same numbers in every
 * shape. A draw in a narrower dtype is the draw in `f64`, cut off. The result carries no derivative.
 *
 * @param from - the key: `[2]`, `i32`
 * @param shape - rank 0 to 6, at most 2^32 elements
 * @param options - `dtype`, a real one; `f64` when absent
 * @returns a tensor of that shape
 * @throws AdError "dtype" when the key is not `i32` or the result would not be real; "shape" for other keys and shapes
 * @example
 * randomUniform(key(1), [2, 2], { dtype: "bf16" }) // [[0.90625, 0.79296875], [0.0703125, 0.30078125]]
 */
export const randomUniform = (from: Tensor, shape: Shape, options: DTypeOptions = {}): Tensor =>
  draw(randomUniformPrimitive, from, shape, options);

/** Two independent normal numbers from two uniform ones: `r cos t` and `r sin t` with `r = √(-2 log(1 - u))`, `t = 2 π v`. */
function normalPair<N>(m: Algebra<N>, u: N, v: N): readonly [N, N] {
  const radius = m.sqrt(m.mul(m.constant(-2), m.log(m.sub(m.constant(1), u))));
  const angle = m.mul(m.constant(2 * Math.PI), v);
  return [m.mul(radius, m.cos(angle)), m.mul(radius, m.sin(angle))];
}

export const randomNormalPrimitive: Primitive<Draws> = {
  ...drawn("randomNormal"),
  forward(k, [from], { shape }) {
    const words = wordsOf(k, from, domains.normal);
    const out = k.allocate(sizeOf(shape));
    for (let i = 0; i < out.length; i += 2) {
      const [even, odd] = normalPair(doubles, unit(words(i)), unit(words(i + 1)));
      out[i] = k.sum.constant(even);
      if (i + 1 < out.length) out[i + 1] = k.sum.constant(odd);
    }
    return out;
  },
  cost(_inputs, { shape }) {
    const { arithmetic, tally } = counter();
    normalPair(arithmetic.each, "value", "value");
    return timesHistogram(Math.ceil(sizeOf(shape) / 2), tally());
  },
};

/**
 * Random numbers of the normal distribution with mean 0 and variance 1, by the method of Box and Muller (1958).
 *
 * Cost: for each two elements 1 log, 1 sqrt, 1 sin, 1 cos, 1 subtraction and 4 products, whole pairs; 20 rounds of
 * integer mixing for each element are no scalar operations and not counted.
 *
 * Computed in double, whatever the dtype, and rounded once. Element `i`, in row-major order, depends on the key and on
 * `i` alone. No number is beyond 8.58, where 1e-17 of the distribution would be. The result carries no derivative.
 *
 * @param from - the key: `[2]`, `i32`
 * @param shape - rank 0 to 6, at most 2^32 elements
 * @param options - `dtype`, a real one; `f64` when absent
 * @returns a tensor of that shape
 * @throws AdError "dtype" when the key is not `i32` or the result would not be real; "shape" for other keys and shapes
 * @example
 * randomNormal(key(1), [3]) // [2.3620121959023304, 0.7533075221387653, -0.10546215672383634]
 * const dropout = (x, k) => where(less(randomUniform(k, x.shape), 0.5), 0, mul(2, x));
 * grad((x, k) => sum(dropout(x, k)))(ones([4]), key(1)) // [2, 2, 0, 0]
 */
export const randomNormal = (from: Tensor, shape: Shape, options: DTypeOptions = {}): Tensor =>
  draw(randomNormalPrimitive, from, shape, options);
