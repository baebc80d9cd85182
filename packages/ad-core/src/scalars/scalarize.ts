// The scalar program that a function of tensors stands for.
import { atSite, interpreter, within } from "../door/interpreter.ts";
import { type Cells, type Instruction, mapInputs } from "../door/primitive.ts";
import type { Call, Interpreter } from "../door/roles.ts";
import { escaped, Traced } from "../door/traced.ts";
import { isReal, pack } from "../dtypes/dtype.ts";
import { AdError } from "../errors/adError.ts";
import { dtypeError } from "../errors/messages.ts";
import { customValuePrimitive } from "../primitives/conversions.ts";
import { DenseTensor, type Tensor, type TensorType } from "../tensors/tensor.ts";
import { flattenArguments, lower, type TreeFunction } from "../transforms/frontend.ts";
import { scalarBuilder } from "./builder.ts";
import { type Folded, Folding } from "./folding.ts";
import type { ScalarProgram } from "./program.ts";

/** Records scalar instructions for what depends on its inputs; what does not is computed at once. */
class Scalars implements Interpreter {
  readonly outer: Interpreter;
  readonly folding: Folding = new Folding(scalarBuilder());

  constructor(outer: Interpreter) {
    this.outer = outer;
  }

  isOwn(x: Tensor): x is Traced<ArrayLike<Folded>> {
    return x instanceof Traced && x.owner === this;
  }

  /** An argument: its elements are inputs of the program when they are real. */
  input(x: Tensor): Tensor {
    if (!isReal(x.dtype)) return x;
    if (x.dtype !== "f64") throw dtypeError("scalarize", "f64", [x.dtype], 'convert it with cast(x, "f64")');
    return this.follow(
      x,
      Array.from(this.numbersOf(x), (value) => this.folding.builder.input(value)),
    );
  }

  numbersOf(x: Tensor): ArrayLike<number> {
    if (x instanceof DenseTensor) return x.data;
    throw escaped("scalarize", "a traced tensor of a transform around it is used inside", "pass it as an argument");
  }

  elementsOf(x: Tensor): ArrayLike<Folded> {
    return this.isOwn(x) ? x.content : Array.from(this.numbersOf(x), (value) => this.folding.constant(value));
  }

  /** A tensor of these elements; when all of them are known it is one with numbers. */
  follow(type: TensorType, elements: ArrayLike<Folded>): Tensor {
    const { shape, dtype } = type;
    const numbers = Array.from(elements);
    if (numbers.every((n) => n < 0)) {
      return new DenseTensor(
        shape,
        dtype,
        pack(
          dtype,
          numbers.map((n) => this.folding.read(n)),
        ),
      );
    }
    if (dtype === "f64" || dtype === "bool") return new Traced(this, type as Tensor, elements);
    throw dtypeError(
      "scalarize",
      "f64 or bool for what depends on the arguments",
      [dtype],
      "compute in f64 throughout",
    );
  }

  process(instruction: Instruction): Tensor {
    if (!instruction.inputs.some((x) => this.isOwn(x))) return this.outer.process(instruction);
    const { primitive, site } = instruction;
    if (primitive === customValuePrimitive) throw ownDerivative();
    const run = primitive.statement ? () => this.eachElement(instruction) : () => this.kernel(instruction);
    return this.follow(instruction, site === "" ? run() : this.folding.builder.atSite(site, run));
  }

  /** One instruction for each element. */
  eachElement({ primitive, inputs, params }: Instruction): Folded[] {
    const operands = inputs.map((x) => this.elementsOf(x));
    const at = (i: number): Folded[] => operands.map((elements) => elements[i] as Folded);
    return Array.from(operands[0] as ArrayLike<Folded>, (_, i) => this.folding.apply(primitive, at(i), params));
  }

  /** What the kernel computes, instruction by instruction. */
  kernel({ primitive, inputs, params, dtype }: Instruction): ArrayLike<Folded> {
    const { arithmetic } = this.folding;
    const cells = mapInputs(
      inputs,
      (x): Cells<Folded> => ({ shape: x.shape, dtype: x.dtype, data: this.elementsOf(x) }),
    );
    const elements = primitive.forward(arithmetic, cells, params);
    if (dtype !== "bool" || inputs[0].dtype === "bool") return elements;
    const { equal, constant } = arithmetic.each;
    return Array.from(elements, (n) => equal(equal(n, constant(0)), constant(0)));
  }

  call({ operation, inputs, site }: Call): readonly Tensor[] {
    if (operation.isCustom && inputs.some((x) => this.isOwn(x))) throw ownDerivative();
    return within(this, () => atSite(site, () => operation.run(inputs)));
  }

  isTrue(condition: Tensor): boolean {
    if (!this.isOwn(condition)) return this.outer.isTrue(condition);
    const element = condition.content[0] as Folded;
    return element < 0 ? this.folding.read(element) !== 0 : this.folding.builder.isTrue(element);
  }
}

function ownDerivative(): AdError {
  return new AdError({
    code: "unsupported",
    where: "scalarize",
    problem: "a function brings a derivative of its own",
    expected: "operations whose derivative follows from their scalar functions",
    got: "customDerivative",
    remedy: "leave customDerivative out, or state the function with elementary",
  });
}

/**
 * The scalar program that a function of tensors stands for: an elementary operation is one instruction for each element,
 * any other the instructions of its kernel.
 *
 * Inputs are the elements of all real arguments, in order; outputs those of all results. What does not depend on an
 * input is computed and becomes a constant, or leaves nothing. A kernel that looks at numbers (`sort`, `argmax`, the
 * weights of ties) records what it did at these arguments; the program stops where those numbers would be others. Kinks of kernels are those of their instructions: a
 * max-pool is made of `maximum`, with its name and default.
 * Cost: as many instructions as the cost of the function says.
 *
 * @param f - a function of trees of tensors, which may return any tree; it may branch with isTrue, which leaves a guard
 * @param args - the arguments, in a list; real ones of dtype `f64`
 * @returns the program, recorded at these arguments
 * @throws AdError "dtype" for other real formats; "unsupported" for a function with a derivative of its own; "escaped"
 *   when `f` reads the numbers of its arguments
 * @example
 * const program = scalarize((x, y) => sum(mul(x, relu(y))), [tensor([1, 2]), tensor([3, -4])]);
 * [...instructionsOf(program)].map(({ name }) => name) // ["relu", "relu", "mul", "mul", "add"]
 * program.recorded.reverse() // [3, 0, 1, 0]
 */
export function scalarize<Args extends readonly unknown[]>(
  f: (...args: Args) => unknown,
  args: readonly [...Args],
): ScalarProgram {
  const flat = flattenArguments("scalarize", args);
  const lowered = lower("scalarize", f as TreeFunction, flat.form);
  const scalars = new Scalars(interpreter());
  const inputs = flat.leaves.map((x) => scalars.input(x));
  const outputs = within(scalars, () => lowered.run(inputs));
  const cells = outputs.flatMap((y) => Array.from(scalars.elementsOf(y), (n) => scalars.folding.cellOf(n)));
  return scalars.folding.builder.program(cells);
}
