import { describe, expect, test } from "vitest";
import { errorOf, refuses, wrong } from "../../laws/refusals.ts";
import {
  add,
  apply,
  compile,
  cumsum,
  type DType,
  exp,
  full,
  grad,
  greater,
  hashOf,
  isTrue,
  listing,
  matmul,
  max,
  mul,
  ones,
  type Primitive,
  type ProgramData,
  programFromJson,
  programToJson,
  reference,
  relu,
  scatterAdd,
  shuffled,
  softmax,
  sum,
  type Tensor,
  tensor,
  trace,
} from "../index.ts";
import { lengthOf } from "./program.ts";

const numbers = (x: Tensor): number[] => Array.from(x.data);
const operationsOf = ({ code, tables }: ProgramData): (string | undefined)[] =>
  Array.from(code.primitive, (i) => tables.primitives[i]?.name);

/** The names of the operations of a shuffled function of one tensor. */
const shuffledNames = (f: (v: Tensor) => Tensor, at: Tensor): (string | undefined)[] =>
  operationsOf(shuffled(trace(f, [at]), 1));

/** Numbers whose sum depends on its order. */
const noisy = (shape: readonly number[], dtype: DType = "f64"): Tensor =>
  tensor(
    Array.from(
      { length: shape.reduce((n, m) => n * m, 1) },
      (_, i) => (((i * 7919) % 2003) / 1000 - 1) * 10 ** (i % 7),
    ),
    { shape, dtype },
  );

describe("a shuffled program", () => {
  test("moves the inputs of its sums, all alike, and what stays along the axis back", () => {
    const f = (a: Tensor, b: Tensor): Tensor => softmax(matmul(a, b, { site: "layer" }));
    expect(listing(shuffled(trace(f, [ones([2, 3]), ones([3, 2])]), 2))).toMatchInlineSnapshot(`
      "program(%0: f64[2, 3], %1: f64[3, 2])
        c0 = i32[3] 1 0 2
        c1 = i32[2] 0 1
        c2 = i32[2] 0 1
        %2   f64[1, 2, 3]  = reshape(%0; [1,2,3])
        %3   f64[1, 3, 2]  = reshape(%1; [1,3,2])
        %4   f64[1, 2, 3]  = gather(%2, c0; 2) @layer
        %5   f64[1, 3, 2]  = gather(%3, c0; 1) @layer
        %6   f64[1, 2, 2]  = matmul(%4, %5) @layer
        %7   f64[2, 2]     = reshape(%6; [2,2])
        %8   f64[2, 2]     = gather(%7, c1; 1)
        %9   f64[2, 2]     = softmax(%8; 1)
        %10  f64[2, 2]     = gather(%9, c2; 1)
        return %10
      "
    `);
  });

  test("gives the same bits for the same seed, on every host", () => {
    const x = noisy([60]);
    const total = trace((v: Tensor) => sum(v), [x]);
    const seeds = [0, 1, 2, 3, 2 ** 32, 2 ** 53 - 1];
    expect(seeds.map((seed) => numbers(shuffled(total, seed)(x))[0])).toMatchInlineSnapshot(`
      [
        -627583.211,
        -627583.2109999998,
        -627583.2109999998,
        -627583.2109999999,
        -627583.2109999999,
        -627583.2109999998,
      ]
    `);
    for (const seed of seeds) expect(hashOf(shuffled(total, seed))).toBe(hashOf(shuffled(total, seed)));
    expect(new Set(seeds.map((seed) => hashOf(shuffled(total, seed)))).size).toBe(seeds.length);
  });

  test("is data like any other, with its orders among the constants", () => {
    const f = (v: Tensor): Tensor => sum(softmax(exp(v)));
    const program = shuffled(trace(f, [noisy([4, 5])]), 3);
    const loaded = programFromJson<[Tensor], Tensor>(JSON.stringify(programToJson(program)));
    expect(hashOf(loaded)).toBe(hashOf(program));
    expect(numbers(loaded(noisy([4, 5])))).toEqual(numbers(program(noisy([4, 5]))));
    for (const { dtype, shape, data } of program.constants) {
      expect([dtype, shape]).toEqual(["i32", [data.length]]);
      expect(Array.from(data).toSorted((a, b) => a - b)).toEqual(Array.from({ length: data.length }, (_, i) => i));
    }
  });

  test("orders the terms of a scattered sum with their indices", () => {
    const indices = tensor([0, 1, 0, 1, 0], { dtype: "i32" });
    const f = (u: Tensor): Tensor => scatterAdd(tensor([0.5, 0.25]), indices, u);
    const program = trace(f, [noisy([5])]);
    const whole = tensor([1, 2, 3, 4, 5]);
    for (const seed of [1, 2, 3]) expect(numbers(shuffled(program, seed)(whole))).toEqual([9.5, 6.25]);
    expect(operationsOf(shuffled(program, 1))).toEqual(["gather", "gather", "scatterAdd"]);
  });

  test("has derivatives, which move back", () => {
    const weights = tensor([3, -1, 2, 5, 4]);
    const f = trace((v: Tensor) => sum(mul(v, weights)), [noisy([5])]);
    expect(numbers(grad(shuffled(f, 5))(noisy([5])))).toEqual([3, -1, 2, 5, 4]);
  });

  test("may be shuffled again", () => {
    const x = tensor([1, 2, 3]);
    expect(
      numbers(
        shuffled(
          shuffled(
            trace((v: Tensor) => sum(v), [x]),
            1,
          ),
          2,
        )(x),
      ),
    ).toEqual([6]);
  });

  test("keeps results that are inputs or constants", () => {
    const program = trace((v: Tensor) => [v, tensor(7), sum(v)], [ones([3])]);
    expect((shuffled(program, 1)(ones([3])) as Tensor[]).map(numbers)).toEqual([[1, 1, 1], [7], [3]]);
  });
});

describe("left alone are", () => {
  test("sums of integers, and over axes of one element or none", () => {
    expect(shuffledNames((v) => sum(v), full([5], 2, { dtype: "i32" }))).toEqual(["sum"]);
    expect(shuffledNames((v) => sum(v), ones([1, 1]))).toEqual(["sum"]);
    expect(shuffledNames((v) => sum(v, { axes: 1 }), ones([3, 0]))).toEqual(["sum"]);
    expect(shuffledNames((v) => matmul(v, v), full([3, 3], 2, { dtype: "i32" }))).not.toContain("gather");
  });

  test("running sums, kinks and everything element by element", () => {
    expect(shuffledNames((v) => max(relu(cumsum(v, { axis: 0 }))), ones([5]))).toEqual(["cumsum", "relu", "max"]);
  });

  test("the other axes of a tensor", () => {
    const x = tensor([
      [1, 2],
      [30, 40],
      [500, 600],
    ]);
    for (const axes of [0, 1, [0, 1]] as const) {
      const program = trace((v: Tensor) => sum(v, { axes }), [x]);
      for (const seed of [1, 2, 3]) expect(numbers(shuffled(program, seed)(x))).toEqual(numbers(program(x)));
    }
  });
});

describe("orders", () => {
  const orderOf = (seed: number, at = 0): string => {
    const program = shuffled(
      trace((v: Tensor) => [sum(v), sum(v)], [ones([3])]),
      seed,
    );
    return String(program.constants[at]?.data);
  };

  test("of three terms are all alike probable over the seeds", () => {
    const seen = new Map<string, number>();
    for (let seed = 0; seed < 6000; seed++) seen.set(orderOf(seed), (seen.get(orderOf(seed)) ?? 0) + 1);
    expect(seen.size).toBe(6);
    // 1000 are expected of each, with a standard deviation of 29
    for (const count of seen.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * 29);
  });

  test("of two instructions have nothing to do with each other", () => {
    const same = Array.from({ length: 600 }, (_, seed) => orderOf(seed, 0) === orderOf(seed, 1)).filter(Boolean).length;
    // 100 are expected, with a standard deviation of 9
    expect(Math.abs(same - 100)).toBeLessThan(5 * 9);
  });

  test("of two axes of one sum differ", () => {
    const { constants } = shuffled(
      trace((v: Tensor) => sum(v), [ones([20, 20])]),
      1,
    );
    expect(constants[0]?.data).not.toEqual(constants[1]?.data);
  });
});

describe("guards and carried values", () => {
  const x = tensor([1, 1e16, -1e16, 1]);
  const branching = trace((v: Tensor) => (isTrue(greater(1, sum(v))) ? mul(v, 2) : v), [x]);

  test("stand where they stood", () => {
    expect(numbers(shuffled(branching, 1)(x))).toEqual(numbers(mul(x, 2)));
    expect(errorOf(() => shuffled(branching, 1)(ones([4]))).code).toBe("guard");
  });

  test("a sum that decides another way stops the run", () => {
    expect(errorOf(() => shuffled(branching, 4)(x)).code).toBe("guard");
  });

  test("what is carried is as before", () => {
    const step = trace((w: Tensor, v: Tensor) => ({ w: add(w, sum(v)), twice: mul(w, 2) }), [tensor(0), ones([5])]);
    const running = compile(step, reference({ shuffled: 3 }), { carry: { w: 0 } });
    running.write("w", tensor(10));
    for (const expected of [20, 50]) {
      expect(numbers((running.run([tensor([1, 2, 3, 4, 5])]) as { twice: Tensor }).twice)).toEqual([expected]);
    }
    expect(numbers(running.read("w") as Tensor)).toEqual([40]);
    expect(running.describe()).toEqual({ machine: "reference", instructions: lengthOf(step) + 1, carried: ["w"] });
  });
});

describe("the reference machine", () => {
  test("compiles the shuffled program, in every format and with its own sums", () => {
    for (const dtype of ["f64", "f32", "f16", "bf16"] as const) {
      const x = noisy([300], dtype);
      const program = trace((v: Tensor) => sum(v), [x]);
      for (const accumulate of ["f32", "storage"] as const) {
        const found = compile(program, reference({ shuffled: 7, accumulate })).run([x]);
        const expected = compile(shuffled(program, 7), reference({ accumulate })).run([x]);
        expect(found).toEqual(expected);
      }
    }
  });

  test("says which seed it has, and shuffles nothing that is not a program", () => {
    expect([reference().shuffled, reference({ shuffled: 0 }).shuffled]).toEqual([null, 0]);
    const error = errorOf(() => reference({ shuffled: 1 }).eager(() => sum(ones([3]))));
    expect([error.code, error.where]).toEqual(["unsupported", "eager"]);
  });
});

const own = (sums: Exclude<Primitive<null>["sums"], undefined>): Primitive<null> => ({
  name: "test/copy",
  shape: ([x]) => x.shape,
  forward: (_k, [x]) => x.data,
  linearize: () => [null],
  cost: () => ({}),
  sums,
});
const shuffleOwn = (record: Primitive<null>): unknown =>
  shuffled(
    trace((v: Tensor) => apply(record, [v], null), [ones([2, 3])]),
    1,
  );

describe("is refused:", () => {
  const program = trace((v: Tensor) => sum(v), [ones([3])]);
  refuses("domain", [
    ["a seed below 0", "shuffled", () => shuffled(program, -1), { value: -1 }],
    ["a seed that is not whole", "shuffled", () => shuffled(program, 0.5)],
    ["a seed beyond 2^53", "shuffled", () => shuffled(program, 2 ** 53)],
    ["a seed that is no number", "shuffled", () => shuffled(program, wrong("1"))],
    ["a wrong seed of the machine", "reference", () => reference({ shuffled: -1 }), { name: "shuffled" }],
    ["null as a seed of the machine", "reference", () => reference({ shuffled: wrong(null) })],
  ]);
  refuses("shape", [
    ["a record that sums over no axis", "test/copy", () => shuffleOwn(own(() => [{ inputs: [2] }]))],
    ["a record whose result has another axis", "test/copy", () => shuffleOwn(own(() => [{ inputs: [0], output: 1 }]))],
  ]);
});
