// The public face of @nonsmooth/ad-generalized.

export { absNormalForm } from "./absNormal/absNormalForm.ts";
export type { AbsNormalForm, SwitchingVariable } from "./absNormal/form.ts";
export { activeJacobian, evaluateAbsNormal, signatureOf } from "./absNormal/form.ts";
export type { Certificate, Residual } from "./clarke/certificate.ts";
export { type ClarkeCostOptions, clarkeCost } from "./clarke/clarkeCost.ts";
export { type ClarkeElement, type ClarkeOptions, clarkeElement } from "./clarke/clarkeElement.ts";
export type { DirectionOptions } from "./derivatives/asked.ts";
export { directionalDerivative, lexicographicDerivative } from "./derivatives/directional.ts";
export { lDerivative } from "./derivatives/lDerivative.ts";
export {
  gradientSampling,
  type SamplingOptions,
  type SamplingReason,
  type SamplingResult,
  type SamplingStep,
} from "./descent/gradientSampling.ts";
export type { LimitOptions } from "./limits/limits.ts";
export { type Bouligand, bouligand, type Limit } from "./sets/bouligand.ts";
export { type ClarkeSet, clarkeSet } from "./sets/clarkeSet.ts";
export {
  type Conservative,
  type ConservativeOptions,
  type Counterexample,
  isConservative,
} from "./sets/conservative.ts";
export { isClarke, isClarkeStationary, type Membership } from "./sets/membership.ts";
export { type MinimumNorm, minimumNormSubgradient } from "./sets/minimumNorm.ts";
export type { LockedInstruction, LockedPlace } from "./sweep/locked.ts";
