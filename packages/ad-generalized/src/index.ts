// The public face of @nonsmooth/ad-generalized.

export type { Certificate, Residual } from "./clarke/certificate.ts";
export { type ClarkeCostOptions, clarkeCost } from "./clarke/clarkeCost.ts";
export { type ClarkeElement, type ClarkeOptions, clarkeElement } from "./clarke/clarkeElement.ts";
export type { DirectionOptions } from "./derivatives/asked.ts";
export { directionalDerivative, lexicographicDerivative } from "./derivatives/directional.ts";
export { lDerivative } from "./derivatives/lDerivative.ts";
export type { LockedInstruction, LockedPlace } from "./sweep/locked.ts";
