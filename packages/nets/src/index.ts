// The public face of @nonsmooth/nets.
export { type DigitsOptions, digits } from "./data/digits.ts";
export { type IdxArray, parseIdx } from "./data/idx.ts";
export type { LabelledImages, RealDType } from "./data/labelledImages.ts";
export { type MnistOptions, mnistFromIdx } from "./data/mnist.ts";
