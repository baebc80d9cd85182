// Times of what answers with a promise.

/** Milliseconds of one run after the other, until so many were made, or so much time has passed. */
export async function samplesOf(step: () => Promise<unknown>, most: number, mostMs: number): Promise<number[]> {
  const [found, end] = [[] as number[], performance.now() + mostMs];
  while (found.length < most && (found.length < 1 || performance.now() < end)) {
    const start = performance.now();
    await step();
    found.push(performance.now() - start);
  }
  return found;
}
