/** Every operation and its derivatives, at odd shapes and under choices at kinks, on every mode at hand. */
import {
  add,
  grad,
  jvp,
  last,
  random,
  records,
  type Select,
  sum,
  type Tensor,
  type Tree,
  trace,
  uniform,
} from "@nonsmooth/ad-core";
import { expectByStep, kinkedRecords, type Question } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { agreement } from "./agreement.ts";
import { onEachMachine } from "./machines.ts";
import { type RecordCase, recordCases } from "./recordCases.ts";

/** A choice that takes one branch, one that mixes, and one that draws. */
const choices: readonly Select[] = [last, uniform, random(3)].map((choice) =>
  Object.fromEntries(kinkedRecords.flatMap(({ name, kink }) => (kink?.type === "tie" ? [[name, choice]] : []))),
);

const leaves = (tree: Tree): Tensor[] => (Array.isArray(tree) ? tree.flatMap(leaves) : [tree as Tensor]);
const isReal = ({ dtype }: Tensor): boolean => dtype === "f32";

/** Value, and both derivatives where there are any, in the order of the inputs that are real. */
function questionsOf({ name, f, args }: RecordCase): Question[] {
  const real = args.flatMap((arg, i) => (isReal(arg) ? [i] : []));
  const parts = leaves(f(...args));
  const value = { what: name, program: trace(f as (...args: Tree[]) => Tree, [...args]), args };
  if (real.length === 0 || !parts.some(isReal)) return [value];
  const total = (...inputs: Tensor[]): Tensor =>
    leaves(f(...inputs))
      .filter(isReal)
      .map((part) => sum(part))
      .reduce((a, b) => add(a, b));
  const record = (what: string, derivative: (...inputs: Tensor[]) => unknown): Question => ({
    ...{ what: `${what} of ${name}`, args },
    program: trace(derivative as (...inputs: Tree[]) => Tree, [...args]),
  });
  const slopes = choices.map((select, k) =>
    record(`gradient ${k}`, (...inputs) => (grad(total, { select, wrt: real } as never) as typeof total)(...inputs)),
  );
  const select = choices[1] as Select;
  return [value, ...slopes, record("tangent", (...inputs) => jvp(f as typeof total, inputs, [...args], { select }))];
}

await onEachMachine(({ machine, numerics }) => {
  test.each(recordCases.map((one) => [one.name, one] as const))("%s", async (_name, one) => {
    for (const question of questionsOf(one)) await expectByStep(machine, question, agreement(numerics));
  });
});

test("every record has a case", () => {
  const met = new Set(
    recordCases.flatMap((one) => questionsOf(one)).flatMap(({ program }) => program.tables.primitives),
  );
  const missed = [...records.keys()].filter((name) => ![...met].some((primitive) => primitive.name === name));
  expect(missed).toEqual([]);
});
