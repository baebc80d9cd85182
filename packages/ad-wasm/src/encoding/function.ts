// Functions: statements in the order in which they run.
import { Bytes } from "./bytes.ts";
import {
  type Expression,
  op,
  type StoreName,
  typeCodes,
  type Value,
  type ValueType,
  writeStore,
  writeValue,
} from "./expression.ts";

/** A variable of a function. */
export interface Local extends Expression {
  readonly index: number;
}

/** A function of a module. */
export interface FunctionRef {
  readonly index: number;
  readonly params: readonly ValueType[];
  /** Null when it returns nothing. */
  readonly result: ValueType | null;
}

/** The value of a call. */
export function call({ index, params, result }: FunctionRef, ...args: readonly Value[]): Expression {
  if (result === null) throw new Error("a function without result is called by a statement");
  return { type: result, write: (out) => writeCall(out, index, params, args) };
}

function writeCall(out: Bytes, index: number, params: readonly ValueType[], args: readonly Value[]): void {
  if (params.length !== args.length) throw new Error(`expected ${params.length} arguments, got ${args.length}`);
  args.forEach((arg, i) => {
    writeValue(out, params[i] as ValueType, arg);
  });
  out.push(0x10);
  out.unsigned(index);
}

/** Writes the body of a function, statement by statement. */
export class FunctionBuilder {
  readonly params: readonly Local[];
  private readonly locals: ValueType[] = [];
  private readonly isApart: boolean;
  private readonly code = new Bytes();

  /** @param isApart - whether vectors are stored so that the host does not see that they are neighbours */
  constructor(params: readonly ValueType[], isApart = false) {
    this.isApart = isApart;
    this.params = params.map((type, index) => this.variable(type, index));
  }

  /** A new variable, 0 at first. */
  local(type: ValueType): Local {
    this.locals.push(type);
    return this.variable(type, this.params.length + this.locals.length - 1);
  }

  /** A new variable with a value. */
  let(value: Expression): Local {
    const local = this.local(value.type);
    this.set(local, value);
    return local;
  }

  set(local: Local, value: Value): void {
    writeValue(this.code, local.type, value);
    this.code.push(0x21);
    this.code.unsigned(local.index);
  }

  /** `local = operation(local, value)`, such as an addition. */
  update(local: Local, name: Parameters<typeof op>[0], value: Value): void {
    this.set(local, op(name, local, value));
  }

  store(name: StoreName, address: Value, value: Value, offset = 0): void {
    const isMoved = this.isApart && name === "v128.store" && offset > 0;
    writeStore(this.code, name, isMoved ? op("i32.add", address, offset) : address, value, isMoved ? 0 : offset);
  }

  call({ index, params, result }: FunctionRef, ...args: readonly Value[]): void {
    writeCall(this.code, index, params, args);
    if (result !== null) this.code.push(0x1a);
  }

  /** Does something for its effect. */
  drop(value: Expression): void {
    value.write(this.code);
    this.code.push(0x1a);
  }

  /** Copies memory. */
  copy(to: Value, from: Value, bytes: Value): void {
    for (const value of [to, from, bytes]) writeValue(this.code, "i32", value);
    this.code.push(0xfc, 0x0a, 0, 0);
  }

  /** Fills memory with a byte. */
  fill(to: Value, byte: Value, bytes: Value): void {
    for (const value of [to, byte, bytes]) writeValue(this.code, "i32", value);
    this.code.push(0xfc, 0x0b, 0);
  }

  if(condition: Value, then: () => void, otherwise?: () => void): void {
    writeValue(this.code, "i32", condition);
    this.code.push(0x04, 0x40);
    then();
    if (otherwise) {
      this.code.push(0x05);
      otherwise();
    }
    this.code.push(0x0b);
  }

  /** Runs the body `table[index]`; the last of all bodies where the table ends. */
  switch(index: Value, table: readonly number[], bodies: readonly (() => void)[]): void {
    // One block around everything, to leave by, and one for each body, which it begins behind.
    for (let depth = 0; depth <= bodies.length; depth++) this.code.push(0x02, 0x40);
    writeValue(this.code, "i32", index);
    this.code.push(0x0e);
    this.code.unsigned(table.length);
    for (const body of [...table, bodies.length - 1]) this.code.unsigned(body);
    bodies.forEach((body, i) => {
      this.code.push(0x0b);
      body();
      this.code.push(0x0c);
      this.code.unsigned(bodies.length - 1 - i);
    });
    this.code.push(0x0b);
  }

  /** Runs the body at least once, and again as long as the condition holds. */
  do(body: () => void, condition: () => Value): void {
    this.code.push(0x03, 0x40);
    body();
    writeValue(this.code, "i32", condition());
    this.code.push(0x0d, 0, 0x0b);
  }

  /** Runs the body as long as the condition holds before it. */
  while(condition: () => Value, body: () => void): void {
    this.if(condition(), () => this.do(body, condition));
  }

  /** Counts `i` from a value up, by steps, below an end that does not change; numbers are compared with their sign. */
  for(i: Local, from: Value, to: Value, step: number, body: () => void): void {
    this.set(i, from);
    this.while(
      () => op("i32.lt_s", i, to),
      () => {
        body();
        this.update(i, "i32.add", step);
      },
    );
  }

  /** A new counter that runs through a range. */
  range(from: Value, to: Value, step: number, body: (i: Local) => void): void {
    const i = this.local("i32");
    this.for(i, from, to, step, () => body(i));
  }

  return(value?: Expression): void {
    value?.write(this.code);
    this.code.push(0x0f);
  }

  /** The value that the function ends with. */
  result(value: Expression): void {
    value.write(this.code);
  }

  /** The body as a module holds it: runs of locals, then code. */
  finish(): Uint8Array {
    const out = new Bytes();
    out.unsigned(this.locals.length);
    for (const type of this.locals) out.push(1, typeCodes[type]);
    out.append(this.code.bytes);
    out.push(0x0b);
    return out.bytes;
  }

  private variable(type: ValueType, index: number): Local {
    return {
      type,
      index,
      write(out) {
        out.push(0x20);
        out.unsigned(index);
      },
    };
  }
}
