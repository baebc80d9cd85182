// Groups of threads of a kernel.

/** How many groups there are along each axis. */
export type Groups = readonly [number, number, number];

/** Threads that gpu.js puts in a group. */
const groupSize = 64;

/** Groups of a kernel of gpu.js: a device has only so many along one axis. */
export function groupsOf(size: number, most: number): Groups {
  const groups = Math.ceil(size / groupSize);
  if (groups <= most) return [groups, 1, 1];
  const rows = Math.ceil(groups / most);
  return [Math.ceil(groups / rows), rows, 1];
}

/** Threads along the first axis, by which a kernel of gpu.js finds its element. */
export const threadsAcross = ([across]: Groups): number => across * groupSize;
