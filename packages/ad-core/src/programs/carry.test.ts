import { describe, expect, test } from "vitest";
import { errorOf } from "../../laws/refusals.ts";
import {
  add,
  compile,
  type Executable,
  grad,
  greater,
  isTrue,
  mul,
  neg,
  reference,
  sub,
  type Tensor,
  tensor,
  trace,
} from "../index.ts";

const numbers = (tree: unknown): number[] => Array.from((tree as Tensor).data);

/** A step of momentum on `(w - x)^2 / 2`: arguments state, rate, parameters, data. */
interface State {
  readonly v: Tensor;
  readonly count: Tensor;
}
const momentum = trace(
  (state: State, rate: Tensor, p: { w: Tensor }, x: Tensor) => {
    const v = add(mul(state.v, 0.5), sub(p.w, x));
    const w = sub(p.w, mul(rate, v));
    return { state: { v, count: add(state.count, 1) }, p: { w }, loss: mul(sub(p.w, x), sub(p.w, x)) };
  },
  [{ v: tensor(0), count: tensor(0) }, tensor(0), { w: tensor(0) }, tensor(0)],
);
const start = (): Executable => {
  const running = compile(momentum, reference(), { carry: { p: 2, state: 0 } });
  running.write("p", { w: tensor(8) });
  running.write("state", { v: 0, count: 0 });
  return running;
};

describe("carried values", () => {
  test("are trees that become arguments of the next run; the others come in their order", () => {
    const running = start();
    const result = running.run([tensor(0.5), tensor(0)]) as Record<string, unknown>;
    expect(Object.keys(result)).toEqual(["loss"]);
    expect(numbers(result.loss)).toEqual([64]);
    // v = 8, w = 8 - 4; then v = 4 + 4, w = 4 - 4.
    expect(numbers((running.read("p") as { w: Tensor }).w)).toEqual([4]);
    running.run([tensor(0.5), tensor(0)]);
    const { v, count } = running.read("state") as State;
    expect([v, count, (running.read("p") as { w: Tensor }).w].map(numbers)).toEqual([[8], [2], [0]]);
  });

  test("can be set again, one without the other", () => {
    const running = start();
    running.run([tensor(1), tensor(0)]);
    running.write("p", { w: 100 });
    const { count } = running.read("state") as State;
    expect(numbers(count)).toEqual([1]);
    expect(numbers((running.run([tensor(0), tensor(0)]) as { loss: Tensor }).loss)).toEqual([10_000]);
  });

  test("of two executables of one program are their own", () => {
    const [one, two] = [start(), start()];
    one.run([tensor(0.5), tensor(0)]);
    expect(numbers((two.read("p") as { w: Tensor }).w)).toEqual([8]);
  });

  test("may fill every argument", () => {
    const counting = compile(
      trace((n: Tensor) => ({ n: add(n, 1) }), [tensor(0)]),
      reference(),
      { carry: { n: 0 } },
    );
    counting.write("n", 5);
    expect(counting.run([])).toEqual({});
    counting.run([]);
    expect(numbers(counting.read("n"))).toEqual([7]);
  });

  test("may change places: each result goes to the argument that is named", () => {
    const swap = trace((a: Tensor, b: Tensor) => ({ a, b }), [tensor(0), tensor(0)]);
    const running = compile(swap, reference(), { carry: { a: 1, b: 0 } });
    running.write("a", 1);
    running.write("b", 2);
    // The first argument is what is carried as b.
    running.run([]);
    expect([running.read("a"), running.read("b")].map(numbers)).toEqual([[2], [1]]);
  });

  test("stay as they were when a run stops", () => {
    const f = (w: Tensor, x: Tensor): { w: Tensor } => ({ w: isTrue(greater(x, 0)) ? add(w, x) : neg(w) });
    const running = compile(trace(f, [tensor(0), tensor(1)]), reference(), { carry: { w: 0 } });
    running.write("w", 10);
    expect(errorOf(() => running.run([tensor(-1)])).code).toBe("guard");
    expect(errorOf(() => running.run([tensor([1, 2])])).code).toBe("shape");
    expect(numbers(running.read("w"))).toEqual([10]);
  });

  test("are not for reading by a transform: a run inside one is an error", () => {
    const running = start();
    const loss = (x: Tensor): Tensor => (running.run([tensor(0.5), x]) as { loss: Tensor }).loss;
    expect(errorOf(() => grad(loss)(tensor(0))).code).toBe("escaped");
    expect(numbers((running.read("p") as { w: Tensor }).w)).toEqual([8]);
  });
});

describe("wrong carries are errors", () => {
  const program = trace(
    (w: Tensor, _x: Tensor) => ({ w, list: [w], f32: tensor(1, { dtype: "f32" }), wide: tensor([1]) }),
    [tensor(0), tensor(0)],
  );

  test.each([
    ["a result that does not exist", "missing", { v: 0 }],
    ["a result called like a method", "missing", { toString: 0 }],
    ["an argument that does not exist", "missing", { w: 2 }],
    ["an argument below 0", "missing", { w: -1 }],
    ["an argument that is not whole", "missing", { w: 0.5 }],
    ["an argument that is text", "missing", { w: "0" }],
    ["an argument that is a method", "missing", { w: "length" }],
    ["an argument that is null", "missing", { w: null }],
    ["two results for one argument", "missing", { w: 0, wide: 0 }],
    ["another form", "data", { list: 0 }],
    ["another dtype", "dtype", { f32: 0 }],
    ["another shape", "shape", { wide: 0 }],
  ])("%s", (_says, code, carry) => {
    expect(errorOf(() => compile(program, reference(), { carry } as never)).code).toBe(code);
  });

  test("results without names cannot be carried", () => {
    for (const f of [(v: Tensor) => v, (v: Tensor) => [v]])
      expect(
        errorOf(() => compile(trace(f as (v: Tensor) => Tensor, [tensor(0)]), reference(), { carry: { 0: 0 } })).code,
      ).toBe("missing");
  });
});

describe("using what is carried wrongly is an error", () => {
  test("running or reading before it was set", () => {
    const running = compile(momentum, reference(), { carry: { p: 2, state: 0 } });
    running.write("p", { w: 1 });
    expect(errorOf(() => running.run([tensor(0), tensor(0)])).code).toBe("missing");
    expect(errorOf(() => running.read("state")).code).toBe("missing");
    expect(numbers((running.read("p") as { w: Tensor }).w)).toEqual([1]);
  });

  test("names that are not carried", () => {
    const running = start();
    expect(errorOf(() => running.read("loss")).code).toBe("missing");
    expect(errorOf(() => running.write("loss", 1)).code).toBe("missing");
    expect(errorOf(() => running.read("toString")).code).toBe("missing");
  });

  test.each([
    ["another form", "data", 1],
    ["a further field", "data", { w: 1, v: 1 }],
    ["another shape", "shape", { w: tensor([1]) }],
    ["another dtype", "dtype", { w: tensor(1, { dtype: "f32" }) }],
    ["no tensor", "data", { w: "1" }],
  ])("writing %s", (_says, code, tree) => {
    const running = start();
    expect(errorOf(() => running.write("p", tree)).code).toBe(code);
    expect(numbers((running.read("p") as { w: Tensor }).w)).toEqual([8]);
  });

  test("writing a traced tensor", () => {
    const f = (w: Tensor): Tensor => {
      start().write("p", { w });
      return w;
    };
    expect(errorOf(() => grad(f)(tensor(1))).code).toBe("escaped");
  });
});
