// The single door, and who stands in it.
import type { Accumulate } from "../arithmetic/formats.ts";
import { AdError } from "../errors/adError.ts";
import { checkShape } from "../tensors/shape.ts";
import { checkOperand, DenseTensor, type Tensor } from "../tensors/tensor.ts";
import { evaluate } from "./evaluate.ts";
import { commonDType, type Inputs, type Instruction, mapInputs, type Primitive } from "./primitive.ts";
import type { Call, Interpreter } from "./roles.ts";
import { escaped } from "./traced.ts";

/** The bottom of the stack: computes at once, on the reference arithmetic. */
export function eagerly(accumulate: Accumulate): Interpreter {
  const eager: Interpreter = {
    process: (instruction) => evaluate({ ...instruction, inputs: mapInputs(instruction.inputs, dense) }, accumulate),
    call: (call) => within(eager, () => atSite(call.site, () => call.operation.run(call.inputs.map(dense)))),
    isTrue: (condition) => dense(condition).data[0] !== 0,
  };
  return eager;
}

function dense(x: Tensor): DenseTensor {
  if (x instanceof DenseTensor) return x;
  const remedy = "pass it as an argument instead of keeping it in a variable, and do not use it after the transform";
  throw escaped("apply", "a traced tensor is used outside its transform", remedy);
}

let current: Interpreter = eagerly("f32");

/** The interpreter that stands in the doorway now. */
export const interpreter = (): Interpreter => current;

/** Runs `body` under `inner`, restoring the outer interpreter even when it throws. */
export function within<T>(inner: Interpreter, body: () => T): T {
  const outer = current;
  current = inner;
  try {
    return body();
  } finally {
    current = outer;
  }
}

/**
 * The single door: every operation of every program passes here. Types are checked before any arithmetic.
 *
 * @param primitive - the record of the operation
 * @param list - tensors of the shapes and dtypes that the record asks for; nothing is broadcast or converted here
 * @param params - the operation's settings
 * @param site - the name that the caller gave to this place
 * @returns the result
 * @throws AdError "shape" or "dtype" as the record says; "data" when an input is no tensor
 * @example
 * apply({ name: "me/twice", shape: ([x]) => x.shape, forward: (k, [x]) => Array.from(x.data, (v) => k.each.add(v, v)), linearize: () => [null], cost: ([x]) => ({ add: x.shape[0] }) }, [tensor([1, 2])], null) // [2, 4]
 */
export function apply<P>(primitive: Primitive<P>, list: readonly Tensor[], params: P, site = ""): Tensor {
  for (const x of list) checkOperand(primitive.name, x);
  const inputs = list as Inputs<Tensor>;
  const dtype = primitive.dtype?.(inputs, params) ?? commonDType(primitive.name, inputs);
  const shape = checkShape(primitive.name, primitive.shape(inputs, params));
  return current.process({ primitive, inputs, params, site, shape, dtype } as Instruction);
}

/**
 * Reads a condition of one element, to branch on it: the only way a program may look at its own values.
 * The branch taken is differentiated; the one not taken is not seen.
 *
 * @param condition - one element, any dtype; zero is false
 * @returns whether it is true
 * @throws AdError "shape" for more than one element
 * @example
 * isTrue(less(1, 2)) // true
 */
export function isTrue(condition: Tensor): boolean {
  checkOperand("isTrue", condition);
  if (condition.shape.every((n) => n === 1)) return current.isTrue(condition);
  throw new AdError({
    code: "shape",
    where: "isTrue",
    problem: "a branch needs one condition",
    expected: "one element",
    got: `[${condition.shape.join(", ")}]`,
    remedy: "reduce it with any or all",
  });
}

/** Puts a name in front of the sites of all operations inside. */
class Site implements Interpreter {
  readonly name: string;
  readonly outer: Interpreter;

  constructor(name: string, outer: Interpreter) {
    this.name = name;
    this.outer = outer;
  }

  process(instruction: Instruction): Tensor {
    return this.outer.process({ ...instruction, site: this.prefixed(instruction.site) });
  }

  call(call: Call): readonly Tensor[] {
    return this.outer.call({ ...call, site: this.prefixed(call.site) });
  }

  prefixed(site: string): string {
    return site === "" ? this.name : `${this.name}/${site}`;
  }

  isTrue(condition: Tensor): boolean {
    return this.outer.isTrue(condition);
  }
}

/**
 * Names a part of a program: operations inside have sites that begin with `name/`, and selections may speak of them.
 *
 * @param name - not empty
 * @param body - what is run there
 * @returns what `body` returns
 * @example
 * grad((x) => atSite("block1", () => relu(x)), { select: { "relu@block1": last } })(tensor(0)) // 1
 */
export const atSite = <T>(name: string, body: () => T): T =>
  name === "" ? body() : within(new Site(name, current), body);
