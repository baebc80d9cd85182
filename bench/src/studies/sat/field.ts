/** Two elements of the field of backpropagation at a point, in polynomial time. */
import { argumentsAt, type Network, type Row } from "./network.ts";

/** A unit of a layer of relus, both counted from 0. */
export interface Unit {
  readonly layer: number;
  readonly unit: number;
}

/** A product `M_1' D_1 M_2' ... D_{L-1} M_L'`, with the slopes on the diagonals that make it. */
export interface FieldElement {
  readonly diagonals: readonly (readonly number[])[];
  readonly gradient: readonly number[];
}

/** One element, and another one, unless there is no other. */
export interface FieldPair {
  /** Every slope at 0 is 0. */
  readonly first: FieldElement;
  readonly second: FieldElement | null;
  /** The units with slope 1 at 0 in the second element, from the output to the inputs. */
  readonly path: readonly Unit[];
}

/** Sums up cells of the layer below, each weighted. */
function combine(rows: readonly Row[], cells: Iterable<readonly [number, number]>): Map<number, number> {
  const total = new Map<number, number>();
  for (const [unit, slope] of cells)
    for (const [cell, weight] of rows[unit] as Row) total.set(cell, (total.get(cell) ?? 0) + slope * weight);
  return total;
}

/** The product of a network with slopes on the diagonals. */
export function elementOf(network: Network, diagonals: readonly (readonly number[])[]): FieldElement {
  let cells: Iterable<readonly [number, number]> = [[0, 1]];
  for (let layer = network.length - 1; layer >= 0; layer--) {
    const slopes = diagonals[layer - 1];
    const sums = combine(network[layer]?.rows ?? [], cells);
    cells = slopes ? [...sums].map(([cell, sum]) => [cell, sum * (slopes[cell] as number)] as const) : sums;
  }
  const gradient = new Array<number>(network[0]?.columns ?? 0).fill(0);
  for (const [cell, value] of cells) gradient[cell] = value + 0;
  return { diagonals, gradient };
}

/** Free units that a node reaches through units with slope 1 alone, and whether inputs are reached so. */
interface Reached {
  readonly units: readonly Unit[];
  readonly isInput: boolean;
}

/** Sums all paths from a unit down to the first free units and to the inputs: sums that cancel reach nothing. */
function reachedFrom(network: Network, signs: readonly (readonly number[])[], from: Unit): Reached {
  const units: Unit[] = [];
  let cells = combine(network[from.layer]?.rows ?? [], [[from.unit, 1]]);
  for (let layer = from.layer - 1; layer >= 0; layer--) {
    const alive = [...cells].filter(([, sum]) => sum !== 0);
    const signOf = (cell: number): number => signs[layer]?.[cell] as number;
    units.push(...alive.filter(([cell]) => signOf(cell) === 0).map(([unit]) => ({ layer, unit })));
    cells = combine(
      network[layer]?.rows ?? [],
      alive.filter(([cell]) => signOf(cell) > 0),
    );
  }
  return { units, isInput: [...cells.values()].some((sum) => sum !== 0) };
}

const nameOf = ({ layer, unit }: Unit): string => `${layer}:${unit}`;

/** A shortest path from the output over free units to an input; null where there is none. */
function shortestPath(network: Network, signs: readonly (readonly number[])[]): Unit[] | null {
  const seen = new Set<string>();
  const output = { layer: network.length - 1, unit: 0 };
  const next = (unit: Unit, path: readonly Unit[]): Unit[][] => {
    const fresh = reachedFrom(network, signs, unit).units.filter((one) => !seen.has(nameOf(one)));
    for (const one of fresh) seen.add(nameOf(one));
    return fresh.map((one) => [...path, one]);
  };
  for (let paths = next(output, []); paths.length > 0; ) {
    const ends = paths.find((path) => reachedFrom(network, signs, path.at(-1) as Unit).isInput);
    if (ends) return ends;
    paths = paths.flatMap((path) => next(path.at(-1) as Unit, path));
  }
  return null;
}

/**
 * Two different elements of the field of backpropagation at a point, where every slope of a relu at 0 may be anything
 * from 0 to 1; or the only element.
 *
 * Along a shortest path from the output over units at 0, with slope 1 there and 0 at all others, exactly one product is
 * added to the element whose slopes at 0 are all 0. Without a path all elements are that one. At the origin all units are
 * free, and the search looks at each weight twice at most.
 */
export function twoElements(network: Network, x: readonly number[]): FieldPair {
  const signs = argumentsAt(network, x)
    .slice(0, -1)
    .map((layer) => layer.map(Math.sign));
  const fixed = signs.map((layer) => layer.map((sign) => (sign > 0 ? 1 : 0)));
  const path = shortestPath(network, signs);
  const first = elementOf(network, fixed);
  if (path === null) return { first, second: null, path: [] };
  const chosen = new Set(path.map(nameOf));
  const slopes = fixed.map((row, layer) => row.map((slope, unit) => (chosen.has(nameOf({ layer, unit })) ? 1 : slope)));
  return { first, second: elementOf(network, slopes), path };
}
