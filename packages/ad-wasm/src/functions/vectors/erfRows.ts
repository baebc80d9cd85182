// The table of `erf` for vectors: that of the function of one number, and the series around each of its points.
import { erfTable } from "@nonsmooth/ad-core/machines";

/** The factors of `d^2, d^3, ...` in the series around a, for a slope of 1: Hermite polynomials of a. */
function seriesAt(a: number): readonly number[] {
  const factors = [1, -a];
  for (let n = 2; n <= 7; n++) {
    const [before, last] = factors.slice(-2) as [number, number];
    factors.push((-2 * (a * last + (before * (n - 1)) / n)) / (n + 1));
  }
  return factors.slice(1);
}

/**
 * How far the sums of both functions may lie from each other, relative to them: the errors of the products that follow
 * the first, which are 2^-14 of the sum. Up to 1/16 the function of one number sums `x - x^3/3 + ...`, where they are
 * larger by the square of x. The greatest distances found are 2^-64.8, and 2^-60.4 up to 1/16.
 */
const distanceAt = (i: number): number => 2 ** -62 + (i < 5 ? ((i + 1) / 5) ** 2 * 2 ** -60 : 0);

/** The upper 26 bits of a double. */
function upperHalf(x: number): number {
  const scaled = 134217729 * x;
  return scaled - (scaled - x);
}

function rowAt(i: number): readonly number[] {
  const [value = 0, low = 0, slope = 0, slopeLow = 0] = erfTable.subarray(4 * i, 4 * i + 4);
  const short = upperHalf(slope);
  const series = seriesAt(i / 64).map((factor) => factor * slope);
  return [value, low, short, slope - short + slopeLow, ...series, distanceAt(i)];
}

/** Rows `erf hi, erf lo, slope in 26 bits, rest of the slope, c2, ..., c8, distance` at i/64. */
export const erfRows: Float64Array = Float64Array.from(
  Array.from({ length: erfTable.length / 4 }, (_, i) => rowAt(i)).flat(),
);

/** From one row to the next. */
export const rowBytes = 96;

/** Rows `erf, slope, c2, ..., c5` at i/64, for results of 32 bits. */
export const briefRows: Float64Array = Float64Array.from(
  Array.from({ length: erfTable.length / 4 }, (_, i) => {
    const [value = 0, , slope = 0] = erfTable.subarray(4 * i, 4 * i + 4);
    return [
      value,
      slope,
      ...seriesAt(i / 64)
        .slice(0, 4)
        .map((factor) => factor * slope),
    ];
  }).flat(),
);

/** From one of them to the next. */
export const briefBytes = 48;
