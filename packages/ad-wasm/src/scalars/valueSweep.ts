// The sweep that computes values.
import { opcodes } from "@nonsmooth/ad-core/machines";
import { constant, type Expression, load, op, select } from "../encoding/expression.ts";
import { call, type FunctionRef, type Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { Formulas, hasCall, Variables } from "./formulas.ts";
import { inputs } from "./rules.ts";
import { bytesPerCell, Cases, cellAt, indexOf, leaves, numberAt, operandAt, plainRules, words } from "./tape.ts";

/** Where a cell and the values are. */
interface Place {
  readonly module: ModuleBuilder;
  readonly variables: Variables;
  readonly values: Local;
  /** The address of the cell's words, and that of its value. */
  readonly cell: Local;
  readonly target: Local;
}

/** Adds the cases of the rules with calls, or of those without. */
function addRules(cases: Cases, { module, variables, values, cell, target }: Place, areCalls: boolean): void {
  for (const [operation, rule] of plainRules()) {
    if (hasCall(rule.value) !== areCalls) continue;
    cases.add([operation], () => {
      variables.release();
      const read = (input: number): Expression =>
        operandAt(values, cell, input === inputs.a ? words.first : words.second);
      variables.f.store("f64.store", target, new Formulas(module, variables, read).number(rule.value));
    });
  }
}

function addSelection(cases: Cases, { variables: { f }, values, cell, target }: Place): void {
  cases.add([opcodes.select], () => {
    const [a, b] = [words.first, words.second].map((word) => load("i32.load", cell, word)) as [Expression, Expression];
    const chosen = select(op("f64.ne", operandAt(values, cell, words.third), 0), a, b);
    f.store("f64.store", target, load("f64.load", numberAt(values, chosen)));
  });
}

/** `(code, values, from, end)`: computes cells up to `end`, or to the first that needs a call; returns where it stopped. */
function runValues(module: ModuleBuilder): FunctionRef {
  return module.function("run values", ["i32", "i32", "i32", "i32"], "i32", (f, ...params) => {
    const [code, values, from, end] = params as [Local, Local, Local, Local];
    const place = {
      ...{ module, variables: new Variables(f), values },
      ...{ cell: f.let(cellAt(code, from)), target: f.let(numberAt(values, from)) },
    };
    const [last, operation] = [f.let(cellAt(code, end)), f.local("i32")];
    const cases = new Cases();
    cases.add(leaves, () => {});
    addSelection(cases, place);
    addRules(cases, place, false);
    f.while(
      () => op("i32.lt_u", place.cell, last),
      () => {
        f.set(operation, load("i32.load", place.cell));
        cases.write(f, operation, () => f.return(indexOf(place.cell, code)));
        f.update(place.cell, "i32.add", bytesPerCell);
        f.update(place.target, "i32.add", 8);
      },
    );
    f.result(end);
  });
}

/** `(code, values, i)`: computes one cell whose function is a call; 0 when it is none of these. */
function stepValues(module: ModuleBuilder): FunctionRef {
  return module.function("step values", ["i32", "i32", "i32"], "i32", (f, ...params) => {
    const [code, values, i] = params as [Local, Local, Local];
    const [cell, target] = [f.let(cellAt(code, i)), f.let(numberAt(values, i))];
    const cases = new Cases();
    addRules(cases, { module, variables: new Variables(f), values, cell, target }, true);
    cases.write(f, f.let(load("i32.load", cell)), () => f.return(constant("i32", 0)));
    f.result(constant("i32", 1));
  });
}

/** `(code, values, from, end)`: computes cells up to `end`, or to the first that is left aside; returns where it stopped. */
export function valueSweep(module: ModuleBuilder): FunctionRef {
  const [run, step] = [runValues(module), stepValues(module)];
  return module.function("sweep values", ["i32", "i32", "i32", "i32"], "i32", (f, ...params) => {
    const [code, values, from, end] = params as [Local, Local, Local, Local];
    f.do(
      () => {
        f.set(from, call(run, code, values, from, end));
        f.if(op("i32.eq", from, end), () => f.return(end));
        f.if(op("i32.eqz", call(step, code, values, from)), () => f.return(from));
        f.update(from, "i32.add", 1);
      },
      () => constant("i32", 1),
    );
    f.result(end);
  });
}
