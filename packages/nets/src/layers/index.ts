// The layers, under a path of their own: their names are those of operations of @nonsmooth/ad-core.
export { elu, gelu, leakyRelu, relu, relu6, sigmoid, silu, softplus, tanh } from "./activations.ts";
export { assignedRelu, assignedRelu6, type BoundChoices } from "./assignedRelu.ts";
export { type AttentionOptions, attention } from "./attention.ts";
export { type BatchNormOptions, batchNorm1d, batchNorm2d } from "./batchNorm.ts";
export {
  type ActivationChoice,
  maxPoolChoice,
  normPoolChoice,
  type PoolChoice,
  type ReluRule,
  relu6Choice,
  reluChoice,
} from "./choices.ts";
export { type Conv2dOptions, conv2d } from "./conv2d.ts";
export { dropout } from "./dropout.ts";
export { type EmbeddingOptions, embedding, type PositionsOptions, positions } from "./embedding.ts";
export { flatten, identity } from "./flatten.ts";
export {
  constant,
  type Fans,
  type Initializer,
  type KaimingOptions,
  kaimingNormal,
  kaimingUniform,
  normal,
  uniformByFanIn,
  type Variable,
} from "./initializers.ts";
export {
  type Applied,
  type Context,
  type Initialized,
  type Layer,
  layerOf,
  type Plan,
  type Planned,
  type Variables,
} from "./layer.ts";
export { type LayerNormOptions, layerNorm } from "./layerNorm.ts";
export { linear, type WeightOptions } from "./linear.ts";
export { type BetaPoolOptions, betaPool2d, minimalPool2d, type TiledOptions } from "./minimalPool.ts";
export type { Layers } from "./parts.ts";
export { avgPool2d, globalAveragePool, maxPool2d, normPool2d, type WindowOptions } from "./pooling.ts";
export { concatenation, residual } from "./residual.ts";
export { sequential } from "./sequential.ts";
export type { Pair } from "./windows.ts";
