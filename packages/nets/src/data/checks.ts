// Settings of the data sets, checked before any work is done.
import { AdError, type DType, realDType } from "@nonsmooth/ad-core";

/** Refuses settings that a function does not know: a misspelt one would change nothing, in silence. */
export function checkSettings(where: string, settings: object, known: readonly string[]): void {
  const odd = Object.keys(settings).filter((name) => !known.includes(name));
  if (odd.length === 0) return;
  const [expected, got] = [known.join(", "), odd.join(", ")];
  const remedy = "check the spelling";
  throw new AdError({ code: "domain", where, problem: "an unknown setting", expected, got, remedy });
}

/** A whole number of at least `least`. */
export function checkWhole(where: string, name: string, value: unknown, least: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
  throw new AdError({
    code: "domain",
    where,
    problem: `${name} out of range`,
    expected: `a whole number of at least ${least}`,
    got: String(value),
    remedy: "round it, or choose another",
    details: { name, value },
  });
}

/** A dtype that carries derivatives. */
export const checkReal = (where: string, dtype: DType): DType => realDType(where, [{ shape: [], dtype }]);
