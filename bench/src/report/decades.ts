/** Logarithmic axes on which 0 has a place of its own, one decade before the least. */
import { extentOf } from "./statistics.ts";

/** A tick. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** An axis. */
export interface ZeroLogAxis {
  /** Where a number from 0 on stands. */
  readonly at: (value: number) => number;
  readonly domain: readonly [number, number];
  readonly ticks: readonly Tick[];
  /** Between 0 and the others; null when there is no 0. */
  readonly gap: number | null;
}

/** The whole number e with 10^(e-1) <= value < 10^e, exactly; the value is positive. */
export const decadeOf = (value: number): number => Number(value.toExponential().split("e")[1]) + 1;

const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A power of ten in print: 0.01 to 1000 written out, others as 10⁻⁸. */
export function powerText(exponent: number): string {
  if (exponent >= -2 && exponent <= 3)
    return exponent < 0 ? (10 ** exponent).toFixed(-exponent) : String(10 ** exponent);
  const power = String(Math.abs(exponent)).replace(/\d/g, (digit) => digits[Number(digit)] as string);
  return `10${exponent < 0 ? "⁻" : ""}${power}`;
}

/** The axis for these numbers, all from 0 on and finite; at most about `most` ticks. */
export function zeroLogAxis(values: readonly number[], most = 9): ZeroLogAxis {
  const positive = values.filter((value) => value > 0).map(Math.log10);
  const hasZero = positive.length < values.length;
  const [least, largest] = extentOf(positive) ?? [0, 0];
  const [low, high] = [Math.floor(least + 1e-9), Math.ceil(largest - 1e-9)];
  const step = Math.max(1, Math.ceil((high - low + 1) / most));
  const powers = positive.length === 0 ? [] : steps(low, high, step);
  const ticks = powers.map((power) => ({ at: power, label: powerText(power) }));
  const zeroAt = low - step;
  return {
    at: (value) => (value === 0 ? zeroAt : Math.log10(value)),
    domain: [hasZero ? zeroAt : low, Math.max(high, low + 1)],
    ticks: hasZero ? [{ at: zeroAt, label: "0" }, ...ticks] : ticks,
    gap: hasZero && positive.length > 0 ? low - step / 2 : null,
  };
}

const steps = (low: number, high: number, step: number): number[] =>
  Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => low + i * step);

/** Where the ticks stand, as an axis of a plot wants it. */
export const placesOf = ({ ticks }: ZeroLogAxis): number[] => ticks.map(({ at }) => at);

/** What stands at a tick. */
export const labelsOf =
  ({ ticks }: ZeroLogAxis): ((place: number) => string) =>
  (place) =>
    ticks.find(({ at }) => at === place)?.label ?? "";
