// The public face of @nonsmooth/nets.

export { fromPaths, toPaths } from "./checkpoints/paths.ts";
export { type NamedTensors, readSafetensors, writeSafetensors } from "./checkpoints/safetensors.ts";
export { type Augmentation, type Placement, placements, standardAugmentation } from "./data/augmentation.ts";
export { type ImageBatchOptions, imageBatches, type TensorForm, toTensors } from "./data/batches.ts";
export type { Batches, BatchForm } from "./data/batching.ts";
export { type Cifar100Options, cifar10Classes, imagesFromCifar10, imagesFromCifar100 } from "./data/cifar.ts";
export { type DigitsOptions, digitImages, digits } from "./data/digits.ts";
export type { Pass } from "./data/draws.ts";
export { type IdxArray, type IdxData, parseIdx } from "./data/idx.ts";
export {
  type ImageSet,
  type ImageShape,
  joinImages,
  type SplitImages,
  splitImages,
  takeImages,
} from "./data/imageSet.ts";
export type { LabelledImages, RealDType } from "./data/labelledImages.ts";
export { type MatArray, parseMat } from "./data/mat.ts";
export type { Inflate } from "./data/matElements.ts";
export { imagesFromIdx, type MnistOptions, mnistFromIdx } from "./data/mnist.ts";
export { measureNormalization, type Normalization, type NormalizedSet, normalizations } from "./data/normalization.ts";
export { shuffledOrder } from "./data/order.ts";
export { imagesFromSvhn } from "./data/svhn.ts";
export {
  decodeText,
  encodeText,
  type SplitText,
  splitText,
  type TokenText,
  textFromBytes,
  type Vocabulary,
} from "./data/text.ts";
export {
  type RandomWindowOptions,
  randomWindows,
  type TextBatch,
  type TextBatchOptions,
  textBatches,
} from "./data/textBatches.ts";
export type { Applied, Context, Initialized, Layer, Plan, Variables } from "./layers/layer.ts";
export { type Summary, type SummaryRow, summary } from "./layers/summary.ts";
export {
  accuracy,
  hinge,
  meanAbsoluteError,
  meanSquaredError,
  perplexity,
  type SmoothingOptions,
  softCrossEntropy,
} from "./losses/losses.ts";
export { type DenseNetOptions, denseNet121 } from "./models/denseNet.ts";
export { type GptOptions, gpt } from "./models/gpt.ts";
export { type ImageModelOptions, volumeWeights, type WeightRules } from "./models/imageOptions.ts";
export { leNet5 } from "./models/leNet5.ts";
export { type MlpOptions, mlp } from "./models/mlp.ts";
export type { Model } from "./models/model.ts";
export { type ResNetOptions, resNet18, resNet34, resNet50 } from "./models/resNet.ts";
export { type VggOptions, vgg9, vgg11, vgg13, vgg16, vgg19 } from "./models/vgg.ts";
export { type AdamOptions, adam, adamW } from "./optimizers/adam.ts";
export { type ChainState, chain } from "./optimizers/chain.ts";
export { clipByGlobalNorm, clipByValue } from "./optimizers/clip.ts";
export { addDecayedWeights, type DecayOptions } from "./optimizers/decay.ts";
export { type DinAdamOptions, dinAdam } from "./optimizers/dinAdam.ts";
export { type GroupsState, groups } from "./optimizers/groups.ts";
export { type InertiaOptions, type InertiaState, inertia } from "./optimizers/inertia.ts";
export { type InnaOptions, type InnapropOptions, inna, innaprop } from "./optimizers/inna.ts";
export { type NadamOptions, nadam } from "./optimizers/nadam.ts";
export { applyUpdates, type Mask, type NoState, type Optimizer, type Updated } from "./optimizers/optimizer.ts";
export { type RmspropOptions, rmsprop } from "./optimizers/rmsprop.ts";
export { type CountState, scale, scaleByRate, scaleBySchedule } from "./optimizers/scale.ts";
export { type MomentsOptions, type MomentsState, scaleByAdam } from "./optimizers/scaleByAdam.ts";
export {
  type DeviationState,
  type RmsState,
  type ScaleByDeviationOptions,
  type ScaleByRmsOptions,
  scaleByDeviation,
  scaleByRms,
} from "./optimizers/scaleByRms.ts";
export {
  type CosineOptions,
  constant,
  cosine,
  type InversePowerOptions,
  inversePower,
  linearWarmup,
  type Rate,
  type Schedule,
  type StepOptions,
  step,
  type WarmupOptions,
} from "./optimizers/schedules.ts";
export {
  type AddMomentumOptions,
  addMomentum,
  type MomentumOptions,
  type MomentumState,
  momentum,
  type SgdOptions,
  sgd,
} from "./optimizers/sgd.ts";
export type { Divergence } from "./training/divergence.ts";
export { type Culprit, firstNonFinite } from "./training/firstNonFinite.ts";
export type { MixedPrecision, ScalingState } from "./training/mixedPrecision.ts";
export {
  type Batch,
  type Carry,
  type GradientOptions,
  recordGradient,
  recordLoss,
  recordStep,
  type StepSettings,
} from "./training/step.ts";
export { stepKey } from "./training/stepKeys.ts";
export {
  continueTraining,
  type EpochMade,
  type RunOptions,
  type StepMade,
  type Trained,
  type TrainingData,
  type TrainOptions,
  train,
} from "./training/train.ts";
export { createTrainer, type Evaluation, Trainer, type TrainerOptions } from "./training/trainer.ts";
