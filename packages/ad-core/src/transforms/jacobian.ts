// Whole matrices of derivatives, column by column or row by row.

import type { Maybe } from "../door/primitive.ts";
import { allocate, isReal } from "../dtypes/dtype.ts";
import { checkSettings } from "../errors/messages.ts";
import { stack } from "../primitives/concatenate.ts";
import { cast } from "../primitives/conversions.ts";
import { reshape } from "../primitives/reshape.ts";
import { zeros } from "../tensors/create.ts";
import { sizeOf } from "../tensors/shape.ts";
import { DenseTensor, type Tensor } from "../tensors/tensor.ts";
import { type Linearized, linearizeFlat } from "./flat.ts";
import { filled, flattenArguments, lower, type Targets, type TreeFunction, targetsOf } from "./frontend.ts";
import type { GradientOptions } from "./options.ts";
import { jvp } from "./pushforward.ts";
import { gradientOf } from "./reverse.ts";
import { chooserFor } from "./selectionChooser.ts";

/** The tensors with a single 1, for each element of a tensor like this one. */
const unitsLike = ({ shape, dtype }: Tensor): Tensor[] =>
  Array.from({ length: sizeOf(shape) }, (_, i) => {
    const data = allocate(dtype, sizeOf(shape));
    data[i] = 1;
    return new DenseTensor(shape, dtype, data);
  });

const at = (index: number, value: Tensor, size: number): Maybe[] =>
  Array.from({ length: size }, (_, i) => (i === index ? value : null));

/** Puts one tensor per element together, along the first axes or the last ones, in the dtype of the output. */
function assemble(parts: readonly Tensor[], axis: 0 | -1, y: Tensor, x: Tensor): Tensor {
  const shape = [...y.shape, ...x.shape];
  const dtype = isReal(y.dtype) ? y.dtype : x.dtype;
  return parts.length === 0 ? zeros(shape, { dtype }) : cast(reshape(stack(parts, axis), shape), dtype);
}

/** The blocks `[...output, ...input]` of one output, for each input leaf. */
type Blocks = (
  linearized: Linearized,
  inputs: readonly Tensor[],
  targets: Targets,
) => (output: number, input: number) => Tensor;

const columns: Blocks = (linearized, inputs, targets) => {
  const pushed = inputs.map((x, i) =>
    targets.isActive(i) ? unitsLike(x).map((unit) => linearized.jvp(at(i, unit, inputs.length))) : [],
  );
  return (output, input) => {
    const [y, x] = [linearized.outputs[output] as Tensor, inputs[input] as Tensor];
    const parts = isReal(y.dtype) ? (pushed[input] ?? []).map((tangents) => filled(tangents[output], y)) : [];
    return assemble(parts, -1, y, x);
  };
};

const rows: Blocks = (linearized, inputs) => {
  const { outputs } = linearized;
  const pulled = outputs.map((y, o) =>
    isReal(y.dtype) ? unitsLike(y).map((unit) => linearized.vjp(at(o, unit, outputs.length))) : [],
  );
  return (output, input) => {
    const [y, x] = [outputs[output] as Tensor, inputs[input] as Tensor];
    const parts = (pulled[output] ?? []).map((cotangents) => filled(cotangents[input], x));
    return assemble(parts, 0, y, x);
  };
};

function jacobian(
  where: string,
  blocks: Blocks,
  f: TreeFunction,
  args: readonly unknown[],
  options: GradientOptions,
): unknown {
  checkSettings(where, options, ["select", "wrt"]);
  const flat = flattenArguments(where, args);
  const targets = targetsOf(where, flat, args, options);
  const chooser = chooserFor(where, options.select);
  const lowered = lower(where, f, flat.form);
  const linearized = linearizeFlat(lowered.run, flat.leaves, chooser, targets.isActive);
  const block = blocks(linearized, flat.leaves, targets);
  chooser.checkAllMet("derivative");
  const byOutput = linearized.outputs.map((_, o) =>
    targets.build(flat.leaves.map((_leaf, i) => (targets.isActive(i) ? block(o, i) : null))),
  );
  return lowered.form().build(byOutput);
}

/**
 * Jacobian by forward mode, one tangent for each input element. For many outputs and few inputs.
 *
 * Cost: one run with residuals, and one tangent for each input element.
 *
 * @param f - a function of trees of tensors, which may return any tree; it is run once
 * @param args - the arguments, in a list
 * @param options - `select`, and `wrt`: the argument or arguments to differentiate with respect to (the first)
 * @returns for each output tensor and input tensor a block `[...output shape, ...input shape]`, as a tree of outputs
 *   whose leaves have the form of the argument
 * @throws AdError "shape" when a block has more than six axes; "selection" for a choice that fits no kink
 * @example
 * jacobianForward((x) => mul(x, x), [tensor([1, 2])]) // [[2, 0], [0, 4]]
 */
export const jacobianForward = <Args extends readonly unknown[], Block = Tensor>(
  f: (...args: Args) => unknown,
  args: readonly [...Args],
  options: GradientOptions = {},
): Block => jacobian("jacobianForward", columns, f as TreeFunction, args, options) as Block;

/**
 * Jacobian by reverse mode, one pullback for each output element. For many inputs and few outputs.
 *
 * Cost: one run with residuals, and one pullback for each output element.
 *
 * @param f - a function of trees of tensors, which may return any tree; it is run once
 * @param args - the arguments, in a list
 * @param options - `select`, and `wrt`: the argument or arguments to differentiate with respect to (the first)
 * @returns for each output tensor and input tensor a block `[...output shape, ...input shape]`, as a tree of outputs
 *   whose leaves have the form of the argument
 * @throws AdError "shape" when a block has more than six axes; "selection" for a choice that fits no kink
 * @example
 * jacobianReverse((x) => mul(x, x), [tensor([1, 2])]) // [[2, 0], [0, 4]]
 */
export const jacobianReverse = <Args extends readonly unknown[], Block = Tensor>(
  f: (...args: Args) => unknown,
  args: readonly [...Args],
  options: GradientOptions = {},
): Block => jacobian("jacobianReverse", rows, f as TreeFunction, args, options) as Block;

/**
 * Second derivatives of a scalar function: forward mode over reverse mode.
 *
 * Weights at kinks are locally constant, so a kink adds nothing to the second derivative, whatever is selected.
 * Cost: one gradient with residuals, and one tangent of it for each input element.
 *
 * @param f - returns one scalar of a real dtype
 * @param args - the arguments, in a list
 * @param options - `select`, and `wrt`: one argument (the first)
 * @returns for each pair of tensors of the argument a block `[...shape, ...shape]`, as a tree of trees
 * @throws AdError as {@link grad}
 * @example
 * hessian((x) => prod(x), [tensor([2, 3])]) // [[0, 1], [1, 0]]
 */
export const hessian = <Args extends readonly unknown[], Block = Tensor>(
  f: (...args: Args) => Tensor,
  args: readonly [...Args],
  options: GradientOptions = {},
): Block => {
  const gradient = gradientOf("hessian", f as TreeFunction, options) as TreeFunction;
  return jacobian("hessian", columns, gradient, args, options) as Block;
};

/**
 * Product of the second derivative of a scalar function with a direction: forward mode over reverse mode.
 *
 * Cost: a bounded multiple of the cost of `f`, whatever the number of inputs.
 *
 * @param f - returns one scalar of a real dtype
 * @param args - the arguments, in a list
 * @param vectors - a list of trees like the arguments: the direction
 * @param options - `select`, and `wrt`: the argument or arguments whose gradient is differentiated (the first)
 * @returns the derivative of the gradient in that direction, in the form of the gradient
 * @throws AdError as {@link grad}
 * @example
 * hessianVector((x) => prod(x), [tensor([2, 3])], [tensor([1, 0])]) // [0, 1]
 */
export function hessianVector<Args extends readonly unknown[], Gradient = Tensor>(
  f: (...args: Args) => Tensor,
  args: readonly [...Args],
  vectors: readonly unknown[],
  options: GradientOptions = {},
): Gradient {
  const gradient = gradientOf("hessianVector", f as TreeFunction, options);
  const select = options.select ? { select: options.select } : {};
  return jvp(gradient, args as unknown as unknown[], vectors as never, select)[1] as Gradient;
}
