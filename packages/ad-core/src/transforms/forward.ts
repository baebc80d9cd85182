// Forward mode: an interpreter whose values carry tangents.
import type { Chooser } from "../door/chooser.ts";
import { atSite, within } from "../door/interpreter.ts";
import { linearizeInstruction } from "../door/linearize.ts";
import { type Instruction, type Maybe, mapInputs } from "../door/primitive.ts";
import type { Call, Interpreter } from "../door/roles.ts";
import { Traced } from "../door/traced.ts";
import { isReal } from "../dtypes/dtype.ts";
import type { Tensor } from "../tensors/tensor.ts";
import { joint } from "./tape.ts";

/** Carries one tangent beside every value that depends on its own inputs. Keeps nothing. */
export class Forward implements Interpreter {
  readonly outer: Interpreter;
  readonly chooser: Chooser;
  passed = 0;

  constructor(outer: Interpreter, chooser: Chooser) {
    this.outer = outer;
    this.chooser = chooser;
  }

  /** A value with its tangent; a tangent that is a structural zero needs none. */
  follow(primal: Tensor, tangent: Maybe): Tensor {
    return tangent === null ? primal : new Traced(this, primal, tangent);
  }

  tangentOf(x: Tensor): Maybe {
    return x instanceof Traced && x.owner === this ? (x.content as Tensor) : null;
  }

  primalOf(x: Tensor): Tensor {
    return x instanceof Traced && x.owner === this ? x.primal : x;
  }

  process(instruction: Instruction): Tensor {
    const position = this.passed++;
    const tangents = instruction.inputs.map((x) => this.tangentOf(x));
    const bare = { ...instruction, inputs: mapInputs(instruction.inputs, (x) => this.primalOf(x)) };
    if (bare.primitive.kink) this.chooser.meet(bare);
    const output = this.outer.process(bare);
    if (!isReal(output.dtype) || tangents.every((dx) => dx === null)) return output;
    const isActive = (input: number): boolean => tangents[input] !== null;
    return within(this.outer, () =>
      atSite(bare.site, () => {
        const maps = linearizeInstruction(bare, output, isActive, this.chooser, position, [tangents]);
        return this.follow(output, joint(maps).jvp(tangents)[0] ?? null);
      }),
    );
  }

  call(call: Call): readonly Tensor[] {
    const chooser = this.chooser.fork(this.passed++);
    const tangents = call.inputs.map((x) => this.tangentOf(x));
    const bare = { ...call, inputs: call.inputs.map((x) => this.primalOf(x)) };
    const outputs = this.outer.call(bare);
    if (tangents.every((dx) => dx === null)) return outputs;
    return within(this.outer, () => {
      const map = call.operation.linearize(bare, outputs, chooser, (input) => tangents[input] !== null);
      const pushed = map.jvp(tangents);
      return outputs.map((y, i) => this.follow(y, isReal(y.dtype) ? (pushed[i] ?? null) : null));
    });
  }

  isTrue(condition: Tensor): boolean {
    return this.outer.isTrue(this.primalOf(condition));
  }
}
