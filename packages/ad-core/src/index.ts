// The public face of @nonsmooth/ad-core.
export type { Algebra, Arithmetic, Atom, Histogram, Store } from "./arithmetic/algebra.ts";
export { type Counted, type Counter, counter } from "./arithmetic/counting.ts";
export type { Accumulate } from "./arithmetic/formats.ts";
export { type CostClass, classOf } from "./cost/classes.ts";
export { cost } from "./cost/cost.ts";
export {
  type CostOptions,
  type CostReport,
  type CostRow,
  costReport,
  type EngineReport,
} from "./cost/costReport.ts";
export type { EngineCount } from "./cost/engine.ts";
export type { ModelReport } from "./cost/modelReport.ts";
export { type Prices, unitPrices } from "./cost/prices.ts";
export { scalarCost } from "./cost/scalarCost.ts";
export type { Choice, Chooser, KinkCall } from "./door/chooser.ts";
export { apply, atSite, isTrue } from "./door/interpreter.ts";
export type {
  Branches,
  Cells,
  Inputs,
  Instruction,
  JumpKink,
  Kink,
  Linearization,
  LinearMap,
  Maybe,
  Order,
  Point,
  PointKink,
  Primitive,
  SummedIndex,
  TieKink,
} from "./door/primitive.ts";
export { commonDType, numericDType, realDType } from "./door/primitive.ts";
export type { Data, DType } from "./dtypes/dtype.ts";
export { dtypes } from "./dtypes/dtype.ts";
export type { PairKink, PartialDerivative, Statement } from "./elementary/statement.ts";
export type { AdErrorParts } from "./errors/adError.ts";
export { AdError, type AdErrorCode } from "./errors/adError.ts";
export type { Geometry } from "./kernels/convolve.ts";
export type { Windows } from "./kernels/windows.ts";
export {
  type KinkOptions,
  kinks,
  type WatchedProgram,
  type WatchedResult,
  type WatchOptions,
  watchKinks,
} from "./kinks/kinks.ts";
export type { KinkPlace } from "./kinks/places.ts";
export type { KinkedInstruction, KinkReport } from "./kinks/report.ts";
export { scalarKinks } from "./kinks/scalarKinks.ts";
export { type KinkStatus, statusText } from "./kinks/status.ts";
export type { ConvolutionOptions } from "./primitives/conv2d.ts";
export type { OneHotParams } from "./primitives/conversions.ts";
export type { CumsumOptions, Running } from "./primitives/cumsum.ts";
export { type ElementaryOperation, elementary } from "./primitives/define.ts";
export type { SearchOptions } from "./primitives/extrema.ts";
export type { GatherOptions } from "./primitives/gather.ts";
export * from "./primitives/index.ts";
export type { BatchNormOptions, LayerNormOptions } from "./primitives/normalization.ts";
export type { NormalizeParams } from "./primitives/normalize.ts";
export type { AxisOptions, SiteOptions } from "./primitives/options.ts";
export type { PoolingOptions } from "./primitives/pooling.ts";
export type { Draws } from "./primitives/random.ts";
export { records } from "./primitives/records.ts";
export type { Box, Margins } from "./primitives/slice.ts";
export type { AlongOptions } from "./primitives/softmax.ts";
export type { SortOptions } from "./primitives/sort.ts";
export type { VarianceOptions } from "./primitives/statistics.ts";
export type { TieParams } from "./primitives/ties.ts";
export type { FoldParams, UnfoldParams } from "./primitives/windows.ts";
export type { Json } from "./programs/encode.ts";
export { hashOf } from "./programs/hash.ts";
export { type ProgramJson, programToJson } from "./programs/json.ts";
export { listing } from "./programs/listing.ts";
export {
  type CompileOptions,
  compile,
  type Executable,
  type ExecutableDescription,
  type Machine,
} from "./programs/machine.ts";
export { type ParseOptions, programFromJson } from "./programs/parse.ts";
export type { Code, Guard, Place, Program, ProgramData, Tables } from "./programs/program.ts";
export { shuffled } from "./programs/shuffled.ts";
export { simplify } from "./programs/simplify.ts";
export { trace } from "./programs/trace.ts";
export { type ReferenceMachine, type ReferenceOptions, reference } from "./reference/reference.ts";
export { type Applicable, type ScalarBuilder, type ScalarBuilderOptions, scalarBuilder } from "./scalars/builder.ts";
export type { CellArrays, ScalarStore } from "./scalars/cells.ts";
export { flatten } from "./scalars/flatten.ts";
export { instructionsOf, type ScalarInstruction } from "./scalars/instructions.ts";
export type { Handle, ScalarCode } from "./scalars/opcodes.ts";
export type { ScalarOperation } from "./scalars/operations.ts";
export type { ScalarPoint } from "./scalars/point.ts";
export type { ScalarCall, ScalarData, ScalarGuard, ScalarProgram } from "./scalars/program.ts";
export { scalarize } from "./scalars/scalarize.ts";
export type { SiteRuns } from "./scalars/sites.ts";
export { type Convention, conventions, type NotReproduced } from "./selections/conventions.ts";
export type { PointSelection, Select, Selection, TieSelection } from "./selections/selection.ts";
export { atKink, atZero, blend, first, last, random, uniform, weights } from "./selections/selection.ts";
export type { DTypeOptions } from "./tensors/create.ts";
export { arange, full, ones, zeros } from "./tensors/create.ts";
export type { Shape } from "./tensors/shape.ts";
export type { DenseTensor } from "./tensors/tensor.ts";
export {
  type Nested,
  type Operand,
  type Tensor,
  type TensorOptions,
  type TensorType,
  tensor,
} from "./tensors/tensor.ts";
export type { Form, Like, Tree } from "./tensors/tree.ts";
export { hessian, hessianVector, jacobianForward, jacobianReverse } from "./transforms/jacobian.ts";
export { type CustomRules, checkpoint, customDerivative } from "./transforms/operations.ts";
export type { Accept, GradientOf, GradientOptions, LikeAll, TransformOptions } from "./transforms/options.ts";
export { jvp, linearize } from "./transforms/pushforward.ts";
export { grad, valueAndGrad, vjp } from "./transforms/reverse.ts";
