import { describe, expect, test } from "vitest";
import { errorOf, wrong } from "../../laws/refusals.ts";
import { type Handle, type ScalarBuilder, type ScalarProgram, scalarBuilder } from "../index.ts";
import { scalarKinks } from "./scalarKinks.ts";

const record = (at: number[], body: (b: ScalarBuilder, x: Handle[]) => Handle): ScalarProgram => {
  const b = scalarBuilder();
  return b.program([
    body(
      b,
      at.map((value) => b.input(value)),
    ),
  ]);
};

const unary = (body: (b: ScalarBuilder, x: Handle) => Handle, at = 1): ScalarProgram =>
  record([at], (b, [x = 0]) => body(b, x));

describe("the status of a scalar program", () => {
  test.each<[string, ScalarProgram, number[], number]>([
    ["smooth", unary((b, x) => b.relu(x)), [3], 3],
    ["another branch than recorded", unary((b, x) => b.relu(x)), [-3], 2],
    ["a tie", unary((b, x) => b.relu(x)), [0], 1],
    ["a tie of -0", unary((b, x) => b.relu(x)), [-0], 1],
    ["a tie of two inputs", record([1, 2], (b, [x = 0, y = 0]) => b.maximum(x, y)), [5, 5], 1],
    ["a tie with settings", unary((b, x) => b.apply("leakyRelu", [x], 0.5)), [0], 1],
    ["a jump", unary((b, x) => b.sign(x)), [0], 0],
    ["a jump of a comparison", unary((b, x) => b.select(b.less(x, b.constant(2)), x, b.neg(x))), [2], 0],
    ["no derivative", unary((b, x) => b.sqrt(x)), [0], -2],
    ["no derivative in one operand", unary((b, x) => b.pow(x, b.constant(0.5))), [0], -2],
    ["a derivative that nobody asks for", unary((b, x) => b.pow(b.constant(-2), b.floor(x))), [1.5], -2],
    ["an infinite result", unary((b, x) => b.exp(x)), [1000], -2],
    ["numbers alone", unary((b, x) => b.add(x, b.relu(b.constant(0)))), [5], 3],
  ])("%s", (_says, program, x, status) => {
    expect(scalarKinks(program, x).status).toBe(status);
  });

  test("is -1 where a guard differs", () => {
    const program = unary((b, x) => (b.isTrue(b.less(x, b.constant(5))) ? b.square(x) : b.neg(x)));
    expect(scalarKinks(program, [4]).status).toBe(3);
    expect(scalarKinks(program, [6])).toMatchObject({ status: -1, kinks: [] });
  });

  test("is that of the worst instruction", () => {
    const program = unary((b, x) => b.add(b.relu(x), b.add(b.sign(x), b.sqrt(x))));
    expect(scalarKinks(program, [0]).kinks.map(({ name }) => name)).toEqual(["relu", "sign", "sqrt"]);
    expect(scalarKinks(program, [0]).status).toBe(-2);
  });
});

describe("the instructions on a kink", () => {
  const inner = unary((b, x) => b.atSite("act", () => b.relu(b.sub(x, b.constant(1)))), 5);
  const outer = record([3], (b, [x = 0]) =>
    b.atSite("block", () => b.add(b.call(inner, [b.neg(x)])[0] as Handle, b.abs(b.call(inner, [x])[0] as Handle))),
  );

  test("have names, sites through calls, positions and branches", () => {
    expect(scalarKinks(outer, [1]).kinks).toEqual([
      {
        name: "relu",
        site: "block/act",
        position: 4,
        type: "tie",
        count: 1,
        places: [{ index: [], branches: [0, 0], ties: 2 }],
      },
      {
        name: "abs",
        site: "block",
        position: 5,
        type: "tie",
        count: 1,
        places: [{ index: [], branches: [-0, 0], ties: 2 }],
      },
    ]);
  });

  test("are compared with the recording inside calls too", () => {
    const turned = record([3], (b, [x = 0]) => b.call(inner, [b.neg(x)])[0] as Handle);
    expect(scalarKinks(turned, [4]).status).toBe(3);
    expect(scalarKinks(turned, [-3]).status).toBe(2);
  });

  test("are more with a tolerance", () => {
    const program = unary((b, x) => b.relu(x));
    expect(scalarKinks(program, [1e-9]).status).toBe(3);
    expect(scalarKinks(program, [1e-9], { tolerance: 1e-8 }).status).toBe(1);
    expect(scalarKinks(program, [-1e-9], { tolerance: 1e-8 }).status).toBe(1);
  });
});

test("bad questions are refused", () => {
  const program = unary((b, x) => b.relu(x));
  expect(errorOf(() => scalarKinks(program, [1, 2])).code).toBe("shape");
  expect(errorOf(() => scalarKinks(program, [1], { tolerance: -1 })).code).toBe("domain");
  expect(errorOf(() => scalarKinks(program, [1], wrong({ limit: 1 }))).code).toBe("domain");
});
