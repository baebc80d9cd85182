/** Digests of the bits of the real functions over seeded samples. */
import { cos, erf, exp, expm1, log, log1p, pow, sin, tanh } from "../../src/arithmetic/real/index.ts";
import { drawFromSeed, strata } from "./samples.ts";

const functions: Readonly<Record<string, (x: number) => number>> = { cos, erf, exp, expm1, log, log1p, sin, tanh };

const seed = 20260101;
const view = new DataView(new ArrayBuffer(8));

/** One step of the FNV-1a hash, a word at a time, on the bits of x. */
function absorb(hash: number, x: number): number {
  view.setFloat64(0, x);
  const once = Math.imul(hash ^ view.getUint32(0), 16777619);
  return Math.imul(once ^ view.getUint32(4), 16777619) >>> 0;
}

/**
 * Digest of a function of one argument over 2000 points of each of its strata.
 *
 * @param name - one of the functions
 * @returns eight hexadecimal digits
 */
export function digest(name: string): string {
  const f = functions[name];
  if (f === undefined) throw new Error(`digest: unknown function: got ${name}`);
  const draw = drawFromSeed(seed);
  let hash = 0x811c9dc5;
  for (const stratum of strata[name] ?? []) {
    for (let i = 0; i < 2000; i += 1) hash = absorb(hash, f(stratum(draw)));
  }
  return hash.toString(16).padStart(8, "0");
}

/**
 * Digest of `pow` over 20000 pairs: bases up to 64, exponents up to 200 in size, and small integers and halves.
 *
 * @returns eight hexadecimal digits
 */
export function powDigest(): string {
  const draw = drawFromSeed(seed);
  let hash = 0x811c9dc5;
  for (let i = 0; i < 10000; i += 1) {
    const x = draw() / 67108864;
    hash = absorb(hash, pow(x, (draw() - 2147483648) / 10737418));
    hash = absorb(hash, pow(x, ((draw() % 41) - 20) / 2));
  }
  return hash.toString(16).padStart(8, "0");
}
