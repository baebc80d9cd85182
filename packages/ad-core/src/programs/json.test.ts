import { describe, expect, test } from "vitest";
import {
  add,
  apply,
  atSite,
  blend,
  conv2d,
  type DType,
  exp,
  first,
  full,
  grad,
  greater,
  hardtanh,
  hashOf,
  hessian,
  isTrue,
  last,
  listing,
  max,
  maxPool2d,
  mul,
  neg,
  ones,
  type Primitive,
  programFromJson,
  programToJson,
  random,
  records,
  relu,
  sum,
  type Tensor,
  tensor,
  trace,
  uniform,
  weights,
} from "../index.ts";
import type { Program, ProgramData } from "./program.ts";

const bits = (x: Tensor): number[] => Array.from(x.data);

/** The bytes of a tensor's numbers. */
const bytesOf = ({ data }: Tensor): number[] =>
  Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));

/** Through text and back. */
const reread = <Args extends readonly unknown[], Out>(program: Program<Args, Out>): Program<Args, Out> =>
  programFromJson<Args, Out>(JSON.stringify(programToJson(program)), { primitives: program.tables.primitives });

function expectSameProgram(got: ProgramData, expected: ProgramData): void {
  expect(programToJson(got)).toEqual(programToJson(expected));
  expect(hashOf(got)).toBe(hashOf(expected));
  expect(listing(got)).toBe(listing(expected));
}

/** An operation that returns its input, with any settings. */
const settingPrimitive: Primitive = {
  name: "test/setting",
  shape: ([x]) => x.shape,
  forward: (_k, [x]) => x.data,
  linearize: () => [null],
  cost: () => ({}),
};

const image = ones([1, 1, 3, 3]);
const x = tensor([-1, 0, 2]);
const rule = weights((ties) => [2, ...Array<number>(ties - 1).fill(-1 / (ties - 1))], "rule");

describe("a program as JSON", () => {
  test("is a table of each sort of thing, and instructions of indices into them", () => {
    const f = (v: Tensor): Tensor => (isTrue(greater(sum(v), 0)) ? relu(v, { site: "act" }) : v);
    expect(programToJson(trace(f, [tensor([1, 2])]))).toMatchInlineSnapshot(`
      {
        "arguments": "[*]",
        "constants": [
          {
            "bits": "AAAAAAAAAAA=",
            "dtype": "f64",
            "shape": [],
          },
        ],
        "guards": [
          {
            "after": 2,
            "condition": 2,
            "expected": true,
          },
        ],
        "inputs": [
          {
            "dtype": "f64",
            "shape": [
              2,
            ],
          },
        ],
        "instructions": [
          [
            0,
            0,
            0,
            0,
            0,
          ],
          [
            1,
            1,
            1,
            0,
            -1,
            1,
          ],
          [
            2,
            1,
            2,
            1,
            0,
          ],
        ],
        "outputs": [
          3,
        ],
        "params": [
          [
            0,
          ],
          null,
        ],
        "primitives": [
          "sum",
          "less",
          "relu",
        ],
        "result": "*",
        "schema": "nonsmooth.program/1",
        "sites": [
          "",
          "act",
        ],
        "types": [
          {
            "dtype": "f64",
            "shape": [],
          },
          {
            "dtype": "bool",
            "shape": [],
          },
          {
            "dtype": "f64",
            "shape": [
              2,
            ],
          },
        ],
      }
    `);
  });

  test.each([
    ["a function", trace((v: Tensor) => add(mul(v, 2), v), [x])],
    [
      "a gradient under a table of selections",
      trace(
        grad((v: Tensor) => sum(relu(v)), { select: { relu: last } }),
        [x],
      ),
    ],
    [
      "draws",
      trace(
        grad((v: Tensor) => max(v), { select: { max: random(9) } }),
        [x],
      ),
    ],
    [
      "a blend",
      trace(
        grad((v: Tensor) => max(v), { select: { max: blend(first, uniform, -3) } }),
        [x],
      ),
    ],
    [
      "a user's rule",
      trace(
        grad((v: Tensor) => max(v), { select: { max: rule } }),
        [x],
      ),
    ],
    ["a hessian", trace((v: Tensor) => hessian((u: Tensor) => sum(exp(mul(u, u))), [v]), [x])],
    ["sites", trace((v: Tensor) => atSite("a/b", () => relu(v, { site: "c d" })), [x])],
    ["guards", trace((v: Tensor) => (isTrue(greater(v, 0)) ? v : neg(v)), [tensor(-1)])],
    ["windows", trace((v: Tensor) => maxPool2d(conv2d(v, image, { padding: 1 }), { window: 2, padding: 1 }), [image])],
    ["no arguments", trace(() => [tensor(1)], [])],
    ["no results", trace((_v: Tensor) => ({ none: [], v: {} }) as { none: Tensor[] }, [x])],
  ] as [string, Program<never>][])("keeps %s", (_says, program) => {
    expectSameProgram(reread(program), program);
  });

  test("computes the same bits", () => {
    const f = grad((v: Tensor) => sum(mul(relu(v), exp(v))), { select: { relu: uniform } });
    const loaded = reread(trace(f, [x]));
    expect(bits(loaded(tensor([0, -2, 3])))).toEqual(bits(f(tensor([0, -2, 3]))));
    expect(bits(grad((v: Tensor) => sum(loaded(v)))(x))).toEqual(bits(grad((v: Tensor) => sum(f(v)))(x)));
  });

  test("keeps trees with keys that need quotes or look like stars", () => {
    const args = [{ 'a"b': [x, x], "*": { "": x }, "\\": x }] as const;
    const program = trace((p: (typeof args)[0]) => ({ "[*]": p["*"], z: p['a"b'], "{": p["\\"] }), [...args]);
    expectSameProgram(reread(program), program);
    expect(Object.keys(reread(program)(...args))).toEqual(["[*]", "z", "{"]);
  });

  test("may have fields with names of the prototype, __proto__ included", () => {
    const tree = JSON.parse('{"__proto__": 0, "constructor": 0}') as Record<string, Tensor>;
    const named = Object.fromEntries(Object.keys(tree).map((key) => [key, x]));
    const program = trace((p: Record<string, Tensor>) => p, [named]);
    const loaded = reread(program);
    expectSameProgram(loaded, program);
    expect(Object.keys(loaded(named))).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(loaded(named))).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).shape).toBeUndefined();
  });
});

describe("constants keep every bit", () => {
  const odd = [-0, 0, NaN, Infinity, -Infinity, 5e-324, -2.2250738585072009e-308, 0.1, 1 / 3];

  test.each(["f64", "f32", "f16", "bf16"] as DType[])("of %s, subnormals and signs of zero included", (dtype) => {
    const subnormals = { f64: 5e-324, f32: 2 ** -149, f16: 2 ** -24, bf16: 2 ** -133 } as Record<string, number>;
    const c = tensor([...odd, subnormals[dtype] as number], { dtype });
    const [loaded] = reread(trace(() => [c], [])).constants;
    expect(loaded?.dtype).toBe(dtype);
    expect(bytesOf(loaded as Tensor)).toEqual(bytesOf(c));
    expect(c.data.at(-1)).not.toBe(0);
  });

  test("of integers and conditions", () => {
    const c = [tensor([-2147483648, 0, 2147483647], { dtype: "i32" }), tensor([true, false, true])];
    expect(reread(trace(() => c, [])).constants.map(bytesOf)).toEqual(c.map(bytesOf));
  });

  test("also the payload of a NaN", () => {
    const data = new Float64Array(new BigUint64Array([0x7ff8000000000001n, 0xfff8000000000abcn]).buffer);
    const c = mul(tensor(data), 1);
    expect(bytesOf(reread(trace(() => [c], [])).constants[0] as Tensor)).toEqual(bytesOf(c));
  });

  test.each([-0, 0, NaN, 5e-324, Infinity, 0.1])("when all numbers are %d", (value) => {
    for (const shape of [[], [1], [7], [20, 30], [0], [2, 0]]) {
      const c = full(shape, value);
      const [loaded] = reread(trace(() => [c], [])).constants;
      expect(loaded?.shape).toEqual(shape);
      expect(bytesOf(loaded as Tensor)).toEqual(bytesOf(c));
    }
  });

  test("and one number only when all are the same", () => {
    const lengthOf = (c: Tensor): number => (programToJson(trace(() => [c], [])).constants[0]?.bits ?? "").length;
    expect(lengthOf(full([1000], 0.1))).toBe(12);
    expect(lengthOf(tensor([0, -0]))).toBe(24);
  });

  test("of a million numbers", () => {
    const c = tensor(Float64Array.from({ length: 1_000_000 }, (_, i) => i));
    const [loaded] = reread(trace(() => [c], [])).constants;
    expect(loaded?.data.at(-1)).toBe(999_999);
  });
});

describe("settings keep every bit", () => {
  const program = (params: unknown): Program<[Tensor], Tensor> =>
    trace((v: Tensor) => apply<unknown>(settingPrimitive, [v], params), [x]);

  test.each([
    null,
    true,
    -0,
    0,
    NaN,
    -Infinity,
    5e-324,
    "NaN",
    [],
    {},
    [[-0], [{ a: NaN, b: ["x", null] }]],
    { number: 3 },
    { value: { number: -0 } },
    JSON.parse('{"__proto__": {"polluted": true}, "toString": 1}'),
  ])("%j", (params: unknown) => {
    const loaded = reread(program(params));
    expect(loaded.tables.params).toStrictEqual([params]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("numbers that differ in the sign of zero are different settings", () => {
    const two = trace(
      (v: Tensor) => apply<unknown>(settingPrimitive, [apply<unknown>(settingPrimitive, [v], 0)], -0),
      [x],
    );
    expect(reread(two).tables.params).toStrictEqual([0, -0]);
  });

  test("an infinite bound of an operation of ours", () => {
    const bounded = trace((v: Tensor) => hardtanh(v, { low: -0, high: Infinity }), [x]);
    expect(reread(bounded).tables.params).toStrictEqual([-0, Infinity]);
    expect(bits(reread(bounded)(x))).toEqual(bits(bounded(x)));
  });
});

test("records of the engine are known without being passed", () => {
  const program = trace((v: Tensor) => relu(v), [x]);
  const loaded = programFromJson<[Tensor], Tensor>(programToJson(program));
  expect(loaded.tables.primitives).toEqual([records.get("relu")]);
  expect(programFromJson<[Tensor], Tensor>(programToJson(loaded))(x).data).toEqual(loaded(x).data);
});
