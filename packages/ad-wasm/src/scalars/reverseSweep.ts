// The sweep of reverse mode.
import { opcodes } from "@nonsmooth/ad-core/machines";
import { constant, type Expression, load, op, select } from "../encoding/expression.ts";
import { call, type FunctionBuilder, type FunctionRef, type Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { type Deposit, handOn } from "./cell.ts";
import { Formulas, hasCall, Variables } from "./formulas.ts";
import { inputs, partialNodes, type Rule } from "./rules.ts";
import { bytesPerCell, Cases, cellAt, indexOf, leaves, numberAt, operandAt, plainRules, words } from "./tape.ts";

/** Where a cell, its cotangent, and those of all cells are. */
interface Place {
  readonly module: ModuleBuilder;
  readonly variables: Variables;
  readonly values: Local;
  readonly cotangents: Local;
  /** The address of the cell's words. */
  readonly cell: Local;
  /** The address of its cotangent, and how far its value is from there. */
  readonly source: Local;
  readonly distance: Local;
  /** Its cotangent, which in memory is 0 already. */
  readonly g: Local;
  /** How far the operands are from the first cell, in bytes. */
  readonly offsets: readonly [Local, Local];
  readonly target: Local;
}

function placeIn(module: ModuleBuilder, f: FunctionBuilder, params: readonly Local[]): Place {
  const [code, values, cotangents, from] = params as [Local, Local, Local, Local];
  const made = { cell: f.let(cellAt(code, from)), source: f.let(numberAt(cotangents, from)) };
  const distance = f.let(op("i32.sub", values, cotangents));
  const offsets = [f.local("i32"), f.local("i32")] as const;
  const rest = { distance, offsets, g: f.local("f64"), target: f.local("i32") };
  return { module, variables: new Variables(f), values, cotangents, ...made, ...rest };
}

/** Takes the cotangent out of memory, so that all are 0 behind the sweep. */
const clear = ({ variables: { f }, source }: Place): void => f.store("f64.store", source, 0);
const putBack = ({ variables: { f }, source, g }: Place): void => f.store("f64.store", source, g);

/** Adds to the cotangent of an operand whose offset is known. */
const depositTo =
  ({ variables: { f }, cotangents, offsets, target }: Place): Deposit =>
  (operand, name, term) => {
    f.set(target, op("i32.add", cotangents, offsets[operand] as Local));
    f.store("f64.store", target, op(name, load("f64.load", target), term));
  };

function readOffsets({ variables: { f }, cell, offsets }: Place, { arity }: Rule): void {
  for (const [k, word] of [words.first, words.second].slice(0, arity).entries())
    f.set(offsets[k] as Local, op("i32.shl", load("i32.load", cell, word), 3));
}

/** Adds the cases of the rules with calls, or of those without. */
function addRules(cases: Cases, place: Place, areCalls: boolean, atTie: () => void): void {
  const { module, variables, values, source, distance, offsets, g } = place;
  for (const [operation, rule] of plainRules()) {
    const nodes = partialNodes(rule);
    if (nodes.some(hasCall) !== areCalls) continue;
    cases.add([operation], () => {
      if (nodes.length === 0) return;
      variables.release();
      readOffsets(place, rule);
      const read = (input: number): Expression =>
        input === inputs.y
          ? load("f64.load", op("i32.add", source, distance))
          : load("f64.load", op("i32.add", values, offsets[input] as Local));
      const formulas = new Formulas(module, variables, read);
      handOn({ variables, formulas, g, isNonzero: true, deposit: depositTo(place), atTie }, rule);
    });
  }
}

function addSelection(cases: Cases, place: Place): void {
  const { variables, values, cell, offsets, g } = place;
  cases.add([opcodes.select], () => {
    const [a, b] = [words.first, words.second].map((word) => load("i32.load", cell, word)) as [Expression, Expression];
    const chosen = select(op("f64.ne", operandAt(values, cell, words.third), 0), a, b);
    variables.f.set(offsets[0], op("i32.shl", chosen, 3));
    depositTo(place)(0, "f64.add", g);
  });
}

/**
 * `(code, values, cotangents, from, end)`: hands on cotangents backwards down to `end`, or to the first cell that needs a
 * call; returns where it stopped, `end - 1` when it is done.
 */
function runReverse(module: ModuleBuilder): FunctionRef {
  return module.function("run reverse", ["i32", "i32", "i32", "i32", "i32"], "i32", (f, ...params) => {
    const [code, , , , end] = params as [Local, Local, Local, Local, Local];
    const place = placeIn(module, f, params);
    const { cell, source, g } = place;
    const [last, operation] = [f.let(cellAt(code, end)), f.local("i32")];
    const stop = (): void => f.return(indexOf(cell, code));
    const stopBefore = (): void => {
      putBack(place);
      stop();
    };
    const cases = new Cases();
    cases.add(leaves, () => putBack(place));
    addSelection(cases, place);
    addRules(cases, place, false, stopBefore);
    f.while(
      () => op("i32.ge_u", cell, last),
      () => {
        f.set(g, load("f64.load", source));
        f.if(
          op("f64.ne", g, 0),
          () => {
            clear(place);
            f.set(operation, load("i32.load", cell));
            cases.write(f, operation, stopBefore);
          },
          () => f.if(op("i32.eq", load("i32.load", cell), opcodes.call), stop),
        );
        f.update(cell, "i32.sub", bytesPerCell);
        f.update(source, "i32.sub", 8);
      },
    );
    f.result(op("i32.sub", end, 1));
  });
}

/** `(code, values, cotangents, i)`: hands on the cotangent of one cell whose partials are calls; 0 when it is none of these. */
function stepReverse(module: ModuleBuilder): FunctionRef {
  return module.function("step reverse", ["i32", "i32", "i32", "i32"], "i32", (f, ...params) => {
    const place = placeIn(module, f, params);
    const stopBefore = (): void => {
      putBack(place);
      f.return(constant("i32", 0));
    };
    f.set(place.g, load("f64.load", place.source));
    clear(place);
    const cases = new Cases();
    addRules(cases, place, true, stopBefore);
    cases.write(f, f.let(load("i32.load", place.cell)), stopBefore);
    f.result(constant("i32", 1));
  });
}

/**
 * `(code, values, cotangents, from, end)`: hands on cotangents backwards down to `end`, or to the first cell that is left
 * aside, whose cotangent is still in its place; returns where it stopped, `end - 1` when it is done. Cotangents that were
 * handed on are 0; those of inputs, constants and results of calls stay.
 */
export function reverseSweep(module: ModuleBuilder): FunctionRef {
  const [run, step] = [runReverse(module), stepReverse(module)];
  return module.function("sweep reverse", ["i32", "i32", "i32", "i32", "i32"], "i32", (f, ...params) => {
    const [code, values, cotangents, from, end] = params as [Local, Local, Local, Local, Local];
    f.do(
      () => {
        f.set(from, call(run, code, values, cotangents, from, end));
        f.if(op("i32.lt_s", from, end), () => f.return(from));
        f.if(op("i32.eqz", call(step, code, values, cotangents, from)), () => f.return(from));
        f.update(from, "i32.sub", 1);
      },
      () => constant("i32", 1),
    );
    f.result(from);
  });
}
