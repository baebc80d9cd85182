// Taking windows out of images, and adding windows back into images: each is the transpose of the other.
import { apply } from "../door/interpreter.ts";
import { type Primitive, realDType } from "../door/primitive.ts";
import { moveCells, scatterCells } from "../kernels/scatter.ts";
import { type Windows, windowSources, windowsShape } from "../kernels/windows.ts";
import { type Shape, sizeOf } from "../tensors/shape.ts";
import type { Tensor } from "../tensors/tensor.ts";

export interface UnfoldParams extends Windows {
  /** What a window sees in the padding. */
  readonly fill: number;
}

export const unfoldPrimitive: Primitive<UnfoldParams> = {
  name: "unfold",
  dtype: (inputs) => realDType("unfold", inputs),
  shape: ([x], params) => windowsShape(x.shape, params),
  forward: (k, [x], params) => moveCells(k, x, windowSources(x.shape, params), params.fill),
  linearize: ({ inputs: [x], params }) => [
    () => ({ jvp: (dx) => unfold(dx, params, 0), vjp: (gy) => fold(gy, params, x.shape) }),
  ],
  cost: () => ({}),
};

export interface FoldParams extends Windows {
  readonly image: Shape;
}

export const foldPrimitive: Primitive<FoldParams> = {
  name: "fold",
  dtype: (inputs) => realDType("fold", inputs),
  shape: (_inputs, { image }) => image,
  forward: (k, [x], params) => scatterCells(k, x, windowSources(params.image, params), sizeOf(params.image)),
  linearize: ({ params }) => [
    () => ({ jvp: (dx) => fold(dx, params, params.image), vjp: (gy) => unfold(gy, params, 0) }),
  ],
  cost(_inputs, params) {
    const seen = windowSources(params.image, params).filter((source) => source >= 0);
    return { add: seen.length - new Set(seen).size };
  },
};

/** `[batch, channels, outHeight, outWidth, cells of a window]` */
export const unfold = (x: Tensor, { window, stride, padding }: Windows, fill: number): Tensor =>
  apply(unfoldPrimitive, [x], { window, stride, padding, fill });

/** The image in which each pixel is the sum of the window cells that see it. */
export const fold = (x: Tensor, { window, stride, padding }: Windows, image: Shape): Tensor =>
  apply(foldPrimitive, [x], { window, stride, padding, image });
