/** The seed of every property test: FC_SEED when it is set, so that a failing run can be repeated, else a fixed number. */
export const seed: number = wholeNumber("FC_SEED", 20261122);

/** How many cases each property tries: FC_RUNS, or 100. */
export const numRuns: number = wholeNumber("FC_RUNS", 100);

function wholeNumber(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === "") return fallback;
  const value = Number(text);
  if (!Number.isInteger(value)) throw new Error(`${name}: expected a whole number, got "${text}"`);
  return value;
}
