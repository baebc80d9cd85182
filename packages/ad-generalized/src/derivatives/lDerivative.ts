// The matrix behind a lexicographic derivative.
import { AdError, type Maybe, type Tensor, tensor } from "@nonsmooth/ad-core";
import { isReal, type LikeAll } from "@nonsmooth/ad-core/transforms";
import { numbersOf } from "../sweep/numbers.ts";
import { ask, checkOptions, type DirectionOptions, type Question, readDirection } from "./asked.ts";
import { checkDirections, sweepAlong } from "./directional.ts";
import { solve } from "./solve.ts";

/** The numbers of those leaves that carry derivatives, one after the other; 0 where a tangent was never computed. */
const entries = (where: string, values: readonly Maybe[], like: readonly Tensor[]): number[] =>
  like.flatMap((y, i) => {
    const value = values[i] ?? null;
    if (!isReal(y.dtype)) return [];
    return value ? Array.from(numbersOf(where, value).data) : new Array<number>(sizeOf(y)).fill(0);
  });

const sizeOf = ({ shape }: Tensor): number => shape.reduce((n, m) => n * m, 1);

function checkSquare(where: string, count: number, size: number): void {
  if (count === size) return;
  throw new AdError({
    code: "shape",
    where,
    problem: "the directions are no basis",
    expected: `${size} directions, one for each entry of the arguments`,
    got: `${count}`,
    remedy: "add directions, or use lexicographicDerivative, which takes any number of them",
  });
}

/** The outputs, and the rows of `D` that solve `D M = Y`, one for each entry of them that carries a derivative. */
function solveFor(question: Question, directions: readonly unknown[]): [readonly Tensor[], Float64Array[]] {
  const { where, leaves } = question;
  const rows = directions.map((d, i) => entries(where, readDirection(question, `direction ${i}`, d), leaves));
  checkSquare(
    where,
    rows.length,
    leaves.filter((x) => isReal(x.dtype)).reduce((n, x) => n + sizeOf(x), 0),
  );
  const { outputs, tangents } = sweepAlong(question, directions);
  const solved = solve(rows.map((row, j) => Float64Array.of(...row, ...entries(where, tangents[j] ?? [], outputs))));
  if (!solved) {
    const [problem, expected] = ["the directions are no basis", "linearly independent directions"];
    const remedy = "pass the unit vectors, or other independent directions";
    throw new AdError({ code: "domain", where, problem, expected, got: "a singular matrix", remedy });
  }
  const width = solved[0]?.length ?? 0;
  return [outputs, Array.from({ length: width }, (_, o) => Float64Array.from(solved, (row) => row[o] as number))];
}

/** The block of one output and one argument; `take` gives the entries of a number of columns. */
function blockOf(y: Tensor, x: Tensor, take: (count: number) => number[]): Tensor {
  const shape = [...y.shape, ...x.shape];
  const columns = isReal(x.dtype) ? take(sizeOf(x)) : [];
  const data = columns.length === sizeOf(y) * sizeOf(x) ? columns : new Array<number>(sizeOf(y) * sizeOf(x)).fill(0);
  return tensor(Float64Array.from(data), { shape, dtype: isReal(y.dtype) ? y.dtype : x.dtype });
}

/** Cuts the rows of one output into a block for each argument leaf. */
function blocksOf(rows: readonly Float64Array[], y: Tensor, leaves: readonly Tensor[]): Tensor[] {
  let start = 0;
  const take = (count: number): number[] => {
    const from = start;
    start += count;
    return rows.flatMap((row) => Array.from(row.subarray(from, start)));
  };
  return leaves.map((x) => blockOf(y, x, take));
}

/**
 * The L-derivative along a basis of directions: the matrix `D` with `D M = f'(x; M)`, by solving with `M`.
 *
 * Where `f` is differentiable it is the Jacobian. For a scalar `f` it is an element of the Clarke subdifferential, and for
 * several outputs, if no Euclidean norm is at its kink, of Clarke's generalized Jacobian.
 * Cost: that of the lexicographic derivative with as many directions as the arguments have entries, and elimination.
 *
 * @param f - a function of trees of tensors, which may return any tree; it is run once
 * @param args - the arguments, in a list
 * @param directions - as many lists of trees like the arguments as these have real entries, linearly independent
 * @param options - `tolerance`: numbers that differ by no more tie (0)
 * @returns for each output tensor and argument tensor a block `[...output shape, ...argument shape]`, as a tree of
 *   outputs whose leaves are lists like the arguments
 * @throws AdError as {@link lexicographicDerivative}; "shape" for another number of directions; "domain" when they are
 *   linearly dependent
 * @see [KB13] which elements of the generalized Jacobian are found
 * @example
 * const f = (x) => max(x);
 * lDerivative(f, [tensor([0, 0])], [[tensor([0, 1])], [tensor([1, 0])]]) // [[0, 1]]
 */
export function lDerivative<Args extends readonly unknown[], Blocks = LikeAll<Args>>(
  f: (...args: Args) => unknown,
  args: readonly [...Args],
  directions: readonly LikeAll<Args>[],
  options: DirectionOptions = {},
): Blocks {
  checkOptions("lDerivative", options);
  const question = ask("lDerivative", f, args, options);
  checkDirections("lDerivative", directions);
  const [outputs, rows] = solveFor(question, directions);
  const { form, leaves, lowered } = question;
  let start = 0;
  const blocks = outputs.map((y) => {
    const size = isReal(y.dtype) ? sizeOf(y) : 0;
    const own = rows.slice(start, start + size);
    start += size;
    return form.build(blocksOf(own, y, leaves));
  });
  return lowered.form().build(blocks) as Blocks;
}
