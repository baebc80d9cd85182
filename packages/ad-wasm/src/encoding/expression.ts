// Expressions: trees of instructions that leave one value on the stack.
import type { Bytes } from "./bytes.ts";
import { type Letter, type OperationName, operations } from "./operations.ts";

/** The types of values. */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

/** Something that computes a value. It is written wherever it stands, so what stands twice is computed twice. */
export interface Expression {
  readonly type: ValueType;
  write(out: Bytes): void;
}

/** An expression, or a number that becomes a constant of the type that is needed. */
export type Value = Expression | number;

const typeOf: Readonly<Record<Letter, ValueType>> = { i: "i32", l: "i64", f: "f32", d: "f64", v: "v128" };

/** The bytes of an instruction behind a prefix. */
function writeCode(out: Bytes, prefix: number, code: number): void {
  if (prefix === 0) out.push(code);
  else {
    out.push(prefix);
    out.unsigned(code);
  }
}

const constants: Readonly<Record<ValueType, (out: Bytes, value: number | bigint) => void>> = {
  i32(out, value) {
    out.push(0x41);
    out.signed(Number(value) | 0);
  },
  i64(out, value) {
    out.push(0x42);
    out.signed(BigInt.asIntN(64, BigInt(value)));
  },
  f32(out, value) {
    out.push(0x43);
    out.f32(Number(value));
  },
  f64(out, value) {
    out.push(0x44);
    out.f64(Number(value));
  },
  v128(_out, value) {
    throw new Error(`${value} is no vector`);
  },
};

/** A number as an expression. Vectors have constants of their own. */
export function constant(type: ValueType, value: number | bigint): Expression {
  const write = constants[type];
  return { type, write: (out) => write(out, value) };
}

const asExpression = (type: ValueType, value: Value): Expression => {
  const found = typeof value === "number" ? constant(type, value) : value;
  if (found.type === type) return found;
  throw new Error(`expected ${type}, got ${found.type}`);
};

/** An instruction applied to its operands; numbers become constants. */
export function op(name: OperationName, ...operands: readonly Value[]): Expression {
  const { prefix, code, operands: letters, result } = operations[name];
  if (letters.length !== operands.length) throw new Error(`${name} takes ${letters.length} operands`);
  const inner = operands.map((operand, i) => asExpression(typeOf[letters[i] as Letter], operand));
  return {
    type: typeOf[result],
    write(out) {
      for (const one of inner) one.write(out);
      writeCode(out, prefix, code);
    },
  };
}

const loads = {
  "i32.load": ["i32", 0, 0x28],
  "i64.load": ["i64", 0, 0x29],
  "f32.load": ["f32", 0, 0x2a],
  "f64.load": ["f64", 0, 0x2b],
  "i32.load8_s": ["i32", 0, 0x2c],
  "i32.load8_u": ["i32", 0, 0x2d],
  "i32.load16_u": ["i32", 0, 0x2f],
  "v128.load": ["v128", 0xfd, 0x00],
  "v128.load32_splat": ["v128", 0xfd, 0x09],
  "v128.load64_splat": ["v128", 0xfd, 0x0a],
  "v128.load32_zero": ["v128", 0xfd, 0x5c],
  "v128.load64_zero": ["v128", 0xfd, 0x5d],
  "i32.atomic.load": ["i32", 0xfe, 0x10],
} as const;

/** The name of an instruction that reads memory. */
export type LoadName = keyof typeof loads;

/** How far the address of an atomic access must be aligned; for others alignment is only a hint. */
const alignmentOf = (prefix: number): number => (prefix === 0xfe ? 2 : 0);

/** Reads memory at an address plus a constant. */
export function load(name: LoadName, address: Value, offset = 0): Expression {
  const [type, prefix, code] = loads[name];
  const at = asExpression("i32", address);
  return {
    type,
    write(out) {
      at.write(out);
      writeCode(out, prefix, code);
      out.unsigned(alignmentOf(prefix));
      out.unsigned(offset);
    },
  };
}

const atomics = {
  "i32.atomic.rmw.add": [0x1e, ["i32"]],
  "memory.atomic.notify": [0x00, ["i32"]],
  "memory.atomic.wait32": [0x01, ["i32", "i64"]],
} as const;

/** An atomic instruction at an address: what was there, how many were woken, or why a wait ended. */
export function atomic(name: keyof typeof atomics, address: number, ...operands: readonly Value[]): Expression {
  const [code, types] = atomics[name];
  const inner = operands.map((operand, i) => asExpression(types[i] as ValueType, operand));
  return {
    type: "i32",
    write(out) {
      constant("i32", address).write(out);
      for (const one of inner) one.write(out);
      out.push(0xfe, code, 2, 0);
    },
  };
}

const stores = {
  "i32.store": ["i32", 0, 0x36],
  "i64.store": ["i64", 0, 0x37],
  "f32.store": ["f32", 0, 0x38],
  "f64.store": ["f64", 0, 0x39],
  "i32.store8": ["i32", 0, 0x3a],
  "v128.store": ["v128", 0xfd, 0x0b],
  "v128.store32_lane": ["v128", 0xfd, 0x5a],
  "v128.store64_lane": ["v128", 0xfd, 0x5b],
  "i32.atomic.store": ["i32", 0xfe, 0x17],
} as const;

/** The name of an instruction that writes memory; those of lanes write lane 0. */
export type StoreName = keyof typeof stores;

/** Writes a value to memory at an address plus a constant. */
export function writeStore(out: Bytes, name: StoreName, address: Value, value: Value, offset: number): void {
  const [type, prefix, code] = stores[name];
  asExpression("i32", address).write(out);
  asExpression(type, value).write(out);
  writeCode(out, prefix, code);
  out.unsigned(alignmentOf(prefix));
  out.unsigned(offset);
  if (name.endsWith("_lane")) out.push(0);
}

const lanes = {
  i32x4: ["i32", 0x1b, 0x1c],
  i64x2: ["i64", 0x1d, 0x1e],
  f32x4: ["f32", 0x1f, 0x20],
  f64x2: ["f64", 0x21, 0x22],
} as const;

/** How the lanes of a vector are read. */
export type LaneShape = keyof typeof lanes;

/** One lane of a vector. */
export function lane(shape: LaneShape, vector: Expression, index: number): Expression {
  const [type, code] = lanes[shape];
  return {
    type,
    write(out) {
      vector.write(out);
      out.push(0xfd, code, index);
    },
  };
}

/** A vector with one lane replaced. */
export function withLane(shape: LaneShape, vector: Expression, index: number, value: Value): Expression {
  const [type, , code] = lanes[shape];
  const inner = asExpression(type, value);
  return {
    type: "v128",
    write(out) {
      vector.write(out);
      inner.write(out);
      out.push(0xfd, code, index);
    },
  };
}

/** Sixteen bytes of two vectors, by their numbers from 0 to 31. */
export const shuffle = (a: Expression, b: Expression, bytes: readonly number[]): Expression => ({
  type: "v128",
  write(out) {
    a.write(out);
    b.write(out);
    out.push(0xfd, 0x0d, ...bytes);
  },
});

/** A vector whose lanes are the numbers of a typed array of 16 bytes. */
export const vector = (numbers: Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array): Expression => ({
  type: "v128",
  write(out) {
    out.push(0xfd, 0x0c);
    out.append(new Uint8Array(numbers.buffer, numbers.byteOffset, 16));
  },
});

/** One of two values, by a condition; both are computed. */
export function select(condition: Value, a: Expression, b: Expression): Expression {
  const test = asExpression("i32", condition);
  return {
    type: a.type,
    write(out) {
      a.write(out);
      b.write(out);
      test.write(out);
      if (a.type === "v128") out.push(0x1c, 1, 0x7b);
      else out.push(0x1b);
    },
  };
}

/** Writes a value that must have a type. */
export const writeValue = (out: Bytes, type: ValueType, value: Value): void => asExpression(type, value).write(out);

/** The bytes that stand for types. */
export const typeCodes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};
