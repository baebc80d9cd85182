// The format safetensors: named tensors in one file, with their types in front.
import { AdError, type Data, type DType, type Tensor, tensor } from "@nonsmooth/ad-core";
import { bf16Bits, f16Bits, fromBf16Bits, fromF16Bits } from "./sixteenBits.ts";

/** Tensors by name, and facts about them as text. */
export interface NamedTensors {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A format as the file calls it, how long a number is, and how numbers are read and written. */
interface Format {
  readonly name: string;
  readonly bytes: number;
  readonly write: (view: DataView, at: number, value: number) => void;
  readonly read: (view: DataView, at: number) => number;
}

const sixteen = (name: string, bits: (value: number) => number, value: (bits: number) => number): Format => ({
  name,
  bytes: 2,
  write: (view, at, number) => view.setUint16(at, bits(number), true),
  read: (view, at) => value(view.getUint16(at, true)),
});

const formats: Readonly<Record<DType, Format>> = {
  f64: {
    name: "F64",
    bytes: 8,
    write: (view, at, value) => view.setFloat64(at, value, true),
    read: (view, at) => view.getFloat64(at, true),
  },
  f32: {
    name: "F32",
    bytes: 4,
    write: (view, at, value) => view.setFloat32(at, value, true),
    read: (view, at) => view.getFloat32(at, true),
  },
  f16: sixteen("F16", f16Bits, fromF16Bits),
  bf16: sixteen("BF16", bf16Bits, fromBf16Bits),
  i32: {
    name: "I32",
    bytes: 4,
    write: (view, at, value) => view.setInt32(at, value, true),
    read: (view, at) => view.getInt32(at, true),
  },
  bool: {
    name: "BOOL",
    bytes: 1,
    write: (view, at, value) => view.setUint8(at, value),
    read: (view, at) => view.getUint8(at),
  },
};

const dtypeOf = new Map(Object.entries(formats).map(([dtype, { name }]) => [name, dtype as DType]));

/** What the head of the file says about a tensor. */
interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** The largest head that a file may have. */
const longestHead = 100_000_000;

/**
 * Writes tensors as one file of the format safetensors: eight bytes of length, a head in JSON, then the numbers, the
 * lowest byte first. Every bit is kept; the same tensors give the same bytes.
 *
 * @param tensors - by name, in any format; the order is that of the object
 * @param metadata - facts as text
 * @returns the bytes of the file
 * @throws AdError "data" for the reserved name `__metadata__`
 * @example
 * readSafetensors(writeSafetensors({ w: tensor([1, -0]) })).tensors.w // [1, -0]
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const head: Record<string, Entry | typeof metadata> = {};
  if (Object.keys(metadata).length > 0) head.__metadata__ = metadata;
  let end = 0;
  for (const [name, { dtype, shape }] of Object.entries(tensors)) {
    if (name === "__metadata__") throw refuse("a tensor has a reserved name", "another name", name);
    const start = end;
    end += formats[dtype].bytes * sizeOf(shape);
    head[name] = { dtype: formats[dtype].name, shape, data_offsets: [start, end] };
  }
  const text = asciiOf(JSON.stringify(head));
  const length = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + length + end);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(length), true);
  bytes.fill(0x20, 8, 8 + length);
  bytes.set(text, 8);
  let at = 8 + length;
  for (const { dtype, data } of Object.values(tensors)) at = writeNumbers(view, at, data, formats[dtype]);
  return bytes;
}

/** JSON in bytes: what is not ASCII is escaped. */
const asciiOf = (json: string): Uint8Array => {
  const escape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return Uint8Array.from(json.replace(/[\u0080-\uffff]/g, escape), (letter) => letter.charCodeAt(0));
};

/** The text of bytes in UTF-8; throws when they are none. */
const textOf = (bytes: Uint8Array): string =>
  decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""));

function writeNumbers(view: DataView, start: number, data: Data, { bytes, write }: Format): number {
  for (let i = 0; i < data.length; i++) write(view, start + i * bytes, data[i] as number);
  return start + data.length * bytes;
}

/**
 * Reads a file of the format safetensors.
 *
 * @param bytes - the whole file
 * @returns its tensors in the order of the head, and its metadata
 * @throws AdError "parse" when the head is none; "data" when the numbers are not those that the head speaks of;
 *   "unsupported" for formats that ad-core does not have
 * @example
 * readSafetensors(writeSafetensors({}, { step: "7" })).metadata // { step: "7" }
 */
export function readSafetensors(bytes: Uint8Array): NamedTensors {
  const { entries, metadata, start } = readHead(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let expected = 0;
  const tensors = Object.fromEntries(
    entries.map(([name, entry]) => {
      const found = readTensor(view, start, name, entry, expected);
      expected = entry.data_offsets[1];
      return [name, found];
    }),
  );
  const got = bytes.length - start;
  if (got !== expected) throw refuse("the file has another length", `${expected} bytes of numbers`, `${got}`);
  return { tensors, metadata };
}

interface Head {
  readonly entries: readonly (readonly [string, Entry])[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly start: number;
}

function readHead(bytes: Uint8Array): Head {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 8 ? -1 : Number(view.getBigUint64(0, true));
  if (length < 2 || length > longestHead || length > bytes.length - 8) {
    throw refuse("no head", "its length in the first eight bytes", `${length}`, "parse");
  }
  const { __metadata__: metadata = {}, ...rest } = parsed(bytes.subarray(8, 8 + length));
  const entries = Object.entries(rest).map(([name, entry]) => [name, checkEntry(name, entry)] as const);
  return { entries, metadata: checkMetadata(metadata), start: 8 + length };
}

function parsed(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const found: unknown = JSON.parse(textOf(bytes));
    if (typeof found === "object" && found !== null && !Array.isArray(found)) return found as Record<string, unknown>;
  } catch {
    // told below, as any other head that is none
  }
  throw refuse("the head is no object of JSON", "JSON", "something else", "parse");
}

const isWhole = (n: unknown): boolean => Number.isSafeInteger(n) && (n as number) >= 0;

function checkEntry(name: string, value: unknown): Entry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Partial<Entry>;
  const isEntry =
    typeof dtype === "string" &&
    Array.isArray(shape) &&
    shape.every(isWhole) &&
    Array.isArray(offsets) &&
    offsets.length === 2 &&
    offsets.every(isWhole);
  if (isEntry) return value as Entry;
  throw refuse(`the head does not describe ${name}`, "dtype, shape and data_offsets", JSON.stringify(value), "parse");
}

function checkMetadata(value: unknown): Readonly<Record<string, string>> {
  const isTexts =
    typeof value === "object" && value !== null && Object.values(value).every((v) => typeof v === "string");
  if (isTexts) return value as Record<string, string>;
  throw refuse("the metadata is no table of texts", "texts by name", JSON.stringify(value), "parse");
}

function readTensor(view: DataView, start: number, name: string, entry: Entry, expected: number): Tensor {
  const {
    shape,
    data_offsets: [from, to],
  } = entry;
  const dtype = dtypeOf.get(entry.dtype);
  if (dtype === undefined)
    throw refuse(`${name} has another format`, [...dtypeOf.keys()].join(", "), entry.dtype, "unsupported");
  const { bytes, read } = formats[dtype];
  const fits = from === expected && to - from === bytes * sizeOf(shape) && start + to <= view.byteLength;
  if (!fits) {
    const told = `${bytes * sizeOf(shape)} bytes from ${expected} on`;
    throw refuse(`the numbers of ${name} do not fit`, told, `${from} to ${to} of ${view.byteLength - start}`);
  }
  const values = Float64Array.from({ length: sizeOf(shape) }, (_, i) => read(view, start + from + i * bytes));
  return tensor(values, { shape, dtype });
}

function refuse(
  problem: string,
  expected: string,
  got: string,
  code: "data" | "parse" | "unsupported" = "data",
): AdError {
  const remedy = "check which file it is; a file that was cut off must be written again";
  return new AdError({ code, where: "safetensors", problem, expected, got, remedy });
}
