/** Stratified arguments for the law of the last place, from a seed. */
import { doubleFromReal, multiply, pi, realFromDouble } from "./oracle.ts";

/** Uniform 32-bit integers, reproducible: a Weyl sequence through two rounds of multiply and shift. */
export type Draw = () => number;

/**
 * A seeded source of uniform 32-bit integers.
 *
 * @param seed - any integer
 * @returns the source
 */
export function drawFromSeed(seed: number): Draw {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    const once = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    const twice = Math.imul(once ^ (once >>> 15), 0x735a2d97);
    return (twice ^ (twice >>> 15)) >>> 0;
  };
}

const view = new DataView(new ArrayBuffer(8));

function doubleFromWords(high: number, low: number): number {
  view.setUint32(0, high);
  view.setUint32(4, low);
  return view.getFloat64(0);
}

/** The double `steps` places above x in the order of the doubles of its sign. */
function neighbour(x: number, steps: number): number {
  view.setFloat64(0, x);
  view.setBigInt64(0, view.getBigInt64(0) + BigInt(steps));
  return view.getFloat64(0);
}

/** A double of the binade with the given exponent field, half of them with few fraction bits. */
function inBinade(field: number, draw: Draw): number {
  const low = draw() % 2 === 0 ? draw() : 0;
  return doubleFromWords((field << 20) | (draw() & 0xfffff), low);
}

function uniform(from: number, to: number, draw: Draw): number {
  return from + (to - from) * ((draw() + draw() / 4294967296) / 4294967296);
}

function signed(x: number, draw: Draw): number {
  return draw() % 2 === 0 ? x : -x;
}

/**
 * Angles nearest to multiples of pi/2: in each binade, the convergents of `2^e 2/pi` with denominators below 2^53.
 *
 * @returns about thirty angles for every exponent, from the last place 2^-52 to 2^971
 */
export function hardestAngles(): number[] {
  const angles: number[] = [];
  for (let exponent = -52; exponent <= 971; exponent += 1) {
    // Euclid on the fraction 2^(exponent + 1) / pi.
    let a = 1n << BigInt(Math.max(0, exponent + 1 - pi.exponent));
    let b = pi.mantissa << BigInt(Math.max(0, -(exponent + 1 - pi.exponent)));
    let older = 1n;
    let newer = 0n;
    while (b !== 0n) {
      const quotient = a / b;
      [a, b] = [b, a - quotient * b];
      [older, newer] = [newer, older + quotient * newer];
      if (newer >= 1n << 53n) break;
      if (newer > 0n) angles.push(Number(newer) * 2 ** exponent);
    }
  }
  return angles;
}

/** A double within three places of a multiple of pi/2. */
function nearQuarterTurn(draw: Draw): number {
  const n = draw() % 2 ** (1 + (draw() % 31));
  const angle = doubleFromReal(multiply({ mantissa: pi.mantissa, exponent: pi.exponent - 1 }, realFromDouble(n + 1)));
  return neighbour(angle, (draw() % 7) - 3);
}

type Stratum = (draw: Draw) => number;

const anyBinade: Stratum = (draw) => signed(inBinade(draw() % 2047, draw), draw);
const ordinary: Stratum = (draw) => signed(inBinade(1023 - 30 + (draw() % 41), draw), draw);
const anyPositive: Stratum = (draw) => Math.abs(anyBinade(draw));
const ordinaryPositive: Stratum = (draw) => Math.abs(ordinary(draw));
/** Subnormal numbers and the first normal ones. */
const tiny: Stratum = (draw) => signed(inBinade(draw() % 4, draw) + 5e-324, draw);
const tinyPositive: Stratum = (draw) => Math.abs(tiny(draw));
const between =
  (from: number, to: number): Stratum =>
  (draw) =>
    uniform(from, to, draw);
/** Around the middle and the ends of table intervals `k * step`. */
const nearGrid =
  (step: number, from: number, to: number): Stratum =>
  (draw) =>
    neighbour(Math.round(uniform(from, to, draw) / step) * step || step, (draw() % 9) - 4);

const ln2 = Math.LN2;
const expStrata = [
  anyBinade,
  tiny,
  ordinary,
  between(-746, 710),
  between(-1, 1),
  nearGrid(ln2 / 256, -40, 40),
  between(-745.2, -708),
];
const circularStrata = [
  anyBinade,
  tiny,
  ordinary,
  between(-4, 4),
  nearQuarterTurn,
  nearGrid(1 / 256, -1, 1),
  between(-2e6, 2e6),
];

/** The strata of each function of one argument. */
export const strata: Readonly<Record<string, readonly Stratum[]>> = {
  exp: expStrata,
  expm1: [...expStrata, between(-0.02, 0.02), between(-40, 2)],
  log: [anyPositive, tinyPositive, ordinaryPositive, between(0.5, 2), between(0.98, 1.02), nearGrid(1 / 512, 0.5, 2)],
  log1p: [
    anyPositive,
    tiny,
    ordinary,
    between(-1, 1),
    between(-0.02, 0.02),
    nearGrid(1 / 512, -0.5, 1),
    (draw: Draw) => neighbour(-1, -(draw() % 100000) - 1),
  ].map((stratum) => (draw: Draw) => Math.max(stratum(draw), neighbour(-1, -1))),
  sin: circularStrata,
  cos: circularStrata,
  tanh: [anyBinade, tiny, ordinary, between(-1, 1), between(-20, 20), between(-0.02, 0.02), nearGrid(ln2 / 512, -2, 2)],
  erf: [anyBinade, tiny, ordinary, between(-1, 1), between(-6.1, 6.1), nearGrid(1 / 128, -6, 6), between(-0.2, 0.2)],
};

const small: Stratum = (draw) => (draw() % 41) - 20;

/** Pairs `x, y` for `x^y`: wide, near the borders of the range, near 1, integers and their halves. */
export const powStrata: readonly ((draw: Draw) => [number, number])[] = [
  (draw) => withResult(anyPositive(draw), uniform(-746, 710, draw)),
  (draw) => withResult(tinyPositive(draw), uniform(-746, 710, draw)),
  (draw) => withResult(ordinaryPositive(draw), uniform(-746, 710, draw)),
  (draw) => withResult(uniform(0.9, 1.1, draw), uniform(-746, 710, draw)),
  (draw) => withResult(neighbour(1, (draw() % 2000) - 1000), uniform(-746, 710, draw)),
  (draw) => withResult(uniform(0, 10, draw), uniform(-745.2, -707, draw)),
  (draw) => [uniform(0, 10, draw), uniform(-10, 10, draw)],
  (draw) => [ordinaryPositive(draw), small(draw) / 2],
  (draw) => [draw() % 100, small(draw) / 4],
  (draw) => [anyPositive(draw), anyBinade(draw)],
];

/** `x, y` with `y log x` about the given number. */
function withResult(x: number, logarithm: number): [number, number] {
  return [x, logarithm / (Math.log(x) || 1)];
}
