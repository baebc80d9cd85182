// What every source of images for classification returns.
import type { DType, Tensor } from "@nonsmooth/ad-core";

/** The formats that carry derivatives. */
export type RealDType = Exclude<DType, "i32" | "bool">;

/** Images and the classes that they belong to. */
export interface LabelledImages {
  /** `[count, channels, height, width]`, reals; in [0, 1] unless they were normalized. */
  readonly images: Tensor;
  /** `[count]`, `i32`, from 0 to `classes - 1`. */
  readonly labels: Tensor;
  readonly classes: number;
}
