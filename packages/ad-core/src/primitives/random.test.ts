import { describe, expect, test } from "vitest";
import {
  AdError,
  cast,
  checkpoint,
  type DType,
  grad,
  jvp,
  key,
  less,
  mul,
  programFromJson,
  programToJson,
  randomNormal,
  randomUniform,
  reference,
  reshape,
  simplify,
  slice,
  split,
  sum,
  type Tensor,
  tensor,
  trace,
  where,
} from "../index.ts";
import { randomNormalPrimitive, randomUniformPrimitive, splitPrimitive } from "./random.ts";

const numbers = (x: Tensor): number[] => Array.from(x.data);
const dropout = (x: Tensor, k: Tensor): Tensor => where(less(randomUniform(k, x.shape), 0.5), 0, mul(2, x));

const codeOf = (body: () => unknown): unknown => {
  try {
    return body();
  } catch (error) {
    return error instanceof AdError ? [error.code, error.where] : error;
  }
};

describe("key", () => {
  test("holds the words of the seed, the lower one first", () => {
    const words = [0, 7, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1].map((seed) => numbers(key(seed)));
    expect(words).toEqual([
      [0, 0],
      [7, 0],
      [-(2 ** 31), 0],
      [-1, 0],
      [0, 1],
      [-1, 2 ** 21 - 1],
    ]);
    expect([key(1).dtype, key(1).shape]).toEqual(["i32", [2]]);
  });

  test.each([-1, 0.5, NaN, Infinity, 2 ** 53, "7" as unknown as number])("refuses %s", (seed) => {
    expect(codeOf(() => key(seed))).toEqual(["domain", "key"]);
  });
});

describe("split", () => {
  test("gives as many keys as asked for, the first at counter 0", () => {
    const children = split(key(0));
    expect(children.map(({ shape, dtype }) => [shape, dtype])).toEqual([
      [[2], "i32"],
      [[2], "i32"],
    ]);
    expect(numbers(children[0])).toEqual([0x6b200159 | 0, 0x99ba4efe | 0]);
    expect([0, 1, 3].map((count) => split(key(0), count).length)).toEqual([0, 1, 3]);
  });

  test.each([-1, 1.5, 2 ** 32, NaN])("refuses to make %s keys", (count) => {
    expect(codeOf(() => split(key(0), count))).toEqual(["domain", "split"]);
  });
});

describe("draws", () => {
  const formats: readonly (readonly [DType, number])[] = [
    ["f64", 53],
    ["f32", 24],
    ["f16", 11],
    ["bf16", 8],
  ];

  test("have pinned bits", () => {
    expect(numbers(randomUniform(key(1), [4]))).toEqual([
      0.9096430394039259, 0.7951882902439149, 0.07129189161709892, 0.3012549806380803,
    ]);
    expect(numbers(randomNormal(key(1), [5]))).toEqual([
      2.3620121959023304, 0.7533075221387653, -0.10546215672383634, -0.6513353724302378, 0.6398823382315431,
    ]);
  });

  test.each(formats)("uniform in %s is the draw in f64 cut off after %d bits", (dtype, bits) => {
    const [wide, narrow] = [randomUniform(key(2), [1000]), randomUniform(key(2), [1000], { dtype })];
    expect(narrow.dtype).toBe(dtype);
    expect(numbers(narrow)).toEqual(numbers(wide).map((v) => Math.floor(v * 2 ** bits) / 2 ** bits));
    expect(numbers(cast(cast(narrow, "f64"), dtype))).toEqual(numbers(narrow));
  });

  test("bf16 reaches both ends of its grid", () => {
    const list = numbers(randomUniform(key(3), [10_000], { dtype: "bf16" }));
    expect([Math.min(...list), Math.max(...list), new Set(list).size]).toEqual([0, 1 - 2 ** -8, 256]);
  });

  test.each(formats)("normal in %s is the draw in f64 rounded once", (dtype) => {
    const [wide, narrow] = [randomNormal(key(2), [1001]), randomNormal(key(2), [1001], { dtype })];
    expect(numbers(narrow)).toEqual(numbers(cast(wide, dtype)));
    const machine = reference({ accumulate: "storage" });
    expect(numbers(machine.eager(() => randomNormal(key(2), [1001], { dtype })))).toEqual(numbers(narrow));
  });

  test("come in every shape, the scalar and the empty one too", () => {
    const [scalar, empty] = [randomUniform(key(4), []), randomNormal(key(4), [2, 0, 3])];
    expect([scalar.shape, scalar.data.length, empty.shape, empty.data.length]).toEqual([[], 1, [2, 0, 3], 0]);
  });

  test("of the two distributions come from different words of one key", () => {
    const [uniforms, normals] = [randomUniform(key(4), [100]).data, randomNormal(key(4), [100]).data];
    for (let i = 0; i < 100; i += 2) {
      // 1 - exp(-(a² + b²) / 2) is the uniform number that the length of a pair was made from.
      const behind = 1 - Math.exp(-((normals[i] as number) ** 2 + (normals[i + 1] as number) ** 2) / 2);
      expect(uniforms.every((v) => Math.abs(v - behind) > 1e-9)).toBe(true);
    }
  });

  test("a list of sizes that changes later changes no tensor", () => {
    const shape = [2];
    const x = randomUniform(key(1), shape);
    shape[0] = 3;
    expect(x.shape).toEqual([2]);
  });
});

describe("what is no key, no shape or no real dtype", () => {
  const bad: readonly Tensor[] = [tensor([1, 2]), tensor([1], { dtype: "i32" }), tensor([[1, 2]], { dtype: "i32" })];
  const codes = ["dtype", "shape", "shape"];

  test("a wrong key is named by the function that got it", () => {
    expect(bad.map((k) => codeOf(() => split(k)))).toEqual(codes.map((code) => [code, "split"]));
    expect(bad.map((k) => codeOf(() => randomUniform(k, [2])))).toEqual(codes.map((code) => [code, "randomUniform"]));
    expect(bad.map((k) => codeOf(() => randomNormal(k, [2])))).toEqual(codes.map((code) => [code, "randomNormal"]));
    expect(codeOf(() => randomNormal(7 as unknown as Tensor, [2]))).toEqual(["data", "randomNormal"]);
  });

  test.each([[[-1]], [[1.5]], [[1, 1, 1, 1, 1, 1, 1]], [[2 ** 20, 2 ** 20]], [3 as unknown as number[]]])(
    "shape %j is refused",
    (shape) => {
      expect(codeOf(() => randomUniform(key(1), shape))).toEqual(["shape", "randomUniform"]);
      expect(codeOf(() => randomNormal(key(1), shape))).toEqual(["shape", "randomNormal"]);
    },
  );

  test.each(["i32", "bool", "f8" as DType] as const)("dtype %s is refused", (dtype) => {
    expect(codeOf(() => randomUniform(key(1), [2], { dtype }))).toEqual(["dtype", "randomUniform"]);
    expect(codeOf(() => randomNormal(key(1), [2], { dtype }))).toEqual(["dtype", "randomNormal"]);
  });

  test("an unknown setting is refused", () => {
    const options = { dType: "f32" } as object;
    expect(codeOf(() => randomUniform(key(1), [2], options))).toEqual(["domain", "randomUniform"]);
  });

  test("the sentence says how to make a key", () => {
    expect(() => randomNormal(tensor([1, 2]), [2])).toThrowErrorMatchingInlineSnapshot(
      `[AdError: randomNormal: wrong dtype: expected a key of dtype i32, got f64; make one with key(seed), and more with split]`,
    );
  });
});

describe("in programs", () => {
  const x = tensor([1, 2, 3, 4, 5, 6, 7, 8]);

  test("a traced step with the key as an input draws anew for each key", () => {
    const step = trace((v: Tensor, k: Tensor) => dropout(v, k), [x, key(1)]);
    for (const seed of [1, 2, 3]) expect(numbers(step(x, key(seed)))).toEqual(numbers(dropout(x, key(seed))));
    expect(numbers(step(x, key(1)))).not.toEqual(numbers(step(x, key(2))));
  });

  test("a traced step with a constant key repeats its draw, which is computed while recording", () => {
    const step = trace((v: Tensor) => dropout(v, key(1)), [x]);
    expect(numbers(step(x))).toEqual(numbers(dropout(x, key(1))));
    expect(step.tables.primitives.map(({ name }) => name)).not.toContain("randomUniform");
  });

  test("a step that hands its key on keeps drawing, also after a journey through JSON", () => {
    const walk = (k: Tensor): { next: Tensor; drawn: Tensor } => {
      const [next, now] = split(k);
      return { next, drawn: randomNormal(now, [3], { dtype: "f32" }) };
    };
    const program = simplify(trace(walk, [key(1)]));
    const loaded = programFromJson(JSON.parse(JSON.stringify(programToJson(program)))) as unknown as typeof walk;
    let k = key(1);
    for (let step = 0; step < 3; step++) {
      const [expected, found] = [walk(k), loaded(k)];
      expect(numbers(found.drawn)).toEqual(numbers(expected.drawn));
      expect(numbers(found.next)).not.toEqual(numbers(k));
      k = found.next;
    }
  });

  test("a row of a matrix of keys is a key", () => {
    const keys = trace(
      (all: Tensor) => randomUniform(reshape(slice(all, [1, 0], [2, 2]), [2]), [2]),
      [tensor([1, 0, 2, 0], { shape: [2, 2], dtype: "i32" })],
    );
    const rows = tensor([1, 0, 9, 0], { shape: [2, 2], dtype: "i32" });
    expect(numbers(keys(rows))).toEqual(numbers(randomUniform(key(9), [2])));
  });

  test("a draw carries no derivative: a mask that the key decides is a constant, recomputed alike", () => {
    const kept = numbers(randomUniform(key(1), [8])).map((v) => (v < 0.5 ? 0 : 2));
    const loss = (v: Tensor, k: Tensor): Tensor => sum(dropout(v, k));
    expect(numbers(grad(loss)(x, key(1)))).toEqual(kept);
    expect(numbers(grad(checkpoint(loss))(x, key(1)))).toEqual(kept);
    const [, moved] = jvp((v: Tensor) => mul(v, randomNormal(key(1), [8])), [x], [x]);
    expect(numbers(moved)).toEqual(numbers(mul(x, randomNormal(key(1), [8]))));
  });
});

test("costs count the functions of the normal numbers, and nothing of the integer mixing", () => {
  const draws = { shape: [3], dtype: "f64" } as const;
  const inputs = [key(1), key(1), key(1)] as const;
  const pairs = { sub: 2, log: 2, mul: 8, sqrt: 2, cos: 2, sin: 2 };
  expect(randomNormalPrimitive.cost(inputs, draws)).toEqual(pairs);
  expect(randomUniformPrimitive.cost(inputs, draws)).toEqual({});
  expect(splitPrimitive.cost(inputs, 0)).toEqual({});
});
