/** Counts the scalar operations of a run while it computes: also where a recording has no numbers to go by. */
import {
  atSite,
  type Histogram,
  type Inputs,
  type Instruction,
  type Tensor,
  type TensorType,
  unitPrices,
} from "@nonsmooth/ad-core";
import { type Call, type Interpreter, interpreter, within } from "@nonsmooth/ad-core/transforms";
import { priceOf } from "./prices.ts";

/** Passes everything on, and adds up what the instructions cost that are computed. */
class Meter implements Interpreter {
  readonly outer: Interpreter = interpreter();
  total = 0;

  process(instruction: Instruction): Tensor {
    const { primitive, inputs, params } = instruction;
    const histogram: Histogram = primitive.cost(inputs as Inputs<TensorType>, params);
    this.total += priceOf(histogram, unitPrices);
    return this.outer.process(instruction);
  }

  call({ operation, inputs, site }: Call): readonly Tensor[] {
    return within(this, () => atSite(site, () => operation.run(inputs)));
  }

  isTrue(condition: Tensor): boolean {
    return this.outer.isTrue(condition);
  }
}

/** What `body` returns, and how many scalar operations it made. Operations that only move numbers count nothing. */
export function metered<T>(body: () => T): { readonly value: T; readonly operations: number } {
  const meter = new Meter();
  const value = within(meter, body);
  return { value, operations: meter.total };
}
