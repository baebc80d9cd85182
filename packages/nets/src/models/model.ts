// A network with the shape of the inputs that it was made for.
import type { Shape, Tensor } from "@nonsmooth/ad-core";
import type { RealDType } from "../data/labelledImages.ts";
import type { Initialized, Layer } from "../layers/layer.ts";

/** A layer that is a whole network. */
export interface Model extends Layer {
  /** Of one sample, without the axis of the batch. */
  readonly inputShape: Shape;
  /** As {@link Layer}'s, for the model's own input shape when none is given. */
  init(key: Tensor, inputShape?: Shape, dtype?: RealDType): Initialized;
}

/** A model from a layer. */
export const modelOf = (name: string, inputShape: Shape, { plan, init, apply }: Layer): Model => ({
  name,
  inputShape,
  plan: (shape) => ({ ...plan(shape), kind: name }),
  init: (key, shape = inputShape, dtype = "f64") => init(key, shape, dtype),
  apply,
});
