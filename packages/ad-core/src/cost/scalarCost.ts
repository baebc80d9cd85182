// The model count of a scalar program: the theory's own object, instruction by instruction.
import { checkSettings } from "../errors/messages.ts";
import { instructionsOf, type ScalarInstruction } from "../scalars/instructions.ts";
import type { ScalarProgram } from "../scalars/program.ts";
import { atomOf, type Elementary, elementaryOf, type Role } from "./dictionary.ts";
import { type ModelReport, modelReport } from "./modelReport.ts";
import { type Prices, pricesOf } from "./prices.ts";
import { addSums, noSums, type Sums, sumsOf } from "./tally.ts";

/**
 * What a scalar program and its derivatives cost in the model: sums over its instructions, and bounds for all programs
 * made of the same ones.
 *
 * A call costs what the called program costs, so that writing out calls changes nothing: derivatives pass straight
 * through it. Constants of the program are numbers; what compares only carries no derivative.
 *
 * @param program - of any level
 * @param options - `prices` of additions, products and everything nonlinear; 1 each when absent
 * @returns costs of one evaluation, of both modes, and of as many tangents as there are inputs; ratios and bounds
 * @throws AdError "domain" for a price that is not positive
 * @see [BBPP23] the cost model of programs
 * @example
 * const b = scalarBuilder();
 * const [x, y] = [b.input(1), b.input(2)];
 * const { evaluate, backward, omegaB } = scalarCost(b.program([b.add(b.mul(x, y), b.relu(x))]));
 * [evaluate, backward, omegaB] // [3, 13, 5]
 */
export function scalarCost(program: ScalarProgram, options: { readonly prices?: Partial<Prices> } = {}): ModelReport {
  checkSettings("scalarCost", options, ["prices"]);
  const prices = pricesOf("scalarCost", options.prices);
  const count = new ScalarCount(prices);
  count.run(
    program,
    Array.from(program.inputs, (): Role => "active"),
  );
  return modelReport({ sums: count.sums, used: count.used.values() }, prices, program.inputs.length);
}

/** Adds up a program and the programs that it calls. */
class ScalarCount {
  readonly prices: Prices;
  readonly used: Map<string, Elementary> = new Map();
  sums: Sums = noSums;

  constructor(prices: Prices) {
    this.prices = prices;
  }

  /** Counts a program whose inputs have these roles; returns the roles of its cells. */
  run(program: ScalarProgram, inputs: readonly Role[]): Role[] {
    const roles: Role[] = [];
    for (const cell of program.constants) roles[cell] = "constant";
    for (const [k, cell] of program.inputs.entries()) roles[cell] = inputs[k] as Role;
    for (const instruction of instructionsOf(program)) {
      const operands = instruction.operands.map((cell) => roles[cell] as Role);
      const { call, index } = instruction;
      if (call) {
        const inner = this.run(call.program, operands);
        for (const [k, cell] of call.results.entries()) roles[index + 1 + k] = inner[cell] as Role;
      } else roles[index] = this.note(this.elementaryAt(instruction, operands), operands);
    }
    return roles;
  }

  elementaryAt({ statement }: ScalarInstruction, roles: readonly Role[]): Elementary {
    return statement ? elementaryOf(statement, roles, this.prices) : atomOf("select", roles, this.prices);
  }

  /** Adds one function; returns the role of its result. */
  note(entry: Elementary, operands: readonly Role[]): Role {
    this.sums = addSums(this.sums, sumsOf(entry));
    this.used.set(`${entry.value} ${entry.derived} ${entry.edges}`, entry);
    if (entry.edges > 0) return "active";
    return operands.every((role) => role === "constant") ? "constant" : "passive";
  }
}
