// An interpreter that only knows which values depend on the inputs: a derivative that does belongs to no linear map.
import type { Chooser, Instruction, Tensor } from "@nonsmooth/ad-core";
import { type Call, type Interpreter, isReal, mapInputs, Traced, within } from "@nonsmooth/ad-core/transforms";

/** Marks values that move with the inputs through operations that have a derivative. */
export class Dependence implements Interpreter {
  readonly outer: Interpreter;
  readonly chooser: Chooser;

  constructor(outer: Interpreter, chooser: Chooser) {
    this.outer = outer;
    this.chooser = chooser;
  }

  follow(primal: Tensor): Tensor {
    return new Traced<null>(this, primal, null);
  }

  isOwn(x: Tensor): x is Traced<null> {
    return x instanceof Traced && x.owner === this;
  }

  primalOf(x: Tensor): Tensor {
    return this.isOwn(x) ? x.primal : x;
  }

  process(instruction: Instruction): Tensor {
    const bare = { ...instruction, inputs: mapInputs(instruction.inputs, (x) => this.primalOf(x)) };
    const output = this.outer.process(bare);
    const moves = instruction.inputs.map((x) => this.isOwn(x));
    if (!isReal(output.dtype) || !moves.includes(true)) return output;
    const { primitive, inputs, params } = bare;
    const choice = this.chooser.choose({ instruction: bare, position: 0, tangents: [] });
    const makers = primitive.linearize({ inputs, output, params, ...choice });
    return makers.some((make, i) => make !== null && moves[i]) ? this.follow(output) : output;
  }

  call({ operation, inputs }: Call): readonly Tensor[] {
    return within(this, () => operation.run(inputs));
  }

  isTrue(condition: Tensor): boolean {
    return this.outer.isTrue(this.primalOf(condition));
  }
}
