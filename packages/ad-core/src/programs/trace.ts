// Recording a program: an interpreter that computes nothing unless the program looks.
import { apply, atSite, interpreter, within } from "../door/interpreter.ts";
import { type Instruction, mapInputs } from "../door/primitive.ts";
import type { Call, Interpreter } from "../door/roles.ts";
import { escaped, Traced } from "../door/traced.ts";
import { isReal } from "../dtypes/dtype.ts";
import { customValuePrimitive } from "../primitives/conversions.ts";
import { DenseTensor, type Tensor, type TensorType } from "../tensors/tensor.ts";
import type { Like } from "../tensors/tree.ts";
import { flattenArguments, lower, type TreeFunction } from "../transforms/frontend.ts";
import { makeProgram, type Place, type Program } from "./program.ts";
import { Recorder } from "./recorder.ts";

/** Records what depends on its inputs; what does not is computed at once and becomes a constant. */
class Trace implements Interpreter {
  readonly outer: Interpreter;
  readonly recorder: Recorder;
  /** Values of places, computed when a branch asks for them. */
  readonly known: Map<Place, Tensor>;
  readonly instructions: Instruction[] = [];

  constructor(outer: Interpreter, inputs: readonly Tensor[]) {
    this.outer = outer;
    this.recorder = new Recorder(inputs.map(({ shape, dtype }) => ({ shape, dtype })));
    this.known = new Map(inputs.map((x, i) => [i, x]));
  }

  /** A value of the program, which has a type but no numbers. */
  follow(type: TensorType, place: Place): Tensor {
    return new Traced(this, type as Tensor, place);
  }

  isOwn(x: Tensor): x is Traced<Place> {
    return x instanceof Traced && x.owner === this;
  }

  placeOf(x: Tensor): Place {
    if (this.isOwn(x)) return x.content;
    if (x instanceof DenseTensor) return this.recorder.constant(x);
    throw escaped("trace", "a traced tensor of a transform around the trace is used inside", "pass it as an argument");
  }

  process(instruction: Instruction): Tensor {
    if (!instruction.inputs.some((x) => this.isOwn(x))) return this.outer.process(instruction);
    const { shape, dtype, primitive, params, site } = instruction;
    const operands = instruction.inputs.map((x) => this.placeOf(x));
    const place = this.recorder.add({ primitive, params, site, operands, shape, dtype });
    this.instructions.push(instruction);
    return this.follow({ shape, dtype }, place);
  }

  call({ operation, inputs, site }: Call): readonly Tensor[] {
    return within(this, () =>
      atSite(site, () => {
        const outputs = operation.run(inputs);
        if (!operation.isCustom) return outputs;
        const followed = inputs.filter((x) => this.isOwn(x) && isReal(x.dtype));
        return outputs.map((y) => (isReal(y.dtype) ? apply(customValuePrimitive, [y, ...followed], null) : y));
      }),
    );
  }

  isTrue(condition: Tensor): boolean {
    if (!this.isOwn(condition)) return this.outer.isTrue(condition);
    const answer = this.outer.isTrue(this.valueAt(condition));
    this.recorder.guard(condition.content, answer);
    return answer;
  }

  /** Computes a value of the program, and what it needs, at the arguments that it is being recorded at. */
  valueAt(x: Tensor): Tensor {
    if (!this.isOwn(x)) return x;
    for (const place of this.missingFor(x.content)) {
      const instruction = this.instructions[place - this.recorder.inputTypes.length] as Instruction;
      const inputs = mapInputs(instruction.inputs, (input) => this.knownValue(input));
      this.known.set(place, this.outer.process({ ...instruction, inputs }));
    }
    return this.knownValue(x);
  }

  knownValue(x: Tensor): Tensor {
    return this.isOwn(x) ? (this.known.get(x.content) as Tensor) : x;
  }

  /** Places that a value needs and that were not computed yet, in the order of the program. */
  missingFor(place: Place): Place[] {
    const missing = new Set<Place>();
    const open = [place];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (this.known.has(next) || missing.has(next)) continue;
      missing.add(next);
      const { inputs } = this.instructions[next - this.recorder.inputTypes.length] as Instruction;
      for (const input of inputs) if (this.isOwn(input)) open.push(input.content);
    }
    return [...missing].toSorted((a, b) => a - b);
  }
}

/**
 * Records a function as a program, at arguments that give the types of its inputs.
 *
 * Nothing is computed, but what a branch by {@link isTrue} asks for: the branch taken is recorded with a guard, and a
 * replay whose condition differs stops. What does not depend on the arguments is computed and becomes a constant.
 * Any composition of operations and transforms can be recorded, a whole training step included. Derivatives of your own
 * (`customDerivative`) are honoured inside, and cannot be taken of the program.
 *
 * @param f - a function of trees of tensors, which may return any tree
 * @param args - the arguments, in a list
 * @returns the program: a function of the same arguments
 * @throws AdError "escaped" when `f` reads the numbers of its arguments or uses a traced tensor that is not among them
 * @example
 * const program = trace((x) => sum(relu(x)), [tensor([-1, 2])]);
 * program(tensor([3, 4])) // 7
 * grad(program)(tensor([3, -4])) // [1, 0]
 */
export function trace<Args extends readonly unknown[], Out>(
  f: (...args: Args) => Out,
  args: readonly [...Args],
): Program<Args, Like<Out>> {
  const flat = flattenArguments("trace", args);
  const lowered = lower("trace", f as TreeFunction, flat.form);
  const recording = new Trace(interpreter(), flat.leaves);
  const inputs = recording.recorder.inputTypes.map((type, i) => recording.follow(type, i));
  const outputs = within(recording, () => lowered.run(inputs));
  const finished = recording.recorder.finish(outputs.map((y) => recording.placeOf(y)));
  return makeProgram({ ...finished, argumentsForm: flat.form, outputForm: lowered.form() });
}
