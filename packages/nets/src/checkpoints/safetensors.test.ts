import { AdError, type DType, dtypes, type Tensor, tensor } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { fromPaths, toPaths } from "./paths.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";

const codeOf = (body: () => unknown): string => {
  try {
    body();
  } catch (error) {
    if (error instanceof AdError) return error.code;
    throw error;
  }
  return "nothing was thrown";
};

describe("the format", () => {
  test("is that of the published example: length, head, numbers", () => {
    const bytes = writeSafetensors({ w: tensor([[1, 2]], { dtype: "f32" }) });
    const head = '{"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}';
    expect(bytes[0]).toBe(Math.ceil(head.length / 8) * 8);
    expect(String.fromCharCode(...bytes.subarray(8, 8 + head.length))).toBe(head);
    expect([...bytes.subarray(-8)]).toEqual([0, 0, 128, 63, 0, 0, 0, 64]);
  });

  test.each<[DType, number[]]>([
    ["f64", [0, -0, 1 / 3, NaN, Infinity, -5e-324]],
    ["f32", [0, -0, 0.25, NaN, -Infinity, 1e-45]],
    ["f16", [0, -0, 65504, -6e-8, NaN, Infinity, 6.104e-5, 6.1e-5, 1 / 3, 2049]],
    ["bf16", [0, -0, 3e38, -1e-40, NaN, -Infinity, 1 / 3]],
    ["i32", [0, -1, 2 ** 31 - 1, -(2 ** 31)]],
    ["bool", [1, 0, 1]],
  ])("keeps every bit of %s", (dtype, list) => {
    const x = tensor(list, { dtype });
    const { tensors } = readSafetensors(writeSafetensors({ x }));
    expect((tensors.x as Tensor).data).toEqual(x.data);
    expect(tensors.x).toMatchObject({ dtype, shape: [list.length] });
  });

  test("keeps all 16-bit numbers", () => {
    const bits = Array.from({ length: 65_536 }, (_, i) => i);
    for (const [dtype, name] of [
      ["f16", "F16"],
      ["bf16", "BF16"],
    ] as const) {
      const head = `{"x":{"dtype":"${name}","shape":[65536],"data_offsets":[0,131072]}}`.padEnd(72);
      const file = new Uint8Array(8 + 72 + 131_072);
      file[0] = 72;
      file.set(
        Uint8Array.from(head, (letter) => letter.charCodeAt(0)),
        8,
      );
      file.set(new Uint8Array(Uint16Array.from(bits).buffer), 80);
      const { x } = readSafetensors(file).tensors as { x: Tensor };
      expect(x.dtype).toBe(dtype);
      const again = new Uint16Array(writeSafetensors({ x }).slice(-131_072).buffer);
      const isNaN16 = (b: number): boolean => (dtype === "f16" ? (b & 0x7fff) > 0x7c00 : (b & 0x7fff) > 0x7f80);
      expect(bits.filter((b) => !isNaN16(b) && again[b] !== b)).toEqual([]);
    }
  });

  test("keeps names, order, shapes and metadata that are not ASCII", () => {
    const tensors = { "é.weight": tensor(1), b: tensor([[]], { shape: [1, 0] }), a: tensor([1, 2]) };
    const found = readSafetensors(writeSafetensors(tensors, { step: "7", note: "größer" }));
    expect(Object.keys(found.tensors)).toEqual(["é.weight", "b", "a"]);
    expect(found.metadata).toEqual({ step: "7", note: "größer" });
    expect(found.tensors.b?.shape).toEqual([1, 0]);
  });
});

describe("a file that is wrong is told", () => {
  const file = writeSafetensors({ x: tensor([1, 2, 3]) });
  const withHead = (head: string, numbers = 0): Uint8Array => {
    const bytes = new Uint8Array(8 + head.length + numbers);
    bytes[0] = head.length;
    bytes.set(
      Uint8Array.from(head, (letter) => letter.charCodeAt(0)),
      8,
    );
    return bytes;
  };

  test.each<[string, string, Uint8Array]>([
    ["empty", "parse", new Uint8Array(0)],
    ["a head beyond the end", "parse", file.subarray(0, 20)],
    ["no JSON", "parse", withHead("{nonsense")],
    ["a list", "parse", withHead("[1,2,3]")],
    ["no UTF-8", "parse", withHead('{"\xff":1}')],
    ["an entry without offsets", "parse", withHead('{"x":{"dtype":"F64","shape":[1]}}')],
    ["metadata that is no text", "parse", withHead('{"__metadata__":{"a":1}}')],
    ["cut off", "data", file.subarray(0, -1)],
    ["too long", "data", Uint8Array.from([...file, 0])],
    ["offsets that overlap", "data", withHead('{"x":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}', 16)],
    ["a size that is not the shape's", "data", withHead('{"x":{"dtype":"F64","shape":[3],"data_offsets":[0,16]}}', 16)],
    [
      "a format that we do not have",
      "unsupported",
      withHead('{"x":{"dtype":"F8_E5M2","shape":[1],"data_offsets":[0,1]}}', 1),
    ],
  ])("%s", (_says, code, bytes) => {
    expect(codeOf(() => readSafetensors(bytes))).toBe(code);
  });

  test("a name that is reserved", () => {
    expect(codeOf(() => writeSafetensors({ __metadata__: tensor(1) }))).toBe("data");
  });
});

describe("trees by path", () => {
  const tree = { conv: { weight: tensor([1, 2]), bias: tensor(3) }, rest: [tensor(4), { x: tensor(5) }], none: {} };

  test("go there and back", () => {
    expect(Object.keys(toPaths(tree))).toEqual(["conv.weight", "conv.bias", "rest.0", "rest.1.x"]);
    expect(fromPaths(tree, toPaths(tree))).toEqual(tree);
  });

  test.each<[string, string, () => unknown]>([
    ["plain numbers", "data", () => toPaths({ a: 1 })],
    ["keys with a point", "data", () => toPaths({ "a.b": tensor(1) })],
    ["a tensor that is missing", "missing", () => fromPaths({ a: tensor(1), b: tensor(1) }, { a: tensor(1) })],
    ["a tensor too many", "missing", () => fromPaths({ a: tensor(1) }, { a: tensor(1), b: tensor(1) })],
    ["another shape", "shape", () => fromPaths({ a: tensor(1) }, { a: tensor([1]) })],
    ["another dtype", "dtype", () => fromPaths({ a: tensor(1) }, { a: tensor(1, { dtype: "f32" }) })],
  ])("%s are told", (_says, code, body) => {
    expect(codeOf(body)).toBe(code);
  });

  test("every dtype may be saved", () => {
    for (const dtype of dtypes) expect(toPaths({ x: tensor(1, { dtype }) }).x?.dtype).toBe(dtype);
  });
});
