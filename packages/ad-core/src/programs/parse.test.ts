import { describe, expect, test } from "vitest";
import {
  AdError,
  add,
  elementary,
  greater,
  isTrue,
  leakyRelu,
  mul,
  neg,
  programFromJson,
  programToJson,
  relu,
  sum,
  type Tensor,
  tensor,
  trace,
} from "../index.ts";

const x = tensor([1, 2]);
const ramp = programToJson(trace((v: Tensor) => relu(v, { site: "a" }), [x]));
const guarded = programToJson(trace((v: Tensor) => (isTrue(greater(v, 0)) ? mul(v, 2) : neg(v)), [tensor(3)]));
const leaky = programToJson(trace((v: Tensor) => leakyRelu(v, 0.5), [x]));
const total = programToJson(trace((v: Tensor) => sum(v), [x]));

/** What is thrown, whatever it is. */
function thrown(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  return "nothing was thrown";
}

function expectRefused(value: unknown): void {
  const error = thrown(() => programFromJson(value));
  expect(error).toBeInstanceOf(AdError);
  expect([(error as AdError).code, (error as AdError).where]).toEqual(["parse", "programFromJson"]);
  expect((error as AdError).message.length).toBeLessThan(1000);
}

/** Refuses the object, and the text of it. */
function refuses(cases: readonly (readonly [string, unknown])[]): void {
  test.each(cases)("%s", (_says, value) => {
    expectRefused(value);
    expectRefused(JSON.stringify(value));
  });
}

const odd = { toString: 5, valueOf: 5 };
const nested = (depth: number): unknown => Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 0);

test("the programs of this file are accepted as they are", () => {
  for (const json of [ramp, guarded, leaky, total]) {
    expect(programToJson(programFromJson(json))).toEqual(json);
    expect(programToJson(programFromJson(JSON.stringify(json, null, 2)))).toEqual(json);
  }
});

describe("what is no program is refused", () => {
  test.each([
    undefined,
    null,
    true,
    3,
    NaN,
    "",
    "null",
    "3",
    "[]",
    "{}",
    '"text"',
    "{",
    [],
    {},
    [ramp],
    () => ramp,
    Symbol("s"),
    1n,
  ])("%s", (value: unknown) => {
    expectRefused(value);
  });

  test("text with garbage behind it", () => {
    for (const garbage of ["x", "{}", ",", "]", "\u0000"]) expectRefused(JSON.stringify(ramp) + garbage);
    expectRefused(JSON.stringify(ramp).slice(0, -1));
  });

  test("values that JSON cannot hold", () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.schema = cyclic;
    for (const value of [cyclic, { ...ramp, schema: 1n }, { ...ramp, sites: [Symbol("s")] }, { ...ramp, types: 1n }])
      expectRefused(value);
  });

  refuses([
    ["another schema", { ...ramp, schema: "nonsmooth.program/2" }],
    ["a schema that is a list", { ...ramp, schema: ["nonsmooth.program/1"] }],
    ...Object.keys(ramp).flatMap((field): [string, unknown][] => [
      [`${field} is absent`, Object.fromEntries(Object.entries(ramp).filter(([key]) => key !== field))],
      [`${field} is null`, { ...ramp, [field]: null }],
      [`${field} is a number`, { ...ramp, [field]: 0 }],
      [`${field} is an object`, { ...ramp, [field]: {} }],
      [`${field} is an object that prints as nothing`, { ...ramp, [field]: odd }],
    ]),
  ]);
});

describe("tables with wrong entries are refused", () => {
  const types = (type: unknown): unknown => ({ ...ramp, types: [type] });
  const inputs = (type: unknown): unknown => ({ ...ramp, inputs: [type] });
  const constants = (constant: unknown): unknown => ({ ...ramp, constants: [constant] });
  refuses([
    ...[null, 3, "f64", [], {}, { shape: [2] }, { dtype: "f64" }].flatMap((type): [string, unknown][] => [
      [`the type ${JSON.stringify(type)}`, types(type)],
      [`the input ${JSON.stringify(type)}`, inputs(type)],
      [`the constant ${JSON.stringify(type)}`, constants(type)],
    ]),
    ...[null, 2, "2", { length: 1 }, [-1], [1.5], ["2"], [null], [1e300], [1, 1, 1, 1, 1, 1, 1]].map(
      (shape): [string, unknown] => [`the shape ${JSON.stringify(shape)}`, inputs({ shape, dtype: "f64" })],
    ),
    ...[null, 64, "f128", "constructor", "__proto__", ["f64"]].map((dtype): [string, unknown] => [
      `the dtype ${JSON.stringify(dtype)}`,
      inputs({ shape: [2], dtype }),
    ]),
    ["an unknown operation", { ...ramp, primitives: ["me/unknown"] }],
    ["an operation called like a method", { ...ramp, primitives: ["constructor"] }],
    ["an operation called __proto__", { ...ramp, primitives: ["__proto__"] }],
    ["an operation that is a list", { ...ramp, primitives: [["relu"]] }],
    ["an operation that is null", { ...ramp, primitives: [null] }],
    ["an operation that prints as nothing", { ...ramp, primitives: [odd] }],
    ["a site that is null", { ...ramp, sites: [null] }],
    ["a site that is a number", { ...ramp, sites: [3] }],
    ["a site that prints as nothing", { ...ramp, sites: [odd] }],
    ["a number that is no number", { ...leaky, params: [{ number: "foo" }] }],
    ["a number called like a method", { ...leaky, params: [{ number: "constructor" }] }],
    ["settings that are too deep", { ...ramp, params: [nested(3000)] }],
  ]);

  test("settings that are far too deep", () => {
    expectRefused({ ...ramp, params: [nested(200_000)] });
  });
});

describe("constants with wrong bits are refused", () => {
  const constants = (shape: readonly number[], dtype: string, bits: unknown): unknown => ({
    ...ramp,
    constants: [{ shape, dtype, bits }],
  });
  refuses([
    ["no bits", constants([1], "f64", undefined)],
    ["bits that are no text", constants([1], "f64", [0])],
    ["too few", constants([2, 2], "f64", "AAAAAAAAAAAAAAAAAAAAAA==")],
    ["too many", constants([1], "f64", "AAAAAAAAAAAAAAAAAAAAAA==")],
    ["some where none are", constants([0], "f64", "AAAAAAAAAAA=")],
    ["none where some are", constants([1], "f64", "")],
    ["half a number", constants([1], "f64", "AAAAAAA=")],
    ["no base 64", constants([1], "f64", "AAAAAAAAAA!=")],
    ["base 64 without padding", constants([1], "f64", "AAAAAAAAAAA")],
    ["a condition that is neither 0 nor 1", constants([], "bool", "Bw==")],
    ["a number that f16 cannot hold", constants([], "f16", "zczMPQ==")],
    ["a number that bf16 cannot hold", constants([], "bf16", "zczMPQ==")],
    ["more numbers than there is memory for", constants([1e9, 1e9], "f64", "")],
    ["one number for more than there is memory for", constants([1e9, 1e9], "f64", "AAAAAAAAAAA=")],
    ["a size beyond whole numbers", constants([2 ** 52, 2 ** 52, 2 ** 52], "f64", "AAAAAAAAAAA=")],
  ]);
});

describe("instructions that are none are refused", () => {
  const row = (...numbers: unknown[]): unknown => ({ ...ramp, instructions: [numbers] });
  refuses([
    ["null", { ...ramp, instructions: [null] }],
    ["an object", { ...ramp, instructions: [{}] }],
    ["text", { ...ramp, instructions: ["0"] }],
    ["an empty list", row()],
    ["a primitive outside its table", row(1, 0, 0, 0, 0)],
    ["a setting outside its table", row(0, 1, 0, 0, 0)],
    ["a type outside its table", row(0, 0, 1, 0, 0)],
    ["a site outside its table", row(0, 0, 0, 1, 0)],
    ["an index below 0", row(-1, 0, 0, 0, 0)],
    ["an index that is not whole", row(0, 0.5, 0, 0, 0)],
    ["an index that is text", row(0, 0, "0", 0, 0)],
    ["an index that is a method", row(0, 0, "length", 0, 0)],
    ["an index that is null", row(0, 0, 0, null, 0)],
    ["an operand that is its own result", row(0, 0, 0, 0, 1)],
    [
      "an operand that comes later",
      {
        ...ramp,
        instructions: [
          [0, 0, 0, 0, 2],
          [0, 0, 0, 0, 0],
        ],
      },
    ],
    ["an operand beyond all", row(0, 0, 0, 0, 1e9)],
    ["a constant that is none", row(0, 0, 0, 0, -1)],
    ["an operand that is text", row(0, 0, 0, 0, "0")],
    ["no operand for one", row(0, 0, 0, 0)],
    ["two operands for one", row(0, 0, 0, 0, 0, 0)],
    ["another shape than the operation gives", { ...ramp, types: [{ shape: [3], dtype: "f64" }] }],
    ["another dtype than the operation gives", { ...ramp, types: [{ shape: [2], dtype: "f32" }] }],
    ["an operand of a dtype that the operation does not take", { ...ramp, inputs: [{ shape: [2], dtype: "bool" }] }],
    ["settings that the operation cannot read", { ...total, params: [null] }],
    ["settings of another sort", { ...total, params: [{ axes: "all" }] }],
  ]);
});

describe("guards that are none are refused", () => {
  const [guard] = guarded.guards;
  const guards = (...list: unknown[]): unknown => ({ ...guarded, guards: list });
  refuses([
    ["null", guards(null)],
    ["a number", guards(0)],
    ["no place in the program", guards({ ...guard, after: undefined })],
    ["a place behind the end", guards({ ...guard, after: 3 })],
    ["a place before the start", guards({ ...guard, after: -1 })],
    ["a place that is text", guards({ ...guard, after: "1" })],
    ["guards out of order", guards({ ...guard, after: 2 }, { ...guard, after: 1 })],
    ["a condition that comes later", guards({ ...guard, after: 0 })],
    ["a condition that is none", guards({ ...guard, condition: 7 })],
    ["a condition that is text", guards({ ...guard, condition: "1" })],
    ["no answer", guards({ ...guard, expected: undefined })],
    ["an answer that is a number", guards({ ...guard, expected: 1 })],
    ["a condition of two elements", { ...ramp, guards: [{ condition: 0, expected: true, after: 0 }] }],
  ]);

  test("a second guard after the same instruction is none of these", () => {
    const twice = { ...guarded, guards: [guard, guard] };
    expect(programFromJson(twice).guards).toHaveLength(2);
  });
});

describe("results and forms that do not fit are refused", () => {
  refuses([
    ["a result that is none", { ...ramp, outputs: [2] }],
    ["a result that is text", { ...ramp, outputs: ["1"] }],
    ["too few results", { ...ramp, outputs: [] }],
    ["too many results", { ...ramp, outputs: [0, 1] }],
    ["arguments that are no list", { ...ramp, arguments: "*" }],
    ["arguments that are an object", { ...ramp, arguments: '{"0":*}' }],
    ["too few arguments", { ...ramp, arguments: "[]" }],
    ["too many arguments", { ...ramp, arguments: "[*,*]" }],
    ...["", " ", "**", "*,*", "[*", "*]", "[*]]", "[*,]", "[,*]", "0", "1*", "-1", "1e3", "null", "true", '"*"', "{*}"]
      .concat(["{a:*}", '{"a":*,}', '{"a":*,"a":*}', '{"a":0}', "[0]", '["*"]', "undefined", "*\n", "[ * ]"])
      .map((form): [string, unknown] => [`the form ${JSON.stringify(form)}`, { ...ramp, result: form }]),
    ["a form that is a list", { ...ramp, result: ["*"] }],
    ["a form that is too deep", { ...ramp, result: `${"[".repeat(1e5)}*${"]".repeat(1e5)}` }],
  ]);
});

describe("names of the prototype", () => {
  test("in tables and forms change no prototype", () => {
    const bad = JSON.parse('{"__proto__": {"polluted": 1}, "schema": "nonsmooth.program/1"}');
    expectRefused(bad);
    thrown(() => programFromJson({ ...leaky, params: [JSON.parse('{"__proto__": {"polluted": 1}}')] }));
    const named = programFromJson<[unknown], Record<string, Tensor>>({ ...ramp, result: '{"__proto__":*}' })(x);
    expect(Object.keys(named)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(named)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("records that are passed", () => {
  const twice = elementary("demo/twice", {
    arity: 1,
    value: (m, a) => m.add(a, a),
    partials: [(m) => m.constant(2)],
  });
  const json = programToJson(trace((v: Tensor) => add(twice(v), 1), [x]));

  test("are found by their names", () => {
    const program = programFromJson<[Tensor], Tensor>(json, { primitives: [twice.primitive] });
    expect(Array.from(program(x).data)).toEqual([3, 5]);
  });

  test("are needed", () => {
    expectRefused(json);
  });

  test("are the only setting", () => {
    const error = thrown(() => programFromJson(json, { primitive: [twice.primitive] } as never));
    expect(error).toBeInstanceOf(AdError);
    expect((error as AdError).code).toBe("domain");
  });
});
