// Values inside a transform.
import type { Data, DType } from "../dtypes/dtype.ts";
import { AdError } from "../errors/adError.ts";
import type { Shape } from "../tensors/shape.ts";
import { type Brand, brand, type Tensor } from "../tensors/tensor.ts";
import type { Interpreter } from "./roles.ts";

/** A value inside a transform. It knows its owner; only the owner looks inside. */
export class Traced<Content> implements Tensor {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly owner: Interpreter;
  readonly primal: Tensor;
  readonly content: Content;

  constructor(owner: Interpreter, primal: Tensor, content: Content) {
    this.shape = primal.shape;
    this.dtype = primal.dtype;
    this.owner = owner;
    this.primal = primal;
    this.content = content;
  }

  get brand(): Brand {
    return brand;
  }

  get data(): Data {
    throw escaped("data", "the numbers of a traced tensor were read", "branch with isTrue, or return the tensor");
  }
}

/** A traced tensor where numbers are needed. */
export function escaped(where: string, problem: string, remedy: string): AdError {
  return new AdError({
    code: "escaped",
    where,
    problem,
    expected: "a tensor with numbers",
    got: "a traced tensor",
    remedy,
  });
}
