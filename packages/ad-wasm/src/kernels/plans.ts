// How a box is copied: which axes make units, which are loops, and what stands inside of them.
import { type Box, chunked, type Step, simplified } from "./boxes.ts";
import { type Tiled, tileWidth } from "./tiles.ts";

/** What stands inside of all loops: neighbours, one element repeated, one element, or a matrix. */
export type Inside =
  | { readonly kind: "run" | "splat"; readonly size: number }
  | { readonly kind: "element" }
  | { readonly kind: "tiles"; readonly tiled: Tiled };

/** A box, and the axes that are not inside. */
export interface Plan {
  readonly box: Box;
  readonly units: readonly Step[];
  readonly loops: readonly Step[];
  readonly inside: Inside;
}

/** A unit takes about so many elements; a run of more than `longest` is cut. */
const unitSize = { wanted: 512, longest: 8192 } as const;

/** Work falls into about so many units. */
const wantedUnits = 64;

/** Rows of a matrix that go together, so that a line of the cache is read once. */
const rowsTogether = 16;

/** Rows so many bytes apart share few places of the cache, so that fewer of them go together. */
const crowding = 2048;

/** Columns of a matrix that go together when there are too few rows for all threads. */
const columnsTogether = 128;

/** How many elements the axes span. */
export const countOf = (steps: readonly Step[]): number => steps.reduce((product, { size }) => product * size, 1);

/** Plans for boxes. */
export const plansOf = (boxes: readonly Box[]): Plan[] =>
  boxes.flatMap((box) => {
    const simple = simplified(box);
    return simple === null ? [] : planned(simple);
  });

function planned(box: Box): Plan[] {
  const { steps, bytes, source } = box;
  const last = steps.at(-1);
  if (last?.to !== bytes) return withUnits(box, unrollable(steps), { kind: "element" });
  if (typeof source !== "number" || last.from === 0 || last.from === bytes) {
    if (last.size > unitSize.longest) return chunked(box, steps.length - 1, unitSize.longest / 2).flatMap(planned);
    const kind = typeof source === "number" && last.from === bytes ? "run" : "splat";
    return withUnits(box, steps.slice(0, -1), { kind, size: last.size });
  }
  return bytes === 16 ? withUnits(box, unrollable(steps), { kind: "element" }) : asMatrix(box, last, bytes);
}

/** The box as a matrix that changes rows with columns, or as elements when there is no other axis to take. */
function asMatrix(box: Box, column: Step, bytes: 4 | 8): Plan[] {
  const { steps } = box;
  const n = tileWidth(bytes);
  const axis = steps.findLastIndex(({ size, from }) => from === bytes && size >= n);
  if (axis < 0 || column.size < n) return withUnits(box, unrollable(steps), { kind: "element" });
  const row = steps[axis] as Step;
  const together = row.to % crowding === 0 ? rowsTogether / 2 : rowsTogether;
  const parts = countOf(steps) / (together * column.size);
  if (parts < wantedUnits / 2 && column.size >= 2 * columnsTogether) {
    return chunked(box, steps.length - 1, columnsTogether).flatMap(planned);
  }
  if (row.size > together) return chunked(box, axis, together).flatMap(planned);
  const outer = steps.slice(0, -1).toSpliced(axis, 1);
  return withUnits(box, outer, { kind: "tiles", tiled: { row, column, bytes } });
}

/** The innermost axis by four elements at a time, where that is possible. */
function unrollable(steps: readonly Step[]): Step[] {
  const last = steps.at(-1);
  if (!last || last.size % 4 !== 0) return [...steps];
  const { size, from, to } = last;
  return [...steps.slice(0, -1), { size: size / 4, from: 4 * from, to: 4 * to }, { size: 4, from, to }];
}

/** Takes so many of the outer axes for units that each does enough and all threads have some. */
function withUnits(box: Box, outer: readonly Step[], inside: Inside): Plan[] {
  const total = countOf(box.steps);
  let taken = 0;
  let units = 1;
  while (taken < outer.length && units < wantedUnits && total / units > unitSize.wanted) {
    units *= (outer[taken++] as Step).size;
  }
  const split = { units: outer.slice(0, taken), loops: outer.slice(taken) };
  const chunk = Math.floor((unitSize.wanted * units) / total);
  const last = split.units.at(-1);
  if (!last || chunk < 2 || last.size < 2 * chunk) return [{ box, ...split, inside }];
  return chunked({ ...box, steps: outer }, taken - 1, chunk).map((part) => {
    const kept = part.steps.length > outer.length ? taken : taken - 1;
    return { box: part, units: part.steps.slice(0, kept), loops: part.steps.slice(kept), inside };
  });
}
