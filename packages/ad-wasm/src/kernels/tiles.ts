// Square tiles of elements that change rows with columns.
import { type Expression, load, op, shuffle } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import type { Step } from "./boxes.ts";
import type { Place } from "./runs.ts";

/** The bytes of a shuffle by words of 4 bytes, from 0 to 7. */
const words = (a: Expression, b: Expression, ...order: readonly number[]): Expression =>
  shuffle(
    a,
    b,
    order.flatMap((word) => [0, 1, 2, 3].map((byte) => 4 * word + byte)),
  );

/** The columns of a square of elements whose rows are vectors. */
function transposed(f: FunctionBuilder, rows: readonly Local[]): Expression[] {
  const [a, b, c, d] = rows as [Local, Local, Local, Local];
  if (rows.length === 2) return [words(a, b, 0, 1, 4, 5), words(a, b, 2, 3, 6, 7)];
  const pairs = [words(a, b, 0, 4, 1, 5), words(c, d, 0, 4, 1, 5), words(a, b, 2, 6, 3, 7), words(c, d, 2, 6, 3, 7)];
  const [low, high, lower, higher] = pairs.map((pair) => f.let(pair)) as [Local, Local, Local, Local];
  return [
    words(low, high, 0, 1, 4, 5),
    words(low, high, 2, 3, 6, 7),
    words(lower, higher, 0, 1, 4, 5),
    words(lower, higher, 2, 3, 6, 7),
  ];
}

/** A matrix of elements: one axis lies dense in the result, the other one in the source. */
export interface Tiled {
  /** The axis along which the result is dense. */
  readonly column: Step;
  /** The axis along which the source is dense. */
  readonly row: Step;
  readonly bytes: 4 | 8;
}

/** How many elements a tile is wide. */
export const tileWidth = (bytes: 4 | 8): 2 | 4 => (bytes === 4 ? 4 : 2);

/** Copies a tile. Places have room for offsets behind them, none is negative. */
function copyTile(f: FunctionBuilder, { column, row, bytes }: Tiled, from: Place, to: Place): void {
  const n = tileWidth(bytes);
  const rows = Array.from({ length: n }, (_, i) => f.let(load("v128.load", from.base, from.offset + i * column.from)));
  transposed(f, rows).forEach((vector, i) => {
    f.store("v128.store", to.base, vector, to.offset + i * row.to);
  });
}

/** Where tiles begin along an axis: the last one may begin before the one in front of it ends. */
const startsOf = (size: number, n: number): number[] =>
  Array.from({ length: Math.ceil(size / n) }, (_, i) => Math.min(i * n, size - n));

/** Copies a matrix that is no smaller than a tile. */
export function copyTiles(f: FunctionBuilder, tiled: Tiled, from: Place, to: Place): void {
  const { column, row, bytes } = tiled;
  const n = tileWidth(bytes);
  const copyColumns = (source: Place, target: Place): void => {
    for (const start of startsOf(row.size, n)) {
      const [offset, toOffset] = [source.offset + start * bytes, target.offset + start * row.to];
      copyTile(f, tiled, { base: source.base, offset }, { base: target.base, offset: toOffset });
    }
  };
  const whole = Math.floor(column.size / n);
  const moved = [from, to].map(({ base, offset }) => ({ base: f.let(base), offset })) as [Place, Place];
  const end = f.let(op("i32.add", moved[1].base, whole * n * bytes));
  f.do(
    () => {
      copyColumns(...moved);
      f.update(moved[0].base, "i32.add", n * column.from);
      f.update(moved[1].base, "i32.add", n * bytes);
    },
    () => op("i32.ne", moved[1].base, end),
  );
  const rest = column.size - n;
  if (column.size % n === 0) return;
  copyColumns(
    { base: from.base, offset: from.offset + rest * column.from },
    { base: to.base, offset: to.offset + rest * bytes },
  );
}
