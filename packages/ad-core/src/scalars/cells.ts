// The memory of a recording: the code and the value of each cell, and room that doubles.
import { AdError } from "../errors/adError.ts";
import { type Handle, opcodes, wordsPerCell } from "./opcodes.ts";

const firstRoom = 1024;

/** The arrays of a recording: four words and one value for each cell that they have room for. */
export interface CellArrays {
  readonly code: Int32Array;
  readonly value: Float64Array;
}

/** Where the arrays of a recording come from. */
export interface ScalarStore {
  /** Arrays that nothing else uses, with room for this many cells or more. */
  allocate(cells: number): CellArrays;
}

/** Arrays of the host. */
const hostStore: ScalarStore = {
  allocate: (cells) => ({ code: new Int32Array(wordsPerCell * cells), value: new Float64Array(cells) }),
};

/** Cells under construction. A cell that was written never changes, so that programs may look at the same arrays. */
export class Cells {
  /** Four words for each cell: what it is, and its operands. */
  code: Int32Array;
  value: Float64Array;
  /** How many cells the arrays have room for. */
  room: number;
  length = 0;
  /** Set when a later recording has taken the arrays. */
  isTaken = false;
  readonly store: ScalarStore;

  constructor(store: ScalarStore = hostStore, { code, value }: CellArrays = store.allocate(firstRoom)) {
    [this.store, this.code, this.value, this.room] = [store, code, value, value.length];
  }

  grow(): void {
    this.checkOwn();
    const { code, value } = this.store.allocate(2 * this.room);
    code.set(this.code);
    value.set(this.value);
    [this.code, this.value, this.room] = [code, value, value.length];
  }

  /** Cells in the same arrays, to be written from the beginning; whoever looks at these ones is stopped. */
  takeOver(): Cells {
    this.checkOwn();
    const next = new Cells(this.store, { code: this.code, value: this.value });
    Object.assign(this, { code: new Int32Array(0), value: new Float64Array(0), length: 0, room: 0, isTaken: true });
    return next;
  }

  checkOwn(): void {
    if (!this.isTaken) return;
    throw new AdError({
      code: "data",
      where: "scalarBuilder",
      problem: "the memory of a recording was given to a later one",
      expected: "a program that no builder was started over",
      got: "one that was",
      remedy: "record it again, or start the later builder without over",
    });
  }

  /** A cell that holds a number and has no operands. */
  leaf(op: number, value: number): Handle {
    const i = this.length;
    if (i === this.room) this.grow();
    this.length = i + 1;
    this.code[i << 2] = op;
    this.value[i] = value;
    return i;
  }

  /** An instruction of one operand; its value is still to be written. */
  unary(op: number, a: Handle): Handle {
    const i = this.length;
    if ((a | 0) !== a || a < 0 || a >= i) this.refuse(a);
    if (i === this.room) this.grow();
    this.length = i + 1;
    const { code } = this;
    const word = i << 2;
    code[word] = op;
    code[word + 1] = a;
    return i;
  }

  /** An instruction of two operands; its value is still to be written. */
  binary(op: number, a: Handle, b: Handle): Handle {
    const i = this.length;
    if ((a | 0) !== a || a < 0 || a >= i) this.refuse(a);
    if ((b | 0) !== b || b < 0 || b >= i) this.refuse(b);
    if (i === this.room) this.grow();
    this.length = i + 1;
    const { code } = this;
    const word = i << 2;
    code[word] = op;
    code[word + 1] = a;
    code[word + 2] = b;
    return i;
  }

  choice(condition: Handle, a: Handle, b: Handle): Handle {
    this.check(condition);
    const i = this.binary(opcodes.select, a, b);
    this.setThird(i, condition);
    this.value[i] = this.value[this.value[condition] !== 0 ? a : b] as number;
    return i;
  }

  /** Writes the last word of a cell: a condition, or a place in a table. */
  setThird(i: Handle, c: number): void {
    this.code[(i << 2) + 3] = c;
  }

  check(handle: Handle): void {
    if ((handle | 0) !== handle || handle < 0 || handle >= this.length) this.refuse(handle);
  }

  /** Refuses the first of these that is no handle. */
  refuseAny(...handles: readonly unknown[]): never {
    const isHandle = (handle: unknown): boolean =>
      typeof handle === "number" && handle >>> 0 === handle && handle < this.length;
    this.refuse(handles.find((handle) => !isHandle(handle)));
  }

  refuse(handle: unknown): never {
    this.checkOwn();
    throw new AdError({
      code: "data",
      where: "scalarBuilder",
      problem: "an operand is not a handle of this builder",
      expected: this.length === 0 ? "a handle that it returned" : `a whole number from 0 to ${this.length - 1}`,
      got: typeof handle === "number" ? String(handle) : `${typeof handle} ${String(handle)}`,
      remedy: "pass what its methods return; wrap a number with constant",
      details: { handle },
    });
  }
}
