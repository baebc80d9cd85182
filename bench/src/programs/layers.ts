/** The layers that the built-in networks are made of. */
import { add, atSite, conv2d, matmul, reshape, split, type Tensor } from "@nonsmooth/ad-core";
import type { RealDType } from "@nonsmooth/nets";
import { uniformBetween } from "./draws.ts";

/** What a layer learns. */
export interface Layer {
  readonly weight: Tensor;
  readonly bias: Tensor;
}

/** A layer as PyTorch draws it: weight and bias uniform within 1 / √fanIn of 0. */
function drawn(from: Tensor, weight: readonly number[], outputs: number, fanIn: number, dtype: RealDType): Layer {
  const [forWeight, forBias] = split(from);
  const range = [-1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn)] as const;
  return {
    weight: uniformBetween(forWeight, weight, range, dtype),
    bias: uniformBetween(forBias, [outputs], range, dtype),
  };
}

/** A linear layer, weight `[inputs, outputs]`. */
export const linearLayer = (from: Tensor, inputs: number, outputs: number, dtype: RealDType): Layer =>
  drawn(from, [inputs, outputs], outputs, inputs, dtype);

/** A convolution with a square window, weight `[outputs, inputs, window, window]`. */
export const convolutionLayer = (
  from: Tensor,
  [inputs, outputs, window]: readonly [number, number, number],
  dtype: RealDType,
): Layer => drawn(from, [outputs, inputs, window, window], outputs, inputs * window * window, dtype);

/** `x W + b` for `[batch, inputs]`. */
export const linear = (site: string, x: Tensor, { weight, bias }: Layer): Tensor =>
  atSite(site, () => add(matmul(x, weight), bias));

/** Convolution without padding, and its bias, for `[batch, inputs, height, width]`. */
export const convolution = (site: string, x: Tensor, { weight, bias }: Layer): Tensor =>
  atSite(site, () => add(conv2d(x, weight), reshape(bias, [1, bias.shape[0] as number, 1, 1])));
