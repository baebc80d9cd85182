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
export { scheduleOf } from "./kernels/threefry.ts";
export { type Formula, formulaOf } from "./lowering/formulas.ts";
export { Graph, type Node } from "./lowering/nodes.ts";
export { type PlacedStep, Values, withoutKernel } from "./lowering/values.ts";
export { checkSeed } from "./primitives/random.ts";
export { CarriedState } from "./programs/carry.ts";
export { guardError, lengthOf, type Step, stepAt, typeAt } from "./programs/program.ts";
export { shuffleSums } from "./programs/shuffled.ts";
export { checkNumbers } from "./scalars/checks.ts";
export { checkGuards, otherValue, runCall } from "./scalars/evaluate.ts";
export { operationAt, plainOperation } from "./scalars/instructions.ts";
export { plainNames } from "./scalars/names.generated.ts";
export { opAt, opcodes, thirdAt, wordsPerCell } from "./scalars/opcodes.ts";
export { outermost } from "./scalars/partials.ts";
export { reverseRun, ScalarPoint } from "./scalars/point.ts";
export type { Pullback } from "./scalars/reverse.ts";
export { drawAt, pickedRank, shareOf } from "./selections/selection.ts";
export { DenseTensor } from "./tensors/tensor.ts";
export { type Flat, flattenTree } from "./tensors/tree.ts";
