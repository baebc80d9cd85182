// The public face of @nonsmooth/ad-testing.
export { default as fc } from "fast-check";
export { kinkyNumber, type NumberOptions, smoothNumbers } from "./arbitraries/numbers.ts";
export { type ProgramOptions, type RandomProgram, randomProgram } from "./arbitraries/programs.ts";
export {
  anyAtZero,
  anySelect,
  anySelection,
  type KinkSort,
  kinkedRecords,
  type SelectionOptions,
  selectionFor,
} from "./arbitraries/selections.ts";
export {
  anyShape,
  kinkyTensor,
  type ShapeOptions,
  type SmoothOptions,
  smoothTensor,
  smoothTensors,
  type TensorSourceOptions,
} from "./arbitraries/tensors.ts";
export { type CustomDerivativeOptions, checkCustomDerivative } from "./laws/checkCustomDerivative.ts";
export { checkElementary, type OperandSources } from "./laws/checkElementary.ts";
export { checkGradient, type GradientCheckOptions } from "./laws/checkGradient.ts";
export { checkPrimitive, primitiveLaws } from "./laws/checkPrimitive.ts";
export { checkTranspose, type PlaceOptions } from "./laws/checkTranspose.ts";
export { type Agreement, type ConformsOptions, conforms } from "./laws/conforms.ts";
export {
  type ConformsByStepOptions,
  conformsByStep,
  type DoneStep,
  expectByStep,
  type StepAgreement,
} from "./laws/conformsByStep.ts";
export { conformsOverRuns } from "./laws/conformsOverRuns.ts";
export type { Case, Cases, Law, LawOptions } from "./laws/law.ts";
export type { Question } from "./laws/questions.ts";
export { expectClose, expectSameBits } from "./tools/compare.ts";
export type { RunOptions } from "./tools/properties.ts";
export { type RealDType, type Tolerance, tolerances } from "./tools/tolerances.ts";
