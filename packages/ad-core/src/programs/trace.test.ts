import { describe, expect, expectTypeOf, test } from "vitest";
import { errorOf, wrong } from "../../laws/refusals.ts";
import {
  AdError,
  add,
  apply,
  atSite,
  blend,
  cast,
  checkpoint,
  customDerivative,
  div,
  exp,
  first,
  floor,
  grad,
  greater,
  hessian,
  isTrue,
  jacobianForward,
  jvp,
  key,
  last,
  less,
  listing,
  matmul,
  max,
  mul,
  neg,
  type Program,
  randomUniform,
  relu,
  sin,
  split,
  sub,
  sum,
  type Tensor,
  tensor,
  trace,
  uniform,
  valueAndGrad,
  vjp,
} from "../index.ts";

const bits = (x: Tensor): number[] => Array.from(x.data);

/** The names of the operations of a program, in order. */
const operationsOf = ({ code, tables }: Program<never>): (string | undefined)[] =>
  Array.from(code.primitive, (i) => tables.primitives[i]?.name);

/** The sites of the instructions of a program, in order. */
const sitesOf = ({ code, tables }: Program<never>): (string | undefined)[] =>
  Array.from(code.site, (i) => tables.sites[i]);

const x = tensor([-1, 0, 2]);

describe("a traced function", () => {
  test("is a function of the same arguments and returns the same tree", () => {
    const f = ({ w, b }: { w: Tensor; b: Tensor }, [u]: [Tensor]): { y: Tensor; parts: Tensor[] } => ({
      y: add(mul(w, u), b),
      parts: [neg(b), w],
    });
    const program = trace(f, [{ w: tensor(2), b: tensor(1) }, [tensor(5)]]);
    expectTypeOf<ReturnType<typeof program>>().toEqualTypeOf<{ y: Tensor; parts: Tensor[] }>();
    const { y, parts } = program({ w: tensor(3), b: tensor(10) }, [tensor(7)]);
    expect(bits(y)).toEqual([31]);
    expect(parts.map(bits)).toEqual([[-10], [3]]);
    expect(operationsOf(program)).toEqual(["mul", "add", "neg"]);
  });

  test("takes plain numbers as scalars, among its arguments and results", () => {
    const program = trace((a: number, b: Tensor) => [mul(a, b), 4], [2, tensor(3)]);
    const [product, four] = program(5, tensor(6));
    expect([product, four].map((y) => bits(y as Tensor))).toEqual([[30], [4]]);
  });

  test("may have no arguments, and results that are arguments or constants", () => {
    const program = trace(() => [tensor(1), 2], []);
    expect(program().map(bits)).toEqual([[1], [2]]);
    expect(operationsOf(program)).toEqual([]);
    const same = trace((a: Tensor, b: Tensor) => [b, a, b], [tensor(1), tensor(2)]);
    expect(same(tensor(3), tensor(4)).map(bits)).toEqual([[4], [3], [4]]);
  });

  test("is run once and computes nothing that depends on its arguments", () => {
    let [runs, kernels] = [0, 0];
    const counted = (v: Tensor): Tensor =>
      apply(
        {
          name: "test/counted",
          shape: ([a]) => a.shape,
          forward(_k, [a]) {
            kernels++;
            return a.data;
          },
          linearize: () => [null],
          cost: () => ({}),
        },
        [v],
        null,
      );
    const program = trace(
      (v: Tensor) => {
        runs++;
        return counted(v);
      },
      [x],
    );
    expect([runs, kernels]).toEqual([1, 0]);
    expect(bits(program(x))).toEqual([-1, 0, 2]);
    expect([runs, kernels]).toEqual([1, 1]);
  });

  test("captures constants, and computes at once what does not depend on its arguments", () => {
    const w = tensor([1, 2, 3]);
    const program = trace((v: Tensor) => add(v, exp(mul(w, 0))), [x]);
    expect(operationsOf(program)).toEqual(["add"]);
    expect(program.constants.map(bits)).toEqual([[1, 1, 1]]);
  });

  test("stores a constant once that is used twice", () => {
    const w = tensor([1, 2, 3]);
    expect(trace((v: Tensor) => mul(add(v, w), w), [x]).constants).toHaveLength(1);
  });

  test("keeps the sites of operations, atSite included", () => {
    const program = trace(
      (v: Tensor) => atSite("block", () => relu(neg(relu(v, { site: "in" })), { site: "out" })),
      [x],
    );
    expect(operationsOf(program)).toEqual(["relu", "neg", "relu"]);
    expect(sitesOf(program)).toEqual(["block/in", "block", "block/out"]);
  });

  test("calls itself at the site where a program is called", () => {
    const inner = trace((v: Tensor) => relu(v, { site: "act" }), [x]);
    expect(sitesOf(trace((v: Tensor) => atSite("a", () => inner(atSite("b", () => inner(v)))), [x]))).toEqual([
      "a/b/act",
      "a/act",
    ]);
  });

  test("keeps operands in static single assignment: each comes earlier", () => {
    const { code, inputTypes } = trace((v: Tensor) => grad((u: Tensor) => sum(mul(sin(u), exp(u))))(v), [x]);
    code.primitive.forEach((_, i) => {
      const operands = Array.from(code.operands.subarray(code.operandStart[i], code.operandStart[i + 1]));
      for (const place of operands) expect(place).toBeLessThan(inputTypes.length + i);
    });
  });
});

describe("transforms inside the function", () => {
  const loss = (v: Tensor): Tensor => sum(mul(relu(v), sin(v)));

  test("grad, with its selection, becomes instructions", () => {
    for (const selection of [first, last, uniform, blend(first, last, 0.25)]) {
      const gradient = grad((v: Tensor) => sum(relu(v)), { select: { relu: selection } });
      expect(bits(trace(gradient, [x])(x))).toEqual(bits(gradient(x)));
    }
  });

  test("a selection is kept whatever is selected outside", () => {
    const inner = grad((v: Tensor) => sum(mul(v, relu(v))), { select: { relu: last } });
    const program = trace(inner, [tensor([0])]);
    const select = { relu: first };
    expect(bits(grad((v: Tensor) => sum(program(v)), { select })(tensor([0])))).toEqual([1]);
    expect(bits(grad((v: Tensor) => sum(inner(v)), { select })(tensor([0])))).toEqual([1]);
  });

  test("valueAndGrad of a tree, with a step of an optimizer", () => {
    const f = ({ w, b }: { w: Tensor; b: Tensor }): Tensor => sum(relu(add(mul(w, x), b)));
    const step = (p: { w: Tensor; b: Tensor }): { loss: Tensor; next: { w: Tensor; b: Tensor } } => {
      const [value, g] = valueAndGrad(f)(p);
      return { loss: value, next: { w: sub(p.w, mul(0.5, g.w)), b: sub(p.b, mul(0.5, g.b)) } };
    };
    const start = { w: tensor(1), b: tensor(1) };
    const { loss: value, next } = trace(step, [start])(start);
    // relu(x + 1) at -1, 0, 2 is 0, 1, 3; its derivative is 0, 1, 1.
    expect([value, next.w, next.b].map(bits)).toEqual([[4], [0], [0]]);
  });

  test("jvp, vjp, hessian and Jacobians are the same bit for bit", () => {
    const dx = tensor([1, 2, 3]);
    const transforms: ((v: Tensor) => Tensor)[] = [
      (v) => jvp(loss, [v], [dx])[1],
      (v) => (vjp((u: Tensor) => mul(relu(u), sin(u)), [v])[1](dx) as Tensor[])[0] as Tensor,
      (v) => hessian(loss, [v]),
      (v) => jacobianForward((u: Tensor) => mul(u, exp(u)), [v]),
    ];
    for (const f of transforms)
      expect(bits(trace(f, [x])(tensor([0.5, 0, -3])))).toEqual(bits(f(tensor([0.5, 0, -3]))));
  });

  test("checkpoint puts its barrier into the program", () => {
    const f = grad((v: Tensor) => sum(checkpoint((u: Tensor) => mul(exp(u), u))(v)));
    const program = trace(f, [x]);
    expect(operationsOf(program)).toContain("barrier");
    expect(bits(program(x))).toEqual(bits(f(x)));
  });

  test("customDerivative is asked for its rule", () => {
    const through = customDerivative((v: Tensor) => floor(v), { vjp: (_args, _y, gy) => [mul(gy, 7)] });
    const f = grad((v: Tensor) => sum(through(v)));
    expect(bits(trace(f, [x])(tensor([0.5, 1.5, 2.5])))).toEqual([7, 7, 7]);
  });

  test("a whole transform of constants is computed at once", () => {
    const program = trace((v: Tensor) => add(v, grad(loss)(x)), [x]);
    expect(operationsOf(program)).toEqual(["add"]);
  });
});

describe("random operations", () => {
  const noisy = (k: Tensor, v: Tensor): { y: Tensor; k: Tensor } => {
    const [now, next] = split(k);
    return { y: add(v, randomUniform(now, [3])), k: next };
  };

  test("draw anew when the key is an argument", () => {
    const program = trace(noisy, [key(1), x]);
    const one = program(key(1), x);
    const two = program(one.k, x);
    expect(bits(one.y)).toEqual(bits(noisy(key(1), x).y));
    expect(bits(two.y)).toEqual(bits(noisy(noisy(key(1), x).k, x).y));
    expect(bits(two.y)).not.toEqual(bits(one.y));
  });

  test("are constants when the key is captured", () => {
    const program = trace((v: Tensor) => noisy(key(1), v).y, [x]);
    expect(operationsOf(program)).toEqual(["add"]);
    expect(bits(program(x))).toEqual(bits(noisy(key(1), x).y));
  });
});

describe("tracing inside transforms", () => {
  test("the arguments of a trace may be traced values, which give types", () => {
    expect(bits(grad((v: Tensor) => trace((u: Tensor) => mul(u, u), [v])(v))(tensor(3)))).toEqual([6]);
    const program = trace((v: Tensor) => trace((u: Tensor) => mul(u, u), [v])(neg(v)), [tensor(3)]);
    expect(operationsOf(program)).toEqual(["neg", "mul"]);
  });

  test("a program called inside a traced function is inlined", () => {
    const inner = trace((v: Tensor) => relu(v), [x]);
    expect(operationsOf(trace((v: Tensor) => neg(inner(exp(v))), [x]))).toEqual(["exp", "relu", "neg"]);
    expect(listing(trace(inner, [x]))).toBe(listing(inner));
  });

  test("a program captured from an outer transform's function may be used there", () => {
    const inner = trace((v: Tensor) => mul(v, v), [tensor(1)]);
    expect(bits(hessian((v: Tensor) => mul(inner(v), v), [tensor(5)]))).toEqual([30]);
  });
});

describe("guards", () => {
  const f = (v: Tensor): Tensor => (isTrue(greater(v, 0)) ? mul(v, 2) : neg(v));

  test("a branch on an input is recorded as it was taken", () => {
    const program = trace((c: Tensor, v: Tensor) => (isTrue(c) ? neg(v) : v), [tensor(true), tensor(3)]);
    expect(program.guards).toEqual([{ condition: 0, expected: true, after: 0 }]);
    expect(bits(program(tensor(true), tensor(4)))).toEqual([-4]);
    expect(errorOf(() => program(tensor(false), tensor(4))).code).toBe("guard");
  });

  test("a branch on a computed value computes what it needs", () => {
    const program = trace(f, [tensor(-3)]);
    expect(program.guards).toEqual([{ condition: 1, expected: false, after: 1 }]);
    expect(operationsOf(program)).toEqual(["less", "neg"]);
  });

  test("branches nest, and the first that differs stops", () => {
    const nested = (v: Tensor): Tensor => (isTrue(greater(v, 0)) ? (isTrue(less(v, 10)) ? mul(v, 2) : v) : neg(v));
    const program = trace(nested, [tensor(3)]);
    expect(program.guards).toHaveLength(2);
    expect(bits(program(tensor(4)))).toEqual([8]);
    expect(errorOf(() => program(tensor(-4))).details.guard).toBe(0);
    expect(errorOf(() => program(tensor(40))).details.guard).toBe(1);
  });

  test("a branch on what does not depend on the arguments leaves no guard", () => {
    expect(trace((v: Tensor) => (isTrue(less(1, 2)) ? v : neg(v)), [x]).guards).toEqual([]);
  });

  test("a loop that ends by a condition is unrolled with a guard for each turn", () => {
    const halving = (v: Tensor): Tensor => {
      let y = v;
      while (isTrue(greater(y, 1))) y = div(y, 2);
      return y;
    };
    const program = trace(halving, [tensor(5)]);
    expect(program.guards.map(({ expected }) => expected)).toEqual([true, true, true, false]);
    expect(bits(program(tensor(8)))).toEqual([1]);
    expect(errorOf(() => program(tensor(9))).details.guard).toBe(3);
    expect(errorOf(() => program(tensor(3))).details.guard).toBe(2);
  });

  test("a branch inside a gradient inside the trace is a guard of the program", () => {
    const program = trace(grad(f), [tensor(3)]);
    expect(program.guards).toHaveLength(1);
    expect(bits(program(tensor(5)))).toEqual([2]);
    expect(errorOf(() => program(tensor(-5))).code).toBe("guard");
  });

  test("a branch under an outer transform uses the outer values", () => {
    const outer = (v: Tensor): Tensor => trace(f, [v])(v);
    expect(bits(grad(outer)(tensor(3)))).toEqual([2]);
    expect(bits(grad(outer)(tensor(-3)))).toEqual([-1]);
  });

  test("a branch after a long chain of instructions is recorded", () => {
    const program = trace(
      (v: Tensor) => {
        let y = v;
        for (let i = 0; i < 20_000; i++) y = add(y, 1);
        return isTrue(greater(y, 0)) ? y : v;
      },
      [tensor(1)],
    );
    expect(program.guards).toEqual([{ condition: 20_001, expected: true, after: 20_001 }]);
    expect(bits(program(tensor(5)))).toEqual([20_005]);
  });
});

describe("what cannot be recorded is an error", () => {
  test("reading numbers of an argument", () => {
    expect(errorOf(() => trace((v: Tensor) => v.data[0] as number, [x])).code).toBe("escaped");
    expect(errorOf(() => trace((v: Tensor) => neg(v).data[0] as number, [x])).code).toBe("escaped");
  });

  test("values of a transform around the trace that are not among the arguments", () => {
    const inside = (y: Tensor): Tensor => trace((v: Tensor) => mul(v, y), [tensor(3)])(y);
    const returned = (y: Tensor): Tensor => trace(() => y, [])();
    for (const f of [inside, returned]) {
      expect(errorOf(() => grad(f)(tensor(2))).code).toBe("escaped");
      expect(errorOf(() => jvp(f, [tensor(2)], [tensor(1)])).code).toBe("escaped");
      expect(errorOf(() => trace(f, [tensor(2)])).code).toBe("escaped");
    }
  });

  test("a traced value that is kept and used after the trace", () => {
    let kept = x;
    trace(
      (v: Tensor) => {
        kept = neg(v);
        return kept;
      },
      [x],
    );
    expect(errorOf(() => neg(kept)).code).toBe("escaped");
    expect(errorOf(() => trace((v: Tensor) => add(v, kept), [x])).code).toBe("escaped");
  });

  test("a setting of an operation that cannot be written down", () => {
    const record = {
      name: "test/withFunction",
      shape: () => [],
      forward: <N>(_k: unknown, [a]: readonly { data: ArrayLike<N> }[]): ArrayLike<N> => a?.data ?? [],
      linearize: () => [null],
      cost: () => ({}),
    };
    const error = errorOf(() => trace((v: Tensor) => apply<unknown>(record, [v], { f: () => 1 }), [tensor(1)]));
    expect([error.code, error.where]).toEqual(["unsupported", "test/withFunction"]);
  });

  test.each([
    ["no function", "data", () => trace(wrong(3), [])],
    ["no list of arguments", "data", () => trace(relu, wrong(x))],
    [
      "a promise",
      "unsupported",
      () =>
        trace(
          wrong(async () => x),
          [],
        ),
    ],
    ["a result that is no tensor", "data", () => trace((v: Tensor) => [v, "text"], [x])],
    ["an argument that is no tensor", "data", () => trace((v: unknown) => wrong(v), ["text"])],
    ["an operation on wrong shapes", "shape", () => trace((v: Tensor) => matmul(v, tensor([1, 2])), [x])],
    ["an operation on wrong dtypes", "dtype", () => trace((v: Tensor) => add(v, cast(v, "f32")), [x])],
  ] as const)("%s", (_says, code, body) => {
    expect(errorOf(body).code).toBe(code);
  });

  test("an error leaves the door as it was", () => {
    expect(() => trace(() => wrong(undefined), [])).toThrow(AdError);
    expect(bits(max(x))).toEqual([2]);
  });
});
