// A recorded scalar program: the object of the theory, as data.
import { once } from "../primitives/maps.ts";
import type { Cells } from "./cells.ts";
import { evaluate } from "./evaluate.ts";
import { cellsIn, type Handle, opAt, opcodes, type ScalarCode } from "./opcodes.ts";
import type { ScalarOperation } from "./operations.ts";
import { ScalarPoint } from "./point.ts";
import { countPassed } from "./positions.ts";
import type { SiteRuns } from "./sites.ts";

/** A program used as one instruction of another. */
export interface ScalarCall {
  readonly program: ScalarProgram;
  /** One cell for each input of the program. */
  readonly operands: Int32Array;
  /** Cells of the called program whose values stand in the cells after the call, in this order. */
  readonly results: Int32Array;
}

/** What was looked at while recording: another answer stops a run. */
export interface ScalarGuard {
  readonly condition: Handle;
  /** Whether the number was not 0, for a branch; the number itself, where a kernel looked at it. */
  readonly expected: boolean | number;
}

/** Everything that a scalar program is. */
export interface ScalarData {
  /** Cells in the order of their computation: inputs, constants, instructions and results of calls. */
  readonly code: ScalarCode;
  readonly inputs: Int32Array;
  /** Cells may be named more than once, and may be inputs or constants. */
  readonly outputs: Int32Array;
  readonly constants: Int32Array;
  /** Operations with settings or of users, by the word `c` of their instructions. */
  readonly others: readonly ScalarOperation[];
  /** Called programs, by the word `c` of their instructions. */
  readonly calls: readonly ScalarCall[];
  readonly guards: readonly ScalarGuard[];
  readonly sites: SiteRuns;
  /** 1, or one more than the highest level of a called program. */
  readonly level: number;
  /** Number of instructions, those inside calls counted. */
  readonly length: number;
}

/**
 * A straight-line program of scalar instructions. Immutable; made by a {@link ScalarBuilder}, by `flatten` or by
 * `scalarize`, and run at any point.
 */
export class ScalarProgram implements ScalarData {
  readonly words: ScalarCode;
  /** The recording's own arrays, at which `words` looks. */
  readonly memory: Cells;
  readonly inputs: Int32Array;
  readonly outputs: Int32Array;
  readonly constants: Int32Array;
  readonly others: readonly ScalarOperation[];
  readonly calls: readonly ScalarCall[];
  readonly guards: readonly ScalarGuard[];
  readonly sites: SiteRuns;
  readonly level: number;
  readonly length: number;
  /** The point at which it was recorded, whose values are known already. */
  readonly recorded: ScalarPoint;
  /** For each cell, how many instructions a run passes before it. */
  readonly positions: () => Int32Array;

  constructor(data: ScalarData, values: Float64Array, called: readonly ScalarPoint[], memory: Cells) {
    this.words = data.code;
    this.memory = memory;
    this.inputs = data.inputs;
    this.outputs = data.outputs;
    this.constants = data.constants;
    this.others = data.others;
    this.calls = data.calls;
    this.guards = data.guards;
    this.sites = data.sites;
    this.level = data.level;
    this.length = data.length;
    this.recorded = new ScalarPoint(this, values, called);
    this.positions = once(() => countPassed(this));
  }

  get code(): ScalarCode {
    this.memory.checkOwn();
    return this.words;
  }

  /**
   * Runs the program at another point.
   *
   * Cost: the program's own instructions, once.
   *
   * @param x - one number for each input, in the order in which they were recorded
   * @returns the values, from which both modes start
   * @throws AdError "shape" for another number of inputs; "data" for what is no number; "guard" when a branch that was
   *   taken while recording would not be taken here
   */
  at(x: ArrayLike<number>): ScalarPoint {
    return evaluate(this, x);
  }

  /** Number of cells: inputs, constants and what instructions compute. */
  get cells(): number {
    return cellsIn(this.code);
  }

  isConstant(cell: Handle): boolean {
    return opAt(this.code, cell) === opcodes.constant;
  }
}
