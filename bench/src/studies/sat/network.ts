/** Networks of relu layers with whole weights, kept as the weights that are not 0. */
import { AdError, matmul, relu, reshape, type Tensor, tensor } from "@nonsmooth/ad-core";

/** The weights of one unit that are not 0. */
export type Row = readonly (readonly [cell: number, weight: number])[];

/** A matrix of weights: one row for each unit. */
export interface Matrix {
  readonly columns: number;
  readonly rows: readonly Row[];
}

/** `F(x) = M_L relu(M_{L-1} ... relu(M_1 x))`, with one output. */
export type Network = readonly Matrix[];

/** Entries of dense matrices, zeros included, that a program may have: 256 MiB of them. */
const most = 2 ** 25;

const unitValue = (row: Row, cells: readonly number[]): number =>
  row.reduce((sum, [cell, weight]) => sum + weight * (cells[cell] as number), 0);

/** The arguments of each layer of relus, and the value last. */
export function argumentsAt(network: Network, x: readonly number[]): number[][] {
  const found: number[][] = [];
  let cells = x;
  for (const { rows } of network) {
    const values = rows.map((row) => unitValue(row, cells));
    found.push(values);
    cells = values.map((v) => Math.max(0, v));
  }
  return found;
}

/** The value at a point. */
export const valueAt = (network: Network, x: readonly number[]): number =>
  argumentsAt(network, x).at(-1)?.[0] as number;

function dense({ rows, columns }: Matrix): Tensor {
  const data = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    for (const [cell, weight] of row) data[i * columns + cell] = weight;
  });
  return tensor(data, { shape: [rows.length, columns] });
}

function checkSize(network: Network): void {
  const entries = network.reduce((total, { rows, columns }) => total + rows.length * columns, 0);
  if (entries <= most) return;
  const [problem, expected] = ["the matrices are too large", `at most ${most} entries, zeros included`];
  const remedy = "take a formula with fewer clauses";
  throw new AdError({ code: "domain", where: "study sat", problem, expected, got: `${entries}`, remedy });
}

/** The network as a program of the engine, from `[inputs]` to a scalar. */
export function programOf(network: Network): (x: Tensor) => Tensor {
  checkSize(network);
  const matrices = network.map(dense);
  const last = matrices.length - 1;
  return (x) => {
    const value = matrices.reduce((cells, m, i) => (i < last ? relu(matmul(m, cells)) : matmul(m, cells)), x);
    return reshape(value, []);
  };
}
