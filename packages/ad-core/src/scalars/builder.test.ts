import { describe, expect, test } from "vitest";
import { errorOf, refuses, wrong } from "../../laws/refusals.ts";
import { exp } from "../arithmetic/real/index.ts";
import { multiplyMatrices } from "../kernels/contract.ts";
import { elementary } from "../primitives/define.ts";
import { leakyReluPrimitive } from "../primitives/kinked.ts";
import { sumPrimitive } from "../primitives/sum.ts";
import { atKink, last } from "../selections/selection.ts";
import { tensor } from "../tensors/tensor.ts";
import { type ScalarBuilder, scalarBuilder } from "./builder.ts";
import type { ScalarStore } from "./cells.ts";
import { flatten } from "./flatten.ts";
import { instructionsOf } from "./instructions.ts";
import type { Handle } from "./opcodes.ts";
import type { ScalarProgram } from "./program.ts";

const names = (program: ScalarProgram): string[] => [...instructionsOf(program)].map(({ name }) => name);

/** A program of some inputs, all 1, and one output. */
function programOf(inputs: number, body: (b: ScalarBuilder, ...x: Handle[]) => Handle): ScalarProgram {
  const b = scalarBuilder();
  return b.program([body(b, ...Array.from({ length: inputs }, () => b.input(1)))]);
}

describe("the programs of figure 1", () => {
  const p1 = programOf(3, (b, x, y, z) => b.mul(x as Handle, b.add(y as Handle, z as Handle)));
  const q1 = programOf(3, (b, x, y, z) => b.add(b.mul(x as Handle, y as Handle), b.mul(x as Handle, z as Handle)));
  const p2 = programOf(4, (b, ...x) => {
    const [a, second, c, d] = x as [Handle, Handle, Handle, Handle];
    return b.add(b.call(q1, [a, c, d])[0] as Handle, b.call(p1, [second, c, d])[0] as Handle);
  });

  test("have the levels 1, 1 and 2", () => {
    expect([p1.level, q1.level, p2.level, flatten(p2).level]).toEqual([1, 1, 2, 1]);
    expect([p1.length, q1.length, p2.length, flatten(p2).length]).toEqual([2, 3, 6, 6]);
    expect(names(flatten(p2))).toEqual(["mul", "mul", "add", "add", "mul", "add"]);
  });

  test("have the values and gradients of a(b + c), ab + ac and (a + b)(c + d)", () => {
    for (const program of [p1, q1]) {
      const point = program.at([2, 3, 5]);
      expect(point.outputs).toEqual(Float64Array.of(16));
      expect(point.reverse()).toEqual(Float64Array.of(8, 2, 2));
    }
    for (const program of [p2, flatten(p2)]) {
      const point = program.at([2, 3, 5, 7]);
      expect(point.outputs).toEqual(Float64Array.of(60));
      expect(point.reverse()).toEqual(Float64Array.of(12, 12, 5, 5));
      expect(
        point.forward([
          [1, 0, 0, 0],
          [0, 0, 1, -1],
        ]),
      ).toEqual([Float64Array.of(12), Float64Array.of(0)]);
    }
  });
});

describe("recording", () => {
  test("keeps one cell for equal constants, and tells the zeros apart", () => {
    const b = scalarBuilder();
    expect([b.constant(2), b.constant(0), b.constant(2), b.constant(-0), b.constant(NaN), b.constant(NaN)]).toEqual([
      0, 1, 0, 2, 3, 3,
    ]);
    expect(Object.is(b.value(2), -0)).toBe(true);
  });

  test("records relu as relu, and max(0, x) as a maximum", () => {
    const relu = programOf(1, (b, x) => b.relu(x as Handle)).at([0]);
    const maximum = programOf(1, (b, x) => b.maximum(b.constant(0), x as Handle)).at([0]);
    expect([relu.reverse()[0], maximum.reverse()[0]]).toEqual([0, 0.5]);
    expect(relu.reverse([1], { select: { relu: atKink(0.25), maximum: last } })[0]).toBe(0.25);
    expect(maximum.reverse([1], { select: { relu: atKink(0.25), maximum: last } })[0]).toBe(1);
  });

  test("holds operations with settings, dotted names and users' operations", () => {
    const cube = elementary("test/cube", {
      arity: 1,
      value: (m, a) => m.mul(a, m.square(a)),
      partials: [(m, _y, a) => m.mul(m.constant(3), m.square(a))],
    });
    const b = scalarBuilder();
    const x = b.input(-2);
    const cells = [b.apply(leakyReluPrimitive, [x], 0.5), b.apply("relu6.high", [x]), b.apply(cube, [x])];
    const program = b.program([
      ...cells,
      b.apply(leakyReluPrimitive, [x], 0.25),
      b.apply(leakyReluPrimitive, [x], 0.5),
    ]);
    expect(names(program)).toEqual(["leakyRelu", "relu6.high", "test/cube", "leakyRelu", "leakyRelu"]);
    expect(program.others.map(({ params }) => params)).toEqual([0.5, null, 0.25]);
    expect([...program.recorded.outputs]).toEqual([-1, -2, -8, -0.5, -1]);
    expect(program.recorded.reverse([1, 10, 100, 1000, 0])[0]).toBe(0.5 + 10 + 1200 + 250);
    expect([...program.at([0]).reverse([1, 0, 0, 0, 0], { select: { leakyRelu: last } })]).toEqual([1]);
  });

  test("goes on after a program was taken, which does not see it", () => {
    const b = scalarBuilder();
    const x = b.input(3);
    const y = b.square(x);
    const early = b.program([y]);
    for (let i = 0; i < 5000; i++) b.add(x, y);
    const late = b.program([b.mul(y, y)]);
    expect([early.length, late.length]).toEqual([1, 5002]);
    expect([early.at([2]).outputs[0], late.at([2]).reverse()[0]]).toEqual([4, 32]);
  });

  test("takes over the memory of a program, which then refuses everything", () => {
    const first = programOf(1, (b, x) => b.exp(x as Handle));
    const point = first.at([2]);
    const b = scalarBuilder({ over: first });
    const program = b.program([b.sin(b.input(0))]);
    expect(program.recorded.reverse()[0]).toBe(1);
    for (const use of [
      () => first.at([1]),
      () => point.reverse(),
      () => first.recorded.outputs,
      () => [...instructionsOf(first)],
      () => scalarBuilder({ over: first }),
    ]) {
      expect(errorOf(use).code).toBe("data");
    }
  });

  test("takes its arrays from a store, also when they are outgrown and when it is taken over", () => {
    const asked: number[] = [];
    const store: ScalarStore = {
      allocate(cells) {
        asked.push(cells);
        return { code: new Int32Array(4 * cells), value: new Float64Array(cells) };
      },
    };
    const record = (b: ScalarBuilder, steps: number): ScalarProgram => {
      let y = b.input(1);
      for (let i = 0; i < steps; i++) y = b.add(y, y);
      return b.program([y]);
    };
    const first = record(scalarBuilder({ store }), 10);
    const [least] = asked as [number];
    const second = record(scalarBuilder({ over: first }), least + 10);
    expect(asked).toEqual([least, 2 * least]);
    expect(second.at([0]).outputs[0]).toBe(0);
    expect(errorOf(() => scalarBuilder({ over: second, store })).code).toBe("domain");
    expect(second.at([0]).outputs[0]).toBe(0);
  });

  test("is an algebra for statements, and has an arithmetic for kernels", () => {
    const b = scalarBuilder();
    const row = { shape: [1, 1, 2], dtype: "f64", data: [b.input(2), b.input(3)] } as const;
    const column = { shape: [1, 2, 1], dtype: "f64", data: [b.input(5), b.input(7)] } as const;
    const program = b.program(Array.from(multiplyMatrices(b.arithmetic, row, column)));
    expect([...program.recorded.outputs]).toEqual([31]);
    expect([...program.recorded.reverse()]).toEqual([5, 7, 2, 3]);
  });
});

describe("sites", () => {
  const inner = programOf(1, (b, x) => b.atSite("deep", () => b.relu(x as Handle)));
  const b = scalarBuilder();
  const x = b.input(0);
  const plain = b.relu(x);
  const [called] = b.atSite("one", () => b.atSite("two", () => b.call(inner, [x]))) as [Handle];
  const both = b.add(
    plain,
    b.atSite("one", () => b.relu(called)),
  );
  const program = b.program([both]);

  test("stand on instructions, and before those inside calls", () => {
    expect([...instructionsOf(program)].map(({ name, site }) => `${name}@${site}`)).toEqual([
      "relu@",
      "call@one/two",
      "relu@one",
      "add@",
    ]);
    expect([...instructionsOf(flatten(program))].map(({ site }) => site)).toEqual(["", "one/two/deep", "one", ""]);
  });

  test("choose the selection: the longest first", () => {
    const gradient = (select: Record<string, ReturnType<typeof atKink>>): number =>
      program.recorded.reverse([1], { select })[0] as number;
    expect(gradient({ relu: atKink(0.5) })).toBe(0.75);
    expect(gradient({ relu: atKink(0.5), "relu@one": last })).toBe(1.5);
    expect(gradient({ relu: atKink(0.5), "relu@one": last, "relu@one/two/deep": atKink(3) })).toBe(3.5);
  });

  test("that no kink has are refused, and so are unknown names", () => {
    for (const key of ["relu@two", "rely", "test/nothing"])
      expect(errorOf(() => program.recorded.reverse([1], { select: { [key]: last } })).code).toBe("selection");
    expect(errorOf(() => program.recorded.forward([[1]], { select: { "relu@deep": last } })).code).toBe("selection");
  });
});

describe("guards", () => {
  const b = scalarBuilder();
  const [x, y] = [b.input(1), b.input(2)];
  const larger = b.atSite("choice", () => (b.isTrue(b.less(x, y)) ? y : x));
  const inner = b.program([larger]);

  test("stop a run that would branch otherwise, and say where", () => {
    expect(inner.at([3, 4]).reverse()).toEqual(Float64Array.of(0, 1));
    const error = errorOf(() => inner.at([4, 3]));
    expect(error.code).toBe("guard");
    expect(error.details).toMatchObject({ expected: "true", got: "false", operation: "less@choice", condition: 2 });
  });

  test("are kept inside calls, also where the call is nothing but an input handed on", () => {
    const outer = programOf(2, (m, a, c) =>
      m.atSite("out", () => m.call(inner, [a as Handle, m.exp(c as Handle)])[0] as Handle),
    );
    expect(outer.at([1, 2]).reverse()).toEqual(Float64Array.of(0, exp(2)));
    for (const program of [outer, flatten(outer)]) {
      expect(errorOf(() => program.at([9, 1])).details).toMatchObject({ operation: "less@out/choice" });
    }
    expect(errorOf(() => b.call(inner, [y, x])).code).toBe("guard");
  });

  test("are not left by constants", () => {
    const m = scalarBuilder();
    expect([m.isTrue(m.constant(NaN)), m.isTrue(m.constant(-0))]).toEqual([true, false]);
    expect(m.program([]).guards).toEqual([]);
  });
});

describe("what is no handle, program or number is refused at the door", () => {
  const b = scalarBuilder();
  const x = b.input(1);
  const program = b.program([b.add(x, x)]);
  const two = b.program([x, x]);
  const bad: readonly [string, unknown][] = [
    ["NaN", NaN],
    ["undefined", undefined],
    ["-1", -1],
    ["a handle of the future", 2],
    ["a fraction", 0.5],
    ["a text", "0"],
    ["a tensor", tensor(1)],
  ];
  refuses(
    "data",
    bad.flatMap(([what, handle]) => [
      [`add refuses ${what}`, "scalarBuilder", () => b.add(x, wrong(handle))],
      [`mul refuses ${what} first`, "scalarBuilder", () => b.mul(wrong(handle), x)],
      [`exp refuses ${what}`, "scalarBuilder", () => b.exp(wrong(handle))],
      [`select refuses ${what}`, "scalarBuilder", () => b.select(wrong(handle), x, x)],
      [`value refuses ${what}`, "scalarBuilder", () => b.value(wrong(handle))],
      [`apply refuses ${what}`, "scalarBuilder", () => b.apply("relu6.low", [wrong(handle)])],
      [`call refuses ${what}`, "scalarBuilder", () => b.call(program, [wrong(handle)])],
      [`program refuses ${what}`, "scalarBuilder", () => b.program([wrong(handle)])],
    ]),
  );
  refuses("data", [
    ["input refuses a text", "scalarBuilder.input", () => b.input(wrong("1"))],
    ["constant refuses null", "scalarBuilder.constant", () => b.constant(wrong(null))],
    ["call refuses what is no program", "scalarBuilder.call", () => b.call(wrong({}), [])],
    ["at refuses what is no number", "ScalarProgram.at", () => program.at([wrong("2")])],
    ["at refuses what is no list", "ScalarProgram.at", () => program.at(wrong(2))],
  ]);
  refuses("shape", [
    ["at refuses two numbers for one input", "ScalarProgram.at", () => program.at([1, 2])],
    ["reverse refuses two cotangents for one output", "ScalarPoint.reverse", () => program.recorded.reverse([1, 2])],
    ["forward refuses a direction of length 2", "ScalarPoint.forward", () => program.recorded.forward([[1, 2]])],
    ["call refuses two operands for one input", "scalarBuilder.call", () => b.call(program, [x, x])],
    ["apply refuses one operand of clamp.low", "clamp.low", () => b.apply("clamp.low", [x])],
  ]);
  refuses("missing", [
    ["reverse asks for cotangents of two outputs", "ScalarPoint.reverse", () => two.recorded.reverse()],
    ["apply asks for a slope", "leakyRelu", () => b.apply(leakyReluPrimitive, [x])],
  ]);
  refuses("unsupported", [
    ["apply refuses an unknown name", "scalarBuilder.apply", () => b.apply("rely", [x])],
    ["apply refuses a reduction", "scalarBuilder.apply", () => b.apply(sumPrimitive, [x])],
  ]);
  refuses("domain", [
    [
      "reverse refuses an unknown setting",
      "ScalarPoint.reverse",
      () => program.recorded.reverse([1], wrong({ selct: {} })),
    ],
    ["scalarBuilder refuses an unknown setting", "scalarBuilder", () => scalarBuilder(wrong({ above: program }))],
  ]);
});
