import { describe, expect, test } from "vitest";
import { errorOf, wrong } from "../../laws/refusals.ts";
import {
  add,
  atKink,
  atSite,
  checkpoint,
  customDerivative,
  elementary,
  exp,
  first,
  floor,
  grad,
  greater,
  hessian,
  hessianVector,
  isTrue,
  jacobianForward,
  jacobianReverse,
  jvp,
  last,
  linearize,
  mul,
  neg,
  not,
  programFromJson,
  programToJson,
  relu,
  simplify,
  sin,
  sum,
  type Tensor,
  tensor,
  trace,
  valueAndGrad,
  vjp,
  where,
} from "../index.ts";
import { lengthOf, stepAt, typeAt } from "./program.ts";

const bits = (x: Tensor): number[] => Array.from(x.data);

const x = tensor([-1, 0, 2]);
const dx = tensor([1, 2, 3]);
const vector = (v: Tensor): Tensor => mul(relu(v, { site: "act" }), sin(v));
const loss = (v: Tensor): Tensor => sum(vector(v));

describe("transforms of a program", () => {
  const program = trace(loss, [x]);
  const vectorProgram = trace(vector, [x]);

  test.each([first, last, atKink(0.25)])("give the bits of the function under selection %#", (selection) => {
    const options = { select: { relu: selection } };
    expect(bits(grad(program, options)(x))).toEqual(bits(grad(loss, options)(x)));
    expect(valueAndGrad(program, options)(x).map(bits)).toEqual(valueAndGrad(loss, options)(x).map(bits));
    expect(jvp(program, [x], [dx], options).map(bits)).toEqual(jvp(loss, [x], [dx], options).map(bits));
    expect(bits(linearize(program, [x], options)[1](dx))).toEqual(bits(linearize(loss, [x], options)[1](dx)));
    expect(vjp(vectorProgram, [x], options)[1](dx).map(bits)).toEqual(vjp(vector, [x], options)[1](dx).map(bits));
    expect(bits(hessian(program, [x], options))).toEqual(bits(hessian(loss, [x], options)));
    expect(bits(hessianVector(program, [x], [dx], options))).toEqual(bits(hessianVector(loss, [x], [dx], options)));
    for (const jacobian of [jacobianForward, jacobianReverse])
      expect(bits(jacobian(vectorProgram, [x], options))).toEqual(bits(jacobian(vector, [x], options)));
    expect(bits(grad(checkpoint(program), options)(x))).toEqual(bits(grad(checkpoint(loss), options)(x)));
  });

  test("see the sites of the program, behind the site of the call", () => {
    const at = tensor([0]);
    const one = trace((v: Tensor) => sum(relu(v, { site: "act" })), [at]);
    expect(bits(grad(one, { select: { "relu@act": last } })(at))).toEqual([1]);
    const named = (v: Tensor): Tensor => atSite("net", () => one(v));
    expect(bits(grad(named, { select: { "relu@net/act": last } })(at))).toEqual([1]);
    expect(errorOf(() => grad(one, { select: { "relu@other": last } })(at)).code).toBe("selection");
  });

  test("differentiate with respect to any argument, trees included", () => {
    const f = (p: { w: Tensor; b: Tensor }, v: Tensor): Tensor => sum(add(mul(p.w, v), p.b));
    const args = [{ w: tensor([2]), b: tensor([1]) }, tensor([5])] as const;
    const traced = trace(f, [...args]);
    const { w, b } = grad(traced)(...args) as { w: Tensor; b: Tensor };
    expect([w, b].map(bits)).toEqual([[5], [1]]);
    expect(bits(grad(traced, { wrt: 1 })(...args) as unknown as Tensor)).toEqual([2]);
  });

  test("differentiate recorded gradients again", () => {
    const gradient = trace(
      grad((v: Tensor) => mul(mul(v, v), v)),
      [tensor(1)],
    );
    expect(bits(gradient(tensor(2)))).toEqual([12]);
    expect(bits(grad(gradient)(tensor(2)))).toEqual([12]);
    expect(bits(grad(grad(gradient))(tensor(2)))).toEqual([6]);
  });
});

describe("a replay with another branch", () => {
  const f = (v: Tensor): Tensor => (isTrue(greater(exp(v), 1, { site: "test" })) ? mul(v, 2) : neg(v));
  const program = trace((v: Tensor) => atSite("step", () => f(v)), [tensor(3)]);

  test("stops with an error that names guard, operation and site", () => {
    const error = errorOf(() => program(tensor(-3)));
    expect(error.code).toBe("guard");
    expect(error.where).toBe("program");
    expect(error.details).toEqual({
      guard: 0,
      condition: 2,
      operation: "less@step/test",
      expected: "true",
      got: "false",
    });
    expect(error.message).toMatchInlineSnapshot(
      `"program: the condition of guard 0 (%2 = less@step/test) differs from the recording: expected true, got false; trace the function again at these arguments"`,
    );
  });

  test("names an input", () => {
    const branch = trace((c: Tensor) => (isTrue(c) ? c : neg(c)), [tensor(3)]);
    expect(errorOf(() => branch(tensor(0))).details).toMatchObject({ condition: 0, operation: "input" });
  });

  test.each([
    ["grad", () => grad(program)(tensor(-3))],
    ["jvp", () => jvp(program, [tensor(-3)], [tensor(1)])],
    ["hessian", () => hessian(program, [tensor(-3)])],
    ["trace", () => trace(program, [tensor(-3)])],
    ["grad inside trace", () => trace(grad(program), [tensor(-3)])],
    ["checkpoint", () => grad(checkpoint(program))(tensor(-3))],
  ])("stops under %s too", (_name, body) => {
    expect(errorOf(body).code).toBe("guard");
  });

  test("goes through where the branch is the same", () => {
    expect(bits(grad(program)(tensor(3)))).toEqual([2]);
    expect(bits(trace(program, [tensor(3)])(tensor(4)))).toEqual([8]);
  });

  test("keeps its guards when it is traced again", () => {
    const again = trace((v: Tensor) => program(mul(v, -1)), [tensor(-3)]);
    expect(again.guards).toHaveLength(1);
    expect(errorOf(() => again(tensor(3))).details).toMatchObject({ operation: "less@step/test" });
  });

  test("keeps a condition until its guard, also behind its last use as an operand", () => {
    const late = (v: Tensor, c: Tensor): Tensor => {
      const [one, two] = [greater(v, 0), not(c)];
      const y = where(one, where(two, v, 2), neg(v));
      return isTrue(one) && isTrue(c) ? add(y, 1) : y;
    };
    const program = trace(late, [tensor(1), tensor(true)]);
    expect(program.guards.map(({ after }) => after)).toEqual([5, 5]);
    expect(bits(program(tensor(5), tensor(true)))).toEqual([3]);
    expect(errorOf(() => program(tensor(5), tensor(false))).details).toMatchObject({ guard: 1, operation: "input" });
  });
});

describe("wrong arguments", () => {
  const program = trace((p: { a: Tensor }, v: Tensor) => add(p.a, v), [{ a: tensor([1, 2]) }, tensor([3, 4])]);
  const a = tensor([1, 2]);

  test.each([
    ["another shape", "shape", [{ a: tensor([1]) }, a]],
    ["another rank", "shape", [{ a }, tensor([[1, 2]])]],
    ["another dtype", "dtype", [{ a }, tensor([1, 2], { dtype: "f32" })]],
    ["another key", "data", [{ b: a }, a]],
    ["a further key", "data", [{ a, b: a }, a]],
    ["a tensor instead of a tree", "data", [a, a]],
    ["too few arguments", "data", [{ a }]],
    ["too many arguments", "data", [{ a }, a, a]],
    ["no arguments", "data", []],
    ["no tensor", "data", [{ a: "text" }, a]],
  ] as const)("%s is an error", (_says, code, args) => {
    const error = errorOf(() => (program as (...list: unknown[]) => unknown)(...args));
    expect([error.code, error.where]).toEqual([code, "program"]);
  });

  test("inside a transform are the same errors", () => {
    expect(errorOf(() => grad((v: Tensor) => sum(program({ a: v }, v)))(tensor([1, 2, 3]))).code).toBe("shape");
    expect(errorOf(() => trace((v: Tensor) => program(wrong(v), v), [a])).code).toBe("data");
  });
});

describe("the data of a program", () => {
  const program = trace((v: Tensor) => add(mul(v, 2), v), [x]);

  test("says each instruction, its operands and its type", () => {
    expect(lengthOf(program)).toBe(2);
    const { primitive, ...step } = stepAt(program, 1);
    expect(primitive.name).toBe("add");
    expect(step).toEqual({ params: null, site: "", operands: [1, 0], shape: [3], dtype: "f64" });
    expect([-1, 0, 1, 2].map((place) => typeAt(program, place).shape)).toEqual([[3], [3], [3], [3]]);
  });

  test("cannot be reassigned", () => {
    expect(Object.isFrozen(program)).toBe(true);
  });

  test("shares equal types, records, settings and sites", () => {
    const many = trace((v: Tensor) => relu(relu(relu(v, { site: "a" }), { site: "a" })), [x]);
    const { types, primitives, params, sites } = many.tables;
    expect([types.length, primitives.length, params.length, sites]).toEqual([1, 1, 1, ["a", ""]]);
  });
});

describe("a function with a derivative of its own", () => {
  const rules = {
    vjp: (_args: unknown, _y: unknown, gy: Tensor) => [gy],
    jvp: (_a: unknown, _y: unknown, [d]: [Tensor]) => d,
  };
  const cases: [string, (v: Tensor) => Tensor][] = [
    ["around a function with another derivative", customDerivative((v: Tensor) => mul(v, v), rules)],
    ["around a function without derivative", customDerivative((v: Tensor) => floor(v), rules)],
    ["among other operations", (v) => exp(customDerivative((u: Tensor) => floor(u), rules)(mul(v, 2)))],
    ["inside a checkpoint", checkpoint(customDerivative((v: Tensor) => floor(v), rules))],
  ];

  test.each(cases)("keeps its value in a program, %s", (_says, f) => {
    const program = trace(f, [tensor(2.5)]);
    for (const at of [tensor(3.5), tensor(-0)]) {
      expect(bits(program(at))).toEqual(bits(f(at)));
      expect(bits(simplify(program)(at))).toEqual(bits(f(at)));
      expect(bits(programFromJson<[Tensor], Tensor>(programToJson(program))(at))).toEqual(bits(f(at)));
    }
  });

  test.each(cases)("is not differentiated by another rule when its program is, %s", (_says, f) => {
    const program = trace(f, [tensor(2.5)]);
    for (const p of [program, simplify(program)]) {
      expect(errorOf(() => grad(p)(tensor(2.5))).code).toBe("unsupported");
      expect(errorOf(() => jvp(p, [tensor(2.5)], [tensor(1)])).code).toBe("unsupported");
      expect(errorOf(() => trace(grad(p), [tensor(2.5)])).code).toBe("unsupported");
    }
  });

  test.each(cases)("has its derivative in a program that records the gradient, %s", (_says, f) => {
    const at = tensor(3.25);
    expect(bits(trace(grad(f), [tensor(2.5)])(at))).toEqual(bits(grad(f)(at)));
    const pushed = (v: Tensor): Tensor => jvp(f, [v], [tensor(1)])[1];
    expect(bits(trace(pushed, [tensor(2.5)])(at))).toEqual(bits(pushed(at)));
  });

  test("is a constant like others for arguments that are not asked for", () => {
    const round = customDerivative((v: Tensor) => floor(v), rules);
    const program = trace((a: Tensor, b: Tensor) => mul(a, round(b)), [tensor(1), tensor(1)]);
    expect(bits(grad(program)(tensor(5), tensor(2.5)))).toEqual([2]);
    expect(errorOf(() => grad(program, { wrt: 1 })(tensor(5), tensor(2.5))).code).toBe("unsupported");
  });
});

describe("a user's own operation", () => {
  const cube = elementary("demo/cube", {
    arity: 1,
    value: (m, a) => m.mul(a, m.square(a)),
    partials: [(m, _y, a) => m.mul(m.constant(3), m.square(a))],
  });
  const program = trace((v: Tensor) => cube(v), [tensor(2)]);

  test("is recorded by its name and differentiated", () => {
    expect(stepAt(program, 0).primitive.name).toBe("demo/cube");
    expect(bits(program(tensor(3)))).toEqual([27]);
    expect(bits(grad(program)(tensor(3)))).toEqual([27]);
  });

  test("goes through JSON when its record is passed", () => {
    const json = programToJson(program);
    expect(errorOf(() => programFromJson(json)).code).toBe("parse");
    for (const primitives of [[cube.primitive], program.tables.primitives]) {
      const loaded = programFromJson<[Tensor], Tensor>(json, { primitives });
      expect(bits(grad(loaded)(tensor(3)))).toEqual([27]);
    }
  });

  test("that shares its name with another one is not written down", () => {
    const twin = elementary("demo/cube", { arity: 1, value: (m, a) => m.neg(a), partials: [(m) => m.constant(-1)] });
    const both = trace((v: Tensor) => add(cube(v), twin(v)), [tensor(2)]);
    expect(bits(both(tensor(2)))).toEqual([6]);
    expect(errorOf(() => programToJson(both)).code).toBe("unsupported");
  });
});
