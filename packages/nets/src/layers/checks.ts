// Settings and shapes that a layer refuses, before anything is drawn or computed.
import { AdError, type Shape } from "@nonsmooth/ad-core";

/** A setting that means nothing. */
export function settingError(
  where: string,
  name: string,
  expected: string,
  value: unknown,
  remedy = "choose another",
): AdError {
  const problem = `${name} out of range`;
  const got = Array.isArray(value) ? JSON.stringify(value) : String(value);
  return new AdError({ code: "domain", where, problem, expected, got, remedy, details: { name, value } });
}

/** A setting that must be a number within bounds. */
export function checkBetween(
  where: string,
  name: string,
  value: number,
  [low, high]: readonly [number, number],
): number {
  if (Number.isFinite(value) && value >= low && value <= high) return value;
  const expected = high === Infinity ? "a finite number" : `a number up to ${high}`;
  throw settingError(where, name, low === -Infinity ? expected : `${expected}, from ${low} on`, value);
}

/** A shape that a layer cannot take. */
export function inputError(where: string, expected: string, got: Shape, remedy: string): AdError {
  const [problem, shown] = ["the input does not fit", JSON.stringify(got) ?? "nothing"];
  return new AdError({ code: "shape", where, problem, expected, got: shown, remedy, details: { shapes: [got] } });
}

/** A shape of some ranks, whatever the sizes. */
export function checkRank(where: string, inputShape: Shape, expected: string, ranks: readonly number[]): void {
  if (Array.isArray(inputShape) && ranks.includes(inputShape.length)) return;
  throw inputError(
    where,
    expected,
    inputShape,
    "shapes are without the axis of the batch; flatten and conv2d change ranks",
  );
}
