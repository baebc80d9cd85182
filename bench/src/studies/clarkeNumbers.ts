/** Small lists of numbers, as the study of Clarke elements needs them. */

/** More entries than this are not listed. */
const few = 8;

/** Entries where they are few; null else. */
export const listed = (a: readonly number[]): readonly number[] | null => (a.length <= few ? a : null);

/** Inner product. */
export const inner = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, v, i) => sum + v * (b[i] as number), 0);

/** Euclidean norm. */
export const normOf = (a: readonly number[]): number => Math.sqrt(inner(a, a));
