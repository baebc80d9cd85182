import { powerOfTwo } from "./bits.ts";
import { productError } from "./doubleDouble.ts";
import { erfTable } from "./erfTable.generated.ts";
import { atLeastScale } from "./leastScale.ts";

// 2/sqrt(pi) in two parts.
const slopeHigh = 1.1283791670955126;
const slopeLow = 1.533545961316588e-17;

/**
 * Error function, `erf(x) = 2/sqrt(pi)` times the integral of `e^(-t^2)` from 0 to x.
 *
 * `erf(±0) = ±0`, `erf(±Infinity) = ±1`; exactly odd, and ±1 from 6 on.
 * Error: at most 0.51 ulp on the samples of the law "erf errs by at most 0.52 units in the last place".
 *
 * @param x - any double
 * @returns from -1 to 1
 * @example
 * erf(1) // 0.8427007929497149
 */
export function erf(x: number): number {
  const magnitude = Math.abs(x);
  if (!(magnitude > 0)) return x;
  const y = magnitude >= 6 ? 1 : magnitude < 0.0625 ? nearZero(magnitude) : aroundTable(magnitude);
  return x < 0 ? -y : y;
}

/** `2/sqrt(pi) (x - x^3/3 + x^5/10 - ...)`. */
function nearZero(x: number): number {
  if (x < 1e-200) return atTinyScale(x);
  const u = x * x;
  const upper = 1 / 216 - u * (1 / 1320 - u * (1 / 9360));
  const series = u * (-1 / 3 + u * (1 / 10 - u * (1 / 42 - u * upper)));
  const head = slopeHigh * x;
  return head + (productError(slopeHigh, x, head) + slopeLow * x + head * series);
}

/** `2/sqrt(pi) x` where the error of the product would underflow. */
function atTinyScale(x: number): number {
  const power = x < 2.2250738585072014e-308 ? 1022 : 512;
  const scaled = x * powerOfTwo(power);
  const head = slopeHigh * scaled;
  const low = productError(slopeHigh, scaled, head) + slopeLow * scaled;
  return power === 512 ? (head + low) * powerOfTwo(-512) : atLeastScale(head, low);
}

/** Taylor series around the nearest a = i/64, whose terms follow from one another as Hermite polynomials do. */
function aroundTable(x: number): number {
  const i = Math.floor(64 * x + 0.5);
  const d = x - i / 64;
  const b = -2 * d * (i / 64);
  const c = -2 * d * d;
  const t1 = (b * d) / 2;
  const t2 = (b * t1 + (c * d) / 2) * (1 / 3);
  const t3 = (b * t2 + c * t1 * (2 / 3)) * (1 / 4);
  const t4 = (b * t3 + c * t2 * (3 / 4)) * (1 / 5);
  const t5 = (b * t4 + c * t3 * (4 / 5)) * (1 / 6);
  const t6 = (b * t5 + c * t4 * (5 / 6)) * (1 / 7);
  const t7 = (b * t6 + c * t5 * (6 / 7)) * (1 / 8);
  const slope = erfTable[4 * i + 2] as number;
  const value = erfTable[4 * i] as number;
  const step = slope * d;
  const y = value + step;
  const rest = (erfTable[4 * i + 1] as number) + (erfTable[4 * i + 3] as number) * d + productError(slope, d, step);
  return y + (value - y + step + (rest + slope * (t1 + (t2 + (t3 + (t4 + (t5 + (t6 + t7))))))));
}
