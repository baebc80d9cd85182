// An interpreter that adds up prices: by formula, and by running each kernel on a counter.
import type { Histogram, Inputs, Tensor } from "@nonsmooth/ad-core";
import { addHistograms } from "../src/arithmetic/algebra.ts";
import { type Counted, counter } from "../src/arithmetic/counting.ts";
import { atSite, interpreter, within } from "../src/door/interpreter.ts";
import type { Cells, Instruction } from "../src/door/primitive.ts";
import type { Call, Interpreter } from "../src/door/roles.ts";

/** Kernels that look at values cannot run on a counter; their formulas are pinned by tests of their own. */
const looksAtValues = new Set([
  "tieWeights",
  "tieOrder",
  "oneHot",
  "argmax",
  "argmin",
  "sort",
  "median",
  "gather",
  "scatterAdd",
]);

/** Prices every instruction that passes, then lets it through. */
export class Meter implements Interpreter {
  readonly outer: Interpreter = interpreter();
  /** The sum of the cost formulas. */
  formula: Histogram = {};
  /** The sum of what the kernels ask of a counter. */
  kernels: Histogram = {};

  process(instruction: Instruction): Tensor {
    const formula = formulaOf(instruction);
    this.formula = addHistograms(this.formula, formula);
    this.kernels = addHistograms(
      this.kernels,
      looksAtValues.has(instruction.primitive.name) ? formula : countOf(instruction),
    );
    return this.outer.process(instruction);
  }

  call(call: Call): readonly Tensor[] {
    return within(this, () => atSite(call.site, () => call.operation.run(call.inputs)));
  }

  isTrue(condition: Tensor): boolean {
    return this.outer.isTrue(condition);
  }
}

const formulaOf = ({ primitive, inputs, params }: Instruction): Histogram =>
  primitive.cost(inputs.map(({ shape, dtype }) => ({ shape, dtype })) as unknown as Inputs<Tensor>, params);

function countOf({ primitive, inputs, params }: Instruction): Histogram {
  const { arithmetic, tally } = counter();
  const cells = inputs.map(({ shape, dtype }): Cells<Counted> => {
    const size = shape.reduce((n, length) => n * length, 1);
    return { shape, dtype, data: new Array<Counted>(size).fill("value") };
  });
  primitive.forward(arithmetic, cells as unknown as Inputs<Cells<Counted>>, params);
  return tally();
}

/** What running a function asks of the arithmetic. */
export function metered(body: () => unknown): Meter {
  const meter = new Meter();
  within(meter, body);
  return meter;
}
