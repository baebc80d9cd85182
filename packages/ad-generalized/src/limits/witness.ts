// Looking for points that take a way which no straight direction takes: along x + t d + t^2 e, as t falls to 0.
import type { LinearSolver } from "../geometry/solver.ts";
import type { Model } from "../model/model.ts";
import type { Branch, Switch } from "../model/record.ts";
import type { Above, Settled } from "./settled.ts";

/** A curve that leaves the point: `x + t d + t^2 e`. */
export interface Curve {
  readonly direction: Float64Array;
  readonly bend: Float64Array;
}

/** Steps at which a curve has to take the way. */
const steps = [2 ** -8, 2 ** -10, 2 ** -12, 2 ** -14, 2 ** -16];
/** Where the curvature is measured. */
const probe = 2 ** -10;
/** How many directions are tried. */
const tries = 12;
/** Entries of the bend are at most this large. */
const reach = 64;

/** The branch that stands at a rank when values are put in order. */
function branchAt(branches: readonly Branch[], rank: number, valueOf: (branch: Branch) => number): Branch {
  return branches.toSorted((a, b) => valueOf(a) - valueOf(b))[rank] as Branch;
}

/** Whether a point takes the way: at each rank stands one of the branches that the way has there. */
function takes(switches: readonly Switch[], { groups }: Settled, valueOf: (branch: Branch) => number): boolean {
  return switches.every(({ branches, taken }) =>
    taken.every(({ rank, variable }) => groups.get(variable)?.includes(branchAt(branches, rank, valueOf)) === true),
  );
}

const along = ({ direction, bend }: Curve, t: number): Float64Array =>
  direction.map((v, i) => t * v + t * t * (bend[i] as number));

function isTaken(model: Model, settled: Settled, curve: Curve): boolean {
  return steps.every((t) => {
    const valueOf = model.beside(along(curve, t));
    return valueOf !== null && takes(model.switches, settled, valueOf);
  });
}

/** A direction that breaks none of the conditions to first order and keeps as many as it can, pulled one way. */
function boundary(solver: LinearSolver, rows: readonly Float64Array[], pull: Float64Array): Float64Array {
  const size = pull.length;
  const one = (i: number): Float64Array => Float64Array.from(rows, (_, j) => (i === j ? -1 : 0));
  const { values } = solver.maximize({
    objective: Float64Array.of(...pull, ...rows.map(() => 1)),
    rows: rows.map((row, i) => Float64Array.of(...row, ...one(i))),
    lower: new Float64Array(rows.length),
    upper: new Float64Array(rows.length).fill(Infinity),
    columnLower: Float64Array.of(...new Float64Array(size).fill(-1), ...rows.map(() => 0)),
    columnUpper: new Float64Array(size + rows.length).fill(1),
  });
  return Float64Array.from(values.subarray(0, size), (v) => Math.round(v * 2 ** 20) / 2 ** 20);
}

/** By how much conditions hold at a point, when each side is read as the largest of its branches. */
const excess = ({ upper, lower }: Above, valueOf: (branch: Branch) => number): number =>
  Math.max(...upper.map(valueOf)) - Math.max(...lower.map(valueOf));

/** How a curve has to bend so that conditions which its direction leaves at 0 hold too. */
function bendFor(solver: LinearSolver, model: Model, order: readonly Above[], d: Float64Array): Float64Array | null {
  const valueOf = model.beside(d.map((v) => v * probe));
  if (valueOf === null) return null;
  const rows = order.map(({ row }) => Float64Array.of(...row, -1));
  const { status, values } = solver.maximize({
    objective: Float64Array.of(...new Float64Array(d.length), 1),
    rows,
    lower: Float64Array.from(order, (above) => -excess(above, valueOf) / probe ** 2),
    upper: new Float64Array(rows.length).fill(Infinity),
    columnLower: Float64Array.of(...new Float64Array(d.length).fill(-reach), -1),
    columnUpper: Float64Array.of(...new Float64Array(d.length).fill(reach), 1),
  });
  return status === "optimal" && (values.at(-1) as number) > 0 ? values.slice(0, -1) : null;
}

/** A curve along which points take a way, as far as numbers show at small steps; null when none was found. */
export function findCurve(
  solver: LinearSolver,
  model: Model,
  settled: Settled,
  pulls: readonly Float64Array[],
): Curve | null {
  const rows = settled.order.map(({ row }) => row);
  for (const pull of pulls.slice(0, tries)) {
    const direction = boundary(solver, rows, pull);
    const bend = bendFor(solver, model, settled.order, direction);
    if (bend && isTaken(model, settled, { direction, bend })) return { direction, bend };
  }
  return null;
}
