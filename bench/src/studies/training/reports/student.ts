/** Bounds of Student's distribution, for intervals of means of few runs. */

/** The share of the distribution within -t and t, in closed form for a whole number of degrees of freedom. */
function shareWithin(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const isOdd = degrees % 2 === 1;
  let [term, sum] = [isOdd ? cosine : 1, 0];
  for (let power = isOdd ? 1 : 0; power <= degrees - 2; power += 2) {
    sum += term;
    term *= (cosine * cosine * (power + 1)) / (power + 2);
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}

/**
 * The t with the share `level` of Student's distribution within -t and t.
 *
 * @param level - between 0 and 1, such as 0.95
 * @param degrees - of freedom, a whole number from 1 on
 * @example
 * studentBound(0.95, 4) // 2.7764
 */
export function studentBound(level: number, degrees: number): number {
  let [low, high] = [0, 1];
  while (shareWithin(high, degrees) < level) high *= 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (shareWithin(middle, degrees) < level) low = middle;
    else high = middle;
  }
  return high;
}
