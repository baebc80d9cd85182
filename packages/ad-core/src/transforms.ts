// What builders of transforms need: the doorway with those who stand in it, trees taken apart, and the readers of kinks.
export { interpreter, within } from "./door/interpreter.ts";
export { linearizeInstruction, noKink } from "./door/linearize.ts";
export { mapInputs } from "./door/primitive.ts";
export type { Call, Interpreter } from "./door/roles.ts";
export { escaped, Traced } from "./door/traced.ts";
export { isReal } from "./dtypes/dtype.ts";
export { checkSettings, domainError, dtypeError, shapeError } from "./errors/messages.ts";
export { comparisons } from "./kernels/ranks.ts";
export { readSignal } from "./kinks/places.ts";
export type { Signal } from "./kinks/watch.ts";
export { once } from "./primitives/maps.ts";
export type { FlatFunction } from "./transforms/flat.ts";
export {
  filled,
  flattenArguments,
  flattenLike,
  type Lowered,
  lower,
  type TreeFunction,
} from "./transforms/frontend.ts";
export type { LikeAll } from "./transforms/options.ts";
export { chooserFor } from "./transforms/selectionChooser.ts";
export { joint, Tape } from "./transforms/tape.ts";
