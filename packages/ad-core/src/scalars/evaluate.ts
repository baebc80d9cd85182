// Running a scalar program at a point.
import { doubles } from "../arithmetic/numbers.ts";
import { AdError } from "../errors/adError.ts";
import { checkNumbers } from "./checks.ts";
import { operationAt } from "./instructions.ts";
import { firstAt, type Handle, opAt, opcodes, secondAt, thirdAt } from "./opcodes.ts";
import type { ScalarOperation } from "./operations.ts";
import { ScalarPoint } from "./point.ts";
import type { ScalarCall, ScalarGuard, ScalarProgram } from "./program.ts";
import { joined, siteAt } from "./sites.ts";
import { runValues, stepValues } from "./values.generated.ts";

/** The value of a statement. */
export const valueOf = ({ statement }: ScalarOperation, a: number, b: number): number =>
  statement.value(doubles, a, statement.arity === 2 ? b : a);

/** Runs a program; `site` is where a program that calls it says it is. */
export function evaluate(program: ScalarProgram, x: ArrayLike<number>, site = ""): ScalarPoint {
  checkNumbers("ScalarProgram.at", "inputs", x, program.inputs.length);
  const { code, inputs } = program;
  const values = program.recorded.values.slice();
  for (let k = 0; k < inputs.length; k++) values[inputs[k] as number] = x[k] as number;
  const called: ScalarPoint[] = [];
  for (let i = 0; i < values.length; i++) {
    i = runValues(code, values, i, values.length);
    if (i === values.length || stepValues(code, values, i)) continue;
    if (opAt(code, i) === opcodes.call) called.push(runCall(program, values, i, site));
    else values[i] = otherValue(program, values, i);
  }
  const point = new ScalarPoint(program, values, called);
  checkGuards(point, site);
  return point;
}

/** The value of a cell that the sweeps leave aside and that is no call. */
export function otherValue(program: ScalarProgram, values: Float64Array, i: Handle): number {
  const { code } = program;
  return valueOf(operationAt(program, i), values[firstAt(code, i)] as number, values[secondAt(code, i)] as number);
}

/** Runs a called program, and writes its results into the cells after the call. */
export function runCall(caller: ScalarProgram, values: Float64Array, i: Handle, outer: string): ScalarPoint {
  const { program, operands, results } = caller.calls[thirdAt(caller.code, i)] as ScalarCall;
  const x = Float64Array.from(operands, (cell) => values[cell] as number);
  const inner = evaluate(program, x, joined(outer, siteAt(caller.sites, i)));
  for (let k = 0; k < results.length; k++) values[i + 1 + k] = inner.values[results[k] as number] as number;
  return inner;
}

/** The name of what a cell holds, for messages. */
function nameAt(program: ScalarProgram, i: number): string {
  const op = opAt(program.code, i);
  if (op === opcodes.input) return "input";
  if (op === opcodes.select) return "select";
  return op === opcodes.result ? "call" : operationAt(program, i).name;
}

/** Stops where an answer differs from the recording; `site` is where a program that calls this one says it is. */
export function checkGuards(point: ScalarPoint, site = ""): void {
  for (const guard of point.program.guards) checkGuard(point, guard, site);
}

function checkGuard({ program, values }: ScalarPoint, { condition, expected }: ScalarGuard, outer: string): void {
  const value = values[condition] as number;
  const found = typeof expected === "number" ? value : value !== 0;
  if (found === expected || (Number.isNaN(found) && Number.isNaN(expected))) return;
  const site = joined(outer, siteAt(program.sites, condition));
  const operation = `${nameAt(program, condition)}${site === "" ? "" : `@${site}`}`;
  const what = typeof expected === "number" ? "a number that a kernel looked at" : "the condition of a branch";
  throw new AdError({
    code: "guard",
    where: "ScalarProgram.at",
    problem: `${what} (%${condition} = ${operation}) differs from the recording`,
    expected: String(expected),
    got: String(found),
    remedy: "record the program again at these inputs",
    details: { condition, operation, site },
  });
}
