// What builders of machines need: the tables behind the elementary functions, and the parts of programs, tensors and
// selections that no user meets.
export { arithmeticOf } from "./arithmetic/formats.ts";
export { doubles } from "./arithmetic/numbers.ts";
export { circularTable } from "./arithmetic/real/circularTable.generated.ts";
export { erfTable } from "./arithmetic/real/erfTable.generated.ts";
export { expTable } from "./arithmetic/real/expTable.generated.ts";
export { logTable } from "./arithmetic/real/logTable.generated.ts";
export { twoOverPiTable } from "./arithmetic/real/twoOverPiTable.generated.ts";
export { pack, roundTo } from "./dtypes/dtype.ts";
export { CarriedState } from "./programs/carry.ts";
export { guardError, lengthOf, type Step, stepAt, typeAt } from "./programs/program.ts";
export { drawAt, pickedRank, shareOf } from "./selections/selection.ts";
export { DenseTensor } from "./tensors/tensor.ts";
export { type Flat, flattenTree } from "./tensors/tree.ts";
