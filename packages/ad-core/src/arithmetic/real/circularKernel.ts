/** `sin` of an angle reduced to a quarter turn: a table at i/128 and short series around it. */
import { circularTable } from "./circularTable.generated.ts";
import { tail } from "./doubleDouble.ts";
import { remainder } from "./quarterTurns.ts";

/** `sin(d) - d` for |d| < 1/8. */
function sinTail(d: number): number {
  const u = d * d;
  return d * u * (-1 / 6 + u * (1 / 120 + u * (-1 / 5040 + u * (1 / 362880 - u * (1 / 39916800)))));
}

/** `cos(d) - 1` for |d| < 1/255. */
function cosTail(d: number): number {
  const u = d * d;
  return u * (-0.5 + u * (1 / 24 - u * (1 / 720)));
}

/**
 * `sin(turns pi/2 + remainder[0] + tail[0])`.
 *
 * The cosine is the same formula with the sine's row read as `cos, -sin`: so no branch depends on the quarter.
 *
 * @param turns - an integer, taken modulo 4
 * @returns the sine, 0.52 ulp
 */
export function sinOfTurns(turns: number): number {
  const sign = 1 - (turns & 2);
  const odd = turns & 1;
  const r = remainder[0] as number;
  const rest = tail[0] as number;
  if (odd === 0 && r < 0.125 && r > -0.125) return sign * (r + (rest + sinTail(r)));
  const i = Math.floor(r * 128 + 101.5);
  const flip = 1 - 2 * odd;
  const d = flip * (r - (i - 101) / 128);
  const restD = flip * rest;
  const row = 4 * i;
  const value = circularTable[row + 2 * odd] as number;
  const slope = circularTable[row + 2 - 2 * odd] as number;
  const low = (circularTable[row + 2 * odd + 1] as number) + (circularTable[row + 3 - 2 * odd] as number) * d;
  return sign * (value + (slope * d + (low + (slope * (restD + sinTail(d)) + value * (cosTail(d) - d * restD)))));
}
