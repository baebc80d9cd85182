// What the words of a cell mean.

/** Index of a cell: what stands for a number while a scalar program is being recorded. */
export type Handle = number;

/** Cells that are no plain operation; those follow from `plain` on, in the order of the generated list of names. */
export const opcodes = {
  input: 0,
  constant: 1,
  /** A result of the call that stands before it. */
  result: 2,
  /** Calls a program; the cell holds no number, the cells after it hold the results. */
  call: 3,
  /** A statement from the program's own table: with settings, or a user's. */
  other: 4,
  select: 5,
  plain: 6,
} as const;

/**
 * All cells in one array, four words for each: the number of the operation, the operands `a` and `b`, and `c`, which is
 * the condition of a selection, or an index into the table of calls or of other operations. Words that an operation does
 * not use mean nothing.
 */
export type ScalarCode = Int32Array;

/** Words of one cell. The sweeps write this as a shift by two. */
export const wordsPerCell = 4;

/** How many cells there are. */
export const cellsIn = (code: ScalarCode): number => code.length / wordsPerCell;

/** The number of a cell's operation. */
export const opAt = (code: ScalarCode, i: Handle): number => code[wordsPerCell * i] as number;

/** The first operand. */
export const firstAt = (code: ScalarCode, i: Handle): Handle => code[wordsPerCell * i + 1] as Handle;

/** The second operand. */
export const secondAt = (code: ScalarCode, i: Handle): Handle => code[wordsPerCell * i + 2] as Handle;

/** The condition, or the index into a table. */
export const thirdAt = (code: ScalarCode, i: Handle): number => code[wordsPerCell * i + 3] as number;
