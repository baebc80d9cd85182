import { describe, expect, test } from "vitest";
import {
  AdError,
  add,
  apply,
  checkpoint,
  exp,
  first,
  full,
  grad,
  greater,
  hashOf,
  isTrue,
  jvp,
  last,
  listing,
  max,
  mul,
  neg,
  type Program,
  random,
  records,
  relu,
  simplify,
  sin,
  sub,
  sum,
  type Tensor,
  tensor,
  trace,
  uniform,
} from "../index.ts";
import { lengthOf } from "./program.ts";

const bits = (x: Tensor): number[] => Array.from(x.data);
const operationsOf = ({ code, tables }: Program<never>): (string | undefined)[] =>
  Array.from(code.primitive, (i) => tables.primitives[i]?.name);

/** The names of the operations that are left. */
const left = (f: (v: Tensor) => unknown, at: Tensor = x): (string | undefined)[] =>
  operationsOf(simplify(trace(f, [at]) as Program<never>));

/** The product that is 0 wherever one of its factors is. */
const scaleBy = (a: Tensor, b: Tensor): Tensor => apply(records.get("scaleBy") as never, [a, b], null);

const x = tensor([-1, 0, 2]);
const zero = tensor([0, 0, 0]);

describe("dead code", () => {
  test("is dropped, with what only it needs", () => {
    const f = (v: Tensor): Tensor => {
      exp(sin(v));
      return neg(v);
    };
    expect(left(f)).toEqual(["neg"]);
  });

  test("is what neither a result nor a guard needs", () => {
    const f = (v: Tensor): Tensor => (isTrue(greater(sum(v), 10)) ? neg(v) : v);
    expect(left(f)).toEqual(["sum", "less"]);
  });

  test("takes its constants with it", () => {
    const f = (v: Tensor): Tensor => {
      add(v, 7);
      return mul(v, 2);
    };
    expect(simplify(trace(f, [x])).constants.map(bits)).toEqual([[2, 2, 2]]);
  });

  test("the primal run of a gradient that nothing needs is dropped", () => {
    expect(left((v) => grad((u: Tensor) => sum(exp(u)))(v))).toEqual(["exp", "scaleBy"]);
  });

  test("inputs stay, also when nothing needs them", () => {
    const program = simplify(trace((_a: Tensor, b: Tensor) => b, [x, tensor(1)]));
    expect(program.inputTypes).toHaveLength(2);
    expect(bits(program(x, tensor(5)))).toEqual([5]);
  });
});

describe("common subexpressions", () => {
  test("are done once", () => {
    expect(left((v) => add(exp(v), exp(v)))).toEqual(["exp", "add"]);
    expect(left((v) => add(sin(exp(v)), sin(exp(v))))).toEqual(["exp", "sin", "add"]);
  });

  test("must have the same operands in the same order", () => {
    expect(left((v) => [sub(v, exp(v)), sub(exp(v), v)])).toEqual(["exp", "sub", "sub"]);
    expect(left((v) => [mul(v, exp(v)), mul(exp(v), v)])).toEqual(["exp", "mul", "mul"]);
  });

  test("must have the same settings", () => {
    expect(left((v) => [sum(v), sum(v, { axes: 0 })])).toEqual(["sum"]);
    expect(left((v) => [sum(v, { axes: 0 }), sum(v, { axes: 1 })], tensor([[1, 2]]))).toEqual(["sum", "sum"]);
  });

  test("may speak of equal constants in different objects", () => {
    const program = simplify(trace((v: Tensor) => add(mul(v, 2), mul(v, 2)), [x]));
    expect(operationsOf(program)).toEqual(["mul", "add"]);
    expect(program.constants.map(bits)).toEqual([[2, 2, 2]]);
  });

  test("are not those whose constants differ in the sign of zero, in shape or in dtype", () => {
    expect(left((v) => [mul(v, 0), mul(v, -0)])).toEqual(["mul", "mul"]);
    const f32 = full([], 2, { dtype: "f32" });
    expect(simplify(trace(() => [tensor(2), tensor([2]), f32], [])).constants).toHaveLength(3);
  });

  test("are never those before and behind the wall of a checkpoint", () => {
    const f = grad((v: Tensor) => sum(checkpoint((u: Tensor) => mul(exp(u), sin(u)))(v)));
    const both = (v: Tensor): Tensor[] => [exp(v), f(v)];
    expect(left(both).filter((name) => name === "exp")).toHaveLength(2);
    expect(left(both)).toContain("barrier");
  });

  test("are not two walls", () => {
    const f = (v: Tensor): Tensor => grad((u: Tensor) => sum(checkpoint((w: Tensor) => exp(w))(u)))(v);
    expect(left((v) => [f(v), f(v)]).filter((name) => name === "barrier")).toHaveLength(2);
  });
});

describe("kinks", () => {
  const gradient = (selection: typeof first, f: (v: Tensor) => Tensor): ((v: Tensor) => Tensor) =>
    grad(f, { select: { relu: selection, max: selection } });
  const ramp = (v: Tensor): Tensor => sum(relu(v));
  const weightsIn = (f: (v: Tensor) => unknown): number => left(f).filter((name) => name === "tieWeights").length;

  test("with another selection stay apart", () => {
    const both = (v: Tensor): Tensor[] => [gradient(first, ramp)(v), gradient(last, ramp)(v)];
    const program = simplify(trace(both, [zero]));
    expect(weightsIn(both)).toBe(2);
    expect(program(zero).map(bits)).toEqual([
      [0, 0, 0],
      [1, 1, 1],
    ]);
  });

  test("with the same selection are one", () => {
    expect(weightsIn((v) => [gradient(uniform, ramp)(v), gradient(uniform, ramp)(v)])).toBe(1);
  });

  test("with another draw stay apart, for other seeds and for other kinks of one seed", () => {
    expect(weightsIn((v) => [gradient(random(1), ramp)(v), gradient(random(2), ramp)(v)])).toBe(2);
    const twice = (v: Tensor): Tensor => sum(add(relu(v), relu(v)));
    const program = trace(gradient(random(5), twice), [zero]);
    expect(weightsIn(gradient(random(5), twice))).toBe(2);
    expect(bits(simplify(program)(zero))).toEqual(bits(program(zero)));
  });

  test("with the same draw are one", () => {
    const drawn = gradient(random(3), (v) => max(v));
    expect(weightsIn((v) => [drawn(v), drawn(v)])).toBe(1);
  });

  test("at different sites stay apart: a selection may speak of one of them", () => {
    const f = (v: Tensor): Tensor => add(relu(v, { site: "a" }), relu(v, { site: "b" }));
    const program = simplify(trace(f, [tensor(0)]));
    expect(operationsOf(program)).toEqual(["relu", "relu", "add"]);
    for (const key of ["relu@a", "relu@b"])
      expect(bits(grad(program, { select: { [key]: last } })(tensor(0)))).toEqual([1]);
  });

  test("at one site are one", () => {
    expect(left((v) => add(relu(v, { site: "a" }), relu(v, { site: "a" })))).toEqual(["relu", "add"]);
  });

  test("keep their derivative under every selection that does not draw", () => {
    const f = (v: Tensor): Tensor => sum(mul(add(relu(v), relu(v)), exp(relu(v, { site: "a" }))));
    const [plain, simple] = [trace(f, [x]), simplify(trace(f, [x]))];
    for (const select of [{ relu: last }, { relu: uniform }, { "relu@a": last }, {}])
      expect(bits(grad(simple, { select })(zero))).toEqual(bits(grad(plain, { select })(zero)));
  });
});

describe("structural zeros", () => {
  test("are constants, with what only they need gone", () => {
    const program = simplify(trace((v: Tensor) => jvp((u: Tensor) => exp(u), [v], [zero])[1], [x]));
    expect(listing(program)).toBe("program(%0: f64[3])\n  c0 = f64[3] 0 0 0\n  return c0\n");
  });

  test("have the bits that the product has, also for -0, NaN and infinities", () => {
    const odd = tensor([NaN, -Infinity, -0, 5e-324, -1]);
    for (const sign of [0, -0]) {
      const factor = full([5], sign);
      for (const f of [(v: Tensor) => scaleBy(v, factor), (v: Tensor) => scaleBy(factor, v)]) {
        const program = trace(f, [odd]);
        expect(lengthOf(simplify(program))).toBe(0);
        expect(bits(simplify(program)(odd))).toEqual(bits(program(odd)));
      }
    }
  });

  test("are not products by a plain 0, which keep NaN and the sign", () => {
    const program = simplify(trace((v: Tensor) => mul(v, 0), [x]));
    expect(operationsOf(program)).toEqual(["mul"]);
    expect(bits(program(tensor([NaN, -1, Infinity])))).toEqual([NaN, -0, NaN]);
  });

  test("are not products whose constant has a number that is not 0", () => {
    expect(left((v) => scaleBy(v, tensor([0, 0, 5e-324])))).toEqual(["scaleBy"]);
    expect(left((v) => scaleBy(v, tensor([0, 0, NaN])))).toEqual(["scaleBy"]);
  });

  test("are not sums with 0: -0 + 0 is 0", () => {
    const program = simplify(trace((v: Tensor) => add(v, 0), [x]));
    expect(operationsOf(program)).toEqual(["add"]);
    expect(bits(program(tensor([-0, -0, -0])))).toEqual([0, 0, 0]);
  });
});

describe("guards", () => {
  const f = (v: Tensor): Tensor => {
    exp(v);
    const y = isTrue(greater(v, 0)) ? mul(v, 2) : neg(v);
    exp(neg(v));
    return isTrue(greater(y, 10)) ? neg(y) : y;
  };
  const program = simplify(trace(f, [tensor(3)]));

  test("are kept, each where it stood among what is left", () => {
    expect(listing(program)).toMatchInlineSnapshot(`
      "program(%0: f64[])
        c0 = f64[] 0
        c1 = f64[] 2
        c2 = f64[] 10
        %1  bool[]  = less(c0, %0)
        guard %1 = true
        %2  f64[]   = mul(%0, c1)
        %3  bool[]  = less(c2, %2)
        guard %3 = false
        return %2
      "
    `);
  });

  test("stop a replay as before", () => {
    expect(bits(program(tensor(4)))).toEqual([8]);
    for (const [at, guard] of [
      [-1, 0],
      [6, 1],
    ] as const) {
      try {
        program(tensor(at));
        expect.unreachable();
      } catch (error) {
        expect(error).toBeInstanceOf(AdError);
        expect((error as AdError).details).toMatchObject({ guard });
      }
    }
  });
});

describe("a simplified program", () => {
  const programs = [
    trace((v: Tensor) => grad((u: Tensor) => sum(mul(exp(u), relu(u))))(v), [x]),
    trace((v: Tensor) => jvp((u: Tensor) => sin(exp(u)), [v], [zero])[1], [x]),
    trace((v: Tensor) => jvp((u: Tensor) => mul(exp(u), sin(u)), [v], [zero]), [x]),
    trace((v: Tensor) => add(mul(v, 2), mul(v, 2)), [x]),
  ] as Program<never>[];

  test.each(programs)("is simple: simplifying it again changes nothing (%#)", (program) => {
    const once = simplify(program);
    expect(listing(simplify(once))).toBe(listing(once));
    expect(hashOf(simplify(once))).toBe(hashOf(once));
  });

  test("has the forms of the program, and leaves the program as it was", () => {
    const program = trace((p: { a: Tensor }) => [exp(p.a), exp(p.a)], [{ a: x }]);
    const before = hashOf(program);
    const simple = simplify(program);
    expect(simple({ a: zero }).map(bits)).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ]);
    expect(hashOf(program)).toBe(before);
    expect(lengthOf(simple)).toBe(1);
  });
});
