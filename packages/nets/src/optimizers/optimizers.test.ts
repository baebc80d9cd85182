/** What holds for every optimizer; one row of the table makes all of it a test of a new one. */
import {
  abs,
  add,
  cast,
  compile,
  type DType,
  matmul,
  mul,
  programFromJson,
  programToJson,
  reference,
  simplify,
  square,
  sub,
  sum,
  type Tensor,
  type Tree,
  tensor,
  trace,
  valueAndGrad,
  zeros,
} from "@nonsmooth/ad-core";
import { expectSameBits } from "@nonsmooth/ad-testing";
import { describe, expect, test } from "vitest";
import { adam, adamW } from "./adam.ts";
import { chain } from "./chain.ts";
import { clipByGlobalNorm, clipByValue } from "./clip.ts";
import { dinAdam } from "./dinAdam.ts";
import { groups } from "./groups.ts";
import { inna, innaprop } from "./inna.ts";
import { nadam } from "./nadam.ts";
import { applyUpdates, type Optimizer } from "./optimizer.ts";
import { rmsprop } from "./rmsprop.ts";
import { cosine, linearWarmup, type Rate } from "./schedules.ts";
import { momentum, sgd } from "./sgd.ts";
import { leavesOf, mapTree } from "./tree.ts";

interface Settings {
  readonly rate: Rate;
  readonly weightDecay?: number;
  /** For the formats in which the default would be 0. */
  readonly epsilon?: number;
}

const withoutEpsilon = ({ epsilon: _, ...rest }: Settings) => rest;

const table: [string, (settings: Settings) => Optimizer][] = [
  ["sgd", (s) => sgd(withoutEpsilon(s))],
  ["momentum", (s) => momentum(withoutEpsilon(s))],
  ["momentum, nesterov", (s) => momentum({ ...withoutEpsilon(s), nesterov: true })],
  ["rmsprop", rmsprop],
  ["rmsprop, centered with momentum", (s) => rmsprop({ ...s, centered: true, momentum: 0.5, decay: 0.9 })],
  ["adam", adam],
  ["adamW", adamW],
  ["nadam", nadam],
  ["inna, velocity", (s) => inna({ ...withoutEpsilon(s), alpha: 0.5, beta: 0.5 })],
  ["inna, psi", (s) => inna({ ...withoutEpsilon(s), alpha: 0.5, beta: 0.5, state: "psi", initialSpeed: 1 })],
  ["innaprop, velocity", innaprop],
  ["innaprop, psi", (s) => innaprop({ ...s, alpha: 2, beta: 2, state: "psi" })],
  ["dinAdam, derived", dinAdam],
  ["dinAdam, published", (s) => dinAdam({ ...s, alpha: 0.1, beta: 0.1, form: "published" })],
  ["chain", (s) => chain(clipByValue(10), clipByGlobalNorm(5), adamW(s))],
  [
    "groups",
    (s) =>
      groups((path) => (path.endsWith("b") ? "biases" : "others"), { biases: sgd(withoutEpsilon(s)), others: adam(s) }),
  ],
];

type Params = { w: Tensor; list: Tensor[]; deep: { b: Tensor } };

const start = (dtype: DType): Params => ({
  w: tensor(
    [
      [1, -2],
      [0.5, 3],
    ],
    { dtype },
  ),
  list: [tensor([-1.5, 0.25], { dtype }), tensor(2, { dtype })],
  deep: { b: tensor([1, 1, -1], { dtype }) },
});

const total = (params: Tree, f: (x: Tensor) => Tensor): Tensor =>
  leavesOf("test", params).reduce((value, { tensor: x }) => add(value, sum(f(x))), tensor(0, { dtype: "f64" }));

const losses: Readonly<Record<string, (params: Tree) => Tensor>> = {
  "a quadratic function": (params) => total(params, (x) => square(sub(cast(x, "f64"), 0.5))),
  "a sum of absolute values": (params) => total(params, (x) => abs(sub(cast(x, "f64"), 0.3))),
};

/** One step as a function of everything that changes. */
const stepOf = (optimizer: Optimizer, loss: (params: Tree) => Tensor) => (params: Tree, state: Tree) => {
  const [value, grads] = (valueAndGrad as unknown as (f: unknown) => (x: Tree) => [Tensor, Tree])(loss)(params);
  const [updates, next] = optimizer.update(grads, state, params);
  return { params: applyUpdates(params, updates), state: next, value };
};

type Step = ReturnType<typeof stepOf>;

/** Runs some steps; returns the value before each of them, and the end. */
function runSteps(step: Step, optimizer: Optimizer, params: Tree, steps: number) {
  let now = { params, state: optimizer.init(params) };
  const values = Array.from({ length: steps }, () => {
    const { value, ...next } = step(now.params, now.state);
    now = next;
    return value.data[0] as number;
  });
  return { values, ...now };
}

function expectSameTrees(got: Tree, expected: Tree): void {
  const [a, b] = [leavesOf("test", got), leavesOf("test", expected)];
  expect(a.map(({ path }) => path)).toEqual(b.map(({ path }) => path));
  a.forEach(({ path, tensor: x }, i) => {
    expectSameBits(path, x, b[i]?.tensor as Tensor);
  });
}

const typesOf = (tree: Tree): string[] =>
  leavesOf("test", tree).map(({ path, tensor: { shape, dtype } }) => `${path} ${dtype}[${shape.join(", ")}]`);

describe.each(table)("%s", (_name, make) => {
  test.each(Object.keys(losses))("decreases %s", (name) => {
    const optimizer = make({ rate: 0.02 });
    const { values } = runSteps(stepOf(optimizer, losses[name] as (p: Tree) => Tensor), optimizer, start("f64"), 300);
    expect(values.at(-1)).toBeLessThan(0.15 * (values[0] as number));
  });

  test("with zero gradients and no decay nothing moves", () => {
    const optimizer = make({ rate: 0.1, weightDecay: 0 });
    const step = stepOf(optimizer, (params) => total(params, (x) => mul(x, 0)));
    const params = mapTree("test", [start("f64")], ([p]) => p);
    const end = runSteps(step, optimizer, params, 3).params;
    leavesOf("test", end).forEach(({ tensor: p }, i) => {
      const before = leavesOf("test", params)[i]?.tensor as Tensor;
      p.data.forEach((value, k) => {
        expect(value).toBeCloseTo(before.data[k] as number, 14);
      });
    });
  });

  test("with zero gradients weights decay towards zero", () => {
    const optimizer = make({ rate: 0.01, weightDecay: 0.5 });
    const zeroLoss = (params: Tree): Tensor => total(params, (x) => mul(x, 0));
    const norm = (params: Tree): number => total(params, square).data[0] as number;
    const end = runSteps(stepOf(optimizer, zeroLoss), optimizer, start("f64"), 20).params;
    expect(norm(end)).toBeLessThan(norm(start("f64")));
  });

  test("is a function of its arguments: the same bits twice, and nothing is written into them", () => {
    const optimizer = make({ rate: 0.1 });
    const params = start("f64");
    const state = optimizer.init(params);
    const grads = mapTree("test", [params], ([p]) => mul(p, 3));
    const before = JSON.stringify([params, state, grads]);
    const [first, second] = [optimizer.update(grads, state, params), optimizer.update(grads, state, params)];
    expectSameTrees(first as Tree, second as Tree);
    expect(JSON.stringify([params, state, grads])).toBe(before);
  });

  test.each(["f64", "f32", "bf16", "f16"] as const)("keeps %s, and the form of its state", (dtype) => {
    const optimizer = make({ rate: 0.01, epsilon: 1e-4 });
    const params = start(dtype);
    const state = optimizer.init(params);
    const step = stepOf(optimizer, losses["a quadratic function"] as (p: Tree) => Tensor);
    const { value: _, ...next } = step(params, state);
    expect(typesOf(next.params)).toEqual(typesOf(params));
    expect(typesOf(next.state)).toEqual(typesOf(state));
    for (const { tensor: x } of leavesOf("test", state))
      expect(x.shape.length === 0 ? "f64" : dtype).toBe(x.shape.length === 0 ? "f64" : x.dtype);
    expect(leavesOf("test", next.params).every(({ tensor: p }) => p.data.every(Number.isFinite))).toBe(true);
  });

  test("one recorded step serves all steps: the same bits as without recording", () => {
    const optimizer = make({ rate: linearWarmup(cosine({ rate: 0.1, steps: 4 }), { steps: 3 }) });
    const params: Tree = start("f64");
    const step = stepOf(optimizer, losses["a sum of absolute values"] as (p: Tree) => Tensor);
    const program = trace(step as (p: Tree, s: Tree) => { params: never; state: never; value: never }, [
      params,
      optimizer.init(params),
    ]);
    const loaded = programFromJson(programToJson(simplify(program)));
    const eager = runSteps(step, optimizer, params, 8);
    expectSameTrees(
      runSteps(program as unknown as Step, optimizer, params, 8) as unknown as Tree,
      eager as unknown as Tree,
    );
    expectSameTrees(
      runSteps(loaded as unknown as Step, optimizer, params, 8) as unknown as Tree,
      eager as unknown as Tree,
    );
  });

  test("a machine carries parameters and state", () => {
    const optimizer = make({ rate: 0.1 });
    const params: Tree = start("f32");
    const step = stepOf(optimizer, losses["a quadratic function"] as (p: Tree) => Tensor);
    const program = trace(step as (p: Tree, s: Tree) => { params: never; state: never; value: never }, [
      params,
      optimizer.init(params),
    ]);
    const running = compile(program, reference(), { carry: { params: 0, state: 1 } });
    running.write("params", params);
    running.write("state", optimizer.init(params));
    for (let k = 0; k < 3; k++) running.run([]);
    const eager = runSteps(step, optimizer, params, 3);
    expectSameTrees(running.read("params") as Tree, eager.params);
    expectSameTrees(running.read("state") as Tree, eager.state);
  });

  test("refuses gradients of another form, shape or dtype, and states of others", () => {
    const optimizer = make({ rate: 0.1 });
    const params = { w: tensor([1, 2]), b: tensor(1) };
    const state = optimizer.init(params);
    const update =
      (grads: unknown, kept: Tree = state) =>
      () =>
        optimizer.update(grads as Tree, kept, params);
    expect(update({ w: tensor([1, 2]) })).toThrow(expect.objectContaining({ code: "data" }));
    expect(update({ w: tensor([1]), b: tensor(1) })).toThrow(expect.objectContaining({ code: "shape" }));
    expect(update({ w: tensor([1, 2], { dtype: "f32" }), b: tensor(1) })).toThrow(
      expect.objectContaining({ code: "dtype" }),
    );
    expect(update({ w: null, b: tensor(1) })).toThrow(expect.objectContaining({ code: "data" }));
    expect(update(params, [tensor(0)])).toThrow(expect.objectContaining({ code: "data" }));
    expect(() => optimizer.init({ w: zeros([2], { dtype: "i32" }) })).toThrow(
      expect.objectContaining({ code: "dtype" }),
    );
  });
});

test("a step of a network through matmul is one program", () => {
  const optimizer = chain(clipByGlobalNorm(1), innaprop({ rate: cosine({ rate: 0.1, steps: 5 }) }));
  const x = tensor([
    [1, 2],
    [3, -1],
  ]);
  const step = stepOf(optimizer, (w) => sum(square(matmul(x, w as Tensor))));
  const params = tensor([[1], [0.5]]);
  const program = trace(step as (p: Tree, s: Tree) => { params: never; state: never; value: never }, [
    params,
    optimizer.init(params),
  ]);
  expectSameTrees(
    runSteps(program as unknown as Step, optimizer, params, 5) as unknown as Tree,
    runSteps(step, optimizer, params, 5) as unknown as Tree,
  );
});
